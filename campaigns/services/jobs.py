"""What is done without being asked: expiry, snapshots, fees, letters, purges. Several nodes may do it at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from campaigns.services import mailroom
from campaigns.services.erasure import purge
from campaigns.services.faults import way_to
from campaigns.services.fees import book_fees
from campaigns.services.keys import Keys
from campaigns.storage import figures, limits, pledges

log = logging.getLogger(__name__)

Job = Callable[[Keys, datetime], int]


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


JOBS: dict[str, Job] = {
    "pledges expired": _expire,
    "snapshots renewed": _snapshots,
    "fees booked": book_fees,
    "letters sent": _letters,
    "donors erased": _purge,
    "tries forgotten": _tries,
}
