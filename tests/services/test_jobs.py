"""What is done without being asked: it may be done twice, and on two nodes at once, without harm."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from campaigns.domain.campaign import Figures
from campaigns.services.checking import check_books
from campaigns.services.fees import ASK_AGAIN
from campaigns.services.jobs import JOBS, run_jobs
from campaigns.services.showing import show_campaign
from campaigns.storage import inbox, payments, pledges, tray
from campaigns.storage.database import Database
from campaigns.storage.models import donors, entries
from tests.gifts import NOW, zloty
from tests.mail import MailServer
from tests.world import ANNA, World, a_site, new_fund, page_of

GUARDED = "guarded-fund"


@pytest.fixture
def posting_world(database_url: str, mail_server: MailServer) -> Iterator[World]:
    """A site that can send letters, with a live and a guarded campaign."""
    with a_site(database_url, MAIL_URL=mail_server.url) as site:
        new_fund(site.database)
        new_fund(site.database, GUARDED, figures=Figures.GUARDED)
        yield site


def much_to_do(world: World) -> None:
    """A pledge to expire, three fees, a snapshot, two letters, two donors to erase and tries to forget."""
    world.give()
    for email in (ANNA, "jan@example.net"):
        world.bank.pay(page_of(world.give("100", email=email, slug=GUARDED)))
    world.gave("50", slug=GUARDED)
    world.tell()
    world.clock.turn(timedelta(hours=2))


def test_jobs_do_all_that_is_due_and_then_nothing(posting_world: World, mail_server: MailServer) -> None:
    much_to_do(posting_world)
    done = run_jobs(posting_world.keys, posting_world.clock())
    assert done == {"pledges expired": 1, "snapshots renewed": 1, "fees booked": 3, "letters sent": 2,
                    "donors erased": 0, "tries forgotten": 0, "sign ins forgotten": 0,
                    "entries rolled up": 6, "rounds noted": 1}  # fmt: skip
    assert set(run_jobs(posting_world.keys, posting_world.clock()).values()) == {0}
    assert sorted(mail_server.recipients) == [ANNA, "jan@example.net"]
    posting_world.clock.turn(timedelta(days=30))
    later = run_jobs(posting_world.keys, posting_world.clock())
    assert (later["donors erased"], later["tries forgotten"]) == (2, 4)


def test_two_nodes_at_once_do_everything_once(posting_world: World, mail_server: MailServer) -> None:
    much_to_do(posting_world)
    now = posting_world.clock()
    with posting_world.another_node() as other, ThreadPoolExecutor(4) as nodes:
        rounds = [nodes.submit(run_jobs, keys, now) for keys in (posting_world.keys, other) * 4]
        done = [round_.result() for round_ in rounds]
    assert {name: sum(each[name] for each in done) for name in JOBS} == {
        "pledges expired": 1, "snapshots renewed": 1, "fees booked": 3, "letters sent": 2,
        "donors erased": 0, "tries forgotten": 0, "sign ins forgotten": 0,
        "entries rolled up": 6, "rounds noted": 1}  # fmt: skip
    assert sorted(mail_server.recipients) == [ANNA, "jan@example.net"]
    assert check_books(posting_world.database).faults == []
    with posting_world.database.reading() as connection:
        assert connection.scalar(select(func.count()).where(entries.c.kind == "fee")) == 3


def test_jobs_and_notices_do_not_hurt_each_other(posting_world: World) -> None:
    pages = [posting_world.opened("10", slug=GUARDED) for _ in range(6)]
    for page in pages:
        posting_world.bank.pay(page)
    bodies = posting_world.hear()
    posting_world.clock.turn(ASK_AGAIN)
    with posting_world.another_node() as other, ThreadPoolExecutor(4) as nodes:
        jobs = [nodes.submit(run_jobs, other, posting_world.clock()) for _ in range(4)]
        notices = [nodes.submit(posting_world.deliver, [body]) for body in bodies]
        assert all(-1 not in job.result().values() for job in jobs)
        assert all(notice.result() for notice in notices)
    assert posting_world.tally(GUARDED).raised == zloty("60")
    assert check_books(posting_world.database).faults == []


def test_a_guarded_snapshot_is_made_by_the_jobs_alone(posting_world: World) -> None:
    run_jobs(posting_world.keys, posting_world.clock())
    much_to_do(posting_world)
    run_jobs(posting_world.keys, posting_world.clock())
    view = show_campaign(posting_world.database, GUARDED, "pl", posting_world.clock())
    assert view is not None
    assert (view.snapshot.raised, view.snapshot.supporters) == (zloty("250"), 3)


def test_a_job_that_fails_does_not_stop_the_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.give()
    world.clock.turn(timedelta(hours=2))
    with world.database.transaction() as connection:
        connection.execute(text("ALTER TABLE salts RENAME TO salts_elsewhere"))
    done = run_jobs(world.keys, world.clock())
    assert (done["tries forgotten"], done["pledges expired"]) == (-1, 1)
    assert "job tries forgotten failed" in caplog.text


def test_another_job_can_be_added(world: World) -> None:
    assert run_jobs(world.keys, world.clock(), {"sandbox notices": lambda _keys, _now: 7})["sandbox notices"] == 7


def test_an_error_in_the_log_quotes_nothing_that_was_to_be_written(world: World) -> None:
    stranger = {"pledge_id": 404, "email": "canary", "purge_after": NOW}
    with pytest.raises(IntegrityError) as raised, world.database.transaction() as connection:
        connection.execute(donors.insert(), stranger)
    assert "canary" not in str(raised.value)


def test_no_job_reads_the_whole_past(sqlite_url: str) -> None:
    """Asked of SQLite's planner: each question finds its rows by an index, however old the books are."""
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []
    now = NOW

    @event.listens_for(database._engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with database.transaction() as connection:
        pledges.expire_overdue(connection, now)
        payments.claim_fees(connection, "stripe", now, now, 50)
        tray.claim(connection, now, now)
        inbox.release(connection, "stripe", ["re_1"])
        questions = [it for it in asked if not it[0].startswith("BEGIN")]
        for statement, parameters in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert [row.detail for row in plan if row.detail.startswith("SCAN")] == [], statement
    database.close()
    assert len(questions) == 4
