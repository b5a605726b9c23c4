"""What is done without being asked: expiry, snapshots, fees, letters, purges. Several nodes may do it at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from campaigns.services import mailroom
from campaigns.services.erasure import purge
from campaigns.services.faults import way_to
from campaigns.services.fees import book_fees
from campaigns.services.keys import Keys
from campaigns.services.rolling_up import roll_up
from campaigns.services.sessions import forget_old
from campaigns.storage import figures, limits, pledges, site, spent, staff_links
from campaigns.storage.database import lock

log = logging.getLogger(__name__)

Job = Callable[[Keys, datetime], int]

_NOTED_EVERY = timedelta(minutes=1)


def run_jobs(keys: Keys, now: datetime, more: dict[str, Job] | None = None) -> dict[str, int]:
    """Run every job once and say how much each did; one that fails is logged and does not stop the others."""
    done = {}
    for name, job in {**JOBS, **(more or {})}.items():
        try:
            done[name] = job(keys, now)
        except Exception as error:  # noqa: BLE001 - one job that fails does not stop the others
            log.error("job %s failed: %s", name, way_to(error))
            done[name] = -1
    return done


def _expire(keys: Keys, now: datetime) -> int:
    with keys.database.transaction() as connection:
        return pledges.expire_overdue(connection, now)


def _snapshots(keys: Keys, now: datetime) -> int:
    with keys.database.transaction() as connection:
        return figures.renew_guarded(connection, now)


def _letters(keys: Keys, now: datetime) -> int:
    report = mailroom.deliver(keys.database, keys.vault, mailroom.Office.of(keys.settings), now)
    if report.trouble and report.waiting and keys.settings.mail_url:
        log.warning("letters: %s", report.trouble)
    return report.sent


def _purge(keys: Keys, now: datetime) -> int:
    return purge(keys.database, now).donors


def _tries(keys: Keys, now: datetime) -> int:
    with keys.database.transaction() as connection:
        return limits.forget(connection, now)


def _sign_ins(keys: Keys, now: datetime) -> int:
    """What can let nobody in any more: old sign-ins, used tokens, links that are over."""
    with keys.database.transaction() as connection:
        worthless = spent.forget(connection, now) + staff_links.forget(connection, now)
    return worthless + forget_old(keys.database, now)


def _roll_up(keys: Keys, _now: datetime) -> int:
    return roll_up(keys.database)


def _round(keys: Keys, now: datetime) -> int:
    """So that whoever runs the site can see that the jobs run; written down once in a while, for it changes nothing."""
    with keys.database.asking() as connection:
        before = site.jobs_ran_at(connection)
    if before is not None and now < before + _NOTED_EVERY:
        return 0
    with keys.database.transaction() as connection:
        lock(connection, "jobs noted")
        noted = site.jobs_ran_at(connection)
        if noted != before:  # another node was faster
            return 0
        site.note_jobs(connection, now)
    return 1


JOBS: dict[str, Job] = {
    "pledges expired": _expire,
    "snapshots renewed": _snapshots,
    "fees booked": book_fees,
    "letters sent": _letters,
    "donors erased": _purge,
    "tries forgotten": _tries,
    "sign ins forgotten": _sign_ins,
    "entries rolled up": _roll_up,
    "rounds noted": _round,
}
