"""A PostgreSQL that is gone, read-only or locked: said plainly, and it heals by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from campaigns.services import demo
from campaigns.services.opening import bring_up_to_date
from tests.hardening.houses import FUND, House, complaint, settings_of, spoken, title
from tests.postgresql import PostgreSQL
from tests.wording import in_language


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """A server of these tests' own, since they kill it."""
    with closing(PostgreSQL()) as started:
        yield started


@pytest.fixture(scope="module")
def house(server: PostgreSQL) -> Iterator[House]:
    """The program on a demo's database there."""
    opened = House(settings_of(server.url(), GIVE_LIMITS="1000/1h"))
    bring_up_to_date(opened.keys.settings, opened.keys.database)
    demo.seed(opened.keys)
    yield opened
    opened.close()


def command(server: PostgreSQL, statement: str) -> None:
    """What its administrator does, for whom it is never read-only."""
    with psycopg.connect(
        host=str(server.folder),
        user="postgres",
        dbname="postgres",
        autocommit=True,
        options="-c default_transaction_read_only=off",
    ) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_server_that_is_gone_is_said_to_be_so_and_comes_back(house: House, server: PostgreSQL, lang: str) -> None:
    raised, notices, form, begun = house.raised, house.notices(), house.offer("50", lang), house.begun
    server.kill()
    page = house.visit(f"/{lang}/{FUND}")
    assert (page.status_code, spoken(page.text)) == (503, lang)
    assert title(page.text) == in_language(lang, "This page cannot be shown right now")
    assert house.visit("/healthz").status_code == 503
    assert house.tell(*notices[0]).status_code == 503
    answer = house.confirm(form, lang)
    assert answer.status_code == 503
    assert in_language(lang, "The payment page could not be opened") in complaint(answer.text)
    server.start()
    assert house.visit("/healthz").status_code == 200
    assert house.visit(f"/{lang}/{FUND}").status_code == 200
    assert {house.tell(*notice).status_code for notice in notices} == {200}
    assert house.confirm(form, lang).status_code == 303
    assert (house.raised, house.begun) == (raised + 5000, begun + 1)


def test_a_server_that_was_started_anew_is_no_trouble_for_who_comes_next(house: House, server: PostgreSQL) -> None:
    form = house.offer()
    assert house.visit("/healthz").status_code == 200
    server.kill()
    server.start()
    assert house.confirm(form).status_code == 303


def test_a_server_that_takes_no_writing_makes_gifts_and_notices_wait(house: House, server: PostgreSQL) -> None:
    raised, notices, form = house.raised, house.notices(), house.offer()
    command(server, "ALTER DATABASE postgres SET default_transaction_read_only = on")
    house.keys.database.close()
    assert house.visit(f"/en/{FUND}").status_code == 200
    assert house.confirm(form).status_code == 503
    assert house.tell(*notices[0]).status_code == 503
    command(server, "ALTER DATABASE postgres RESET ALL")
    house.keys.database.close()
    assert house.confirm(form).status_code == 303
    assert {house.tell(*notice).status_code for notice in notices} == {200}
    assert house.raised == raised + 5000


def test_a_table_that_another_holds_is_not_waited_for_for_ever(house: House, server: PostgreSQL) -> None:
    notices, form = house.notices(), house.offer()
    with psycopg.connect(host=str(server.folder), user="postgres", dbname="postgres") as other:
        other.execute("LOCK TABLE pledges IN ACCESS EXCLUSIVE MODE")
        assert house.confirm(form).status_code == 503
        assert house.tell(*notices[0]).status_code == 503
        other.rollback()
    assert house.confirm(form).status_code == 303
    assert house.tell(*notices[0]).status_code == 200
