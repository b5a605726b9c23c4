"""/treasury/months: what is closed, what can be, what to look at before, and a page to print after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.domain.people import Role
from campaigns.domain.pledge import Method
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.storage import audit_log, closings
from tests.gifts import zloty
from tests.web.page_rules import text_of
from tests.web.staff import Office
from tests.web.staff import office as office
from tests.web.treasury import faults

CLOSE = "/treasury/months/2026-09/close"


def gift(office: Office, when: datetime, amount: str = "50") -> None:
    book_offline_gift(office.site.keys.database, "fund", zloty(amount), Method.CASH, "pl", when)


@pytest.fixture
def autumn(office: Office) -> Office:
    """Gifts in September, October and November, where the clock stands; the treasurer reads English."""
    office.person(Role.TREASURER, "en")
    for month in (9, 10, 11):
        gift(office, datetime(2026, month, 20, 12, 0, tzinfo=UTC), str(month))
    return office


def rows(office: Office) -> list[str]:
    page = office.treasurer.get("/treasury/months")
    return [text_of(row) for row in page.every("tr")][1:]


def test_the_earliest_month_that_is_over_can_be_closed_and_no_other(autumn: Office) -> None:
    assert rows(autumn) == [
        "November 2026 1 11 zł open",
        "October 2026 1 10 zł open",
        "September 2026 1 9 zł open Close September 2026",
    ]


def test_a_month_is_looked_over_closed_and_shown_to_be_printed(autumn: Office) -> None:
    page = autumn.treasurer.get(CLOSE)
    assert "the seals of all closed months hold" in page.text
    assert autumn.treasurer.done(CLOSE, {}) == "/treasury/months/2026-09?done=closed"
    with autumn.site.keys.database.reading() as connection:
        closed = closings.one(connection, "2026-09")
    assert closed is not None
    seal = autumn.treasurer.get("/treasury/months/2026-09")
    assert closed.head in seal.text.replace(" ", "")
    assert closed.key_id in seal.text
    assert rows(autumn)[2].startswith("September 2026 1 9 zł closed 22 November 2026, 16:30, Treasurer")
    assert rows(autumn)[1].endswith("Close October 2026")
    assert faults(autumn) == []


def test_what_waits_is_shown_as_a_warning_and_does_not_hinder(autumn: Office) -> None:
    with autumn.site.keys.database.transaction() as connection:
        connection.execute(text(
            "INSERT INTO alerts (kind, gateway, object_id, created_at) "
            "VALUES ('dispute', 'sandbox', 'd', '2026-11-01 00:00:00')"))  # fmt: skip
    assert "1 alert is not dealt with" in autumn.treasurer.get(CLOSE).text
    autumn.treasurer.done(CLOSE, {})


def test_books_with_a_fault_are_closed_only_by_somebody_who_says_so(autumn: Office) -> None:
    with autumn.site.keys.database.transaction() as connection:
        connection.execute(text("UPDATE campaign_totals SET raised_minor = raised_minor + 1"))
    assert "fund: the booked total is" in autumn.treasurer.get(CLOSE).text
    autumn.treasurer.post(CLOSE, {}, 422)
    autumn.treasurer.done(CLOSE, {"anyway": "1"})
    with autumn.site.keys.database.reading() as connection:
        (record,) = audit_log.of_action(connection, "month_closed")
    assert record.detail.endswith("with 1 faults")


def test_a_month_is_closed_once_and_in_its_turn(autumn: Office) -> None:
    client = autumn.treasurer
    client.post("/treasury/months/2026-10/close", {}, 409)
    client.post("/treasury/months/2026-11/close", {}, 409)
    client.done(CLOSE, {})
    client.post(CLOSE, {}, 409)
    client.get(CLOSE, 409)


@pytest.mark.parametrize("month", ["2026-13", "2026-9", "2026-08", "x", "2026-10-01"])
def test_what_is_no_month_of_the_books_is_not_found(autumn: Office, month: str) -> None:
    autumn.treasurer.get(f"/treasury/months/{month}", 404)
    autumn.treasurer.get(f"/treasury/months/{month}/close", 404)
    autumn.treasurer.post(f"/treasury/months/{month}/close", {}, 404)


def test_an_open_month_has_no_seal(autumn: Office) -> None:
    autumn.treasurer.get("/treasury/months/2026-10", 404)


def test_closing_wants_a_fresh_sign_in(autumn: Office) -> None:
    client = autumn.treasurer
    autumn.site.clock.turn(timedelta(minutes=11))
    assert "/sign-in/again" in client.raw("GET", CLOSE).headers["Location"]
    client.post(CLOSE, {}, 401)
    client.get("/treasury/months")
    with autumn.site.keys.database.reading() as connection:
        assert closings.all_closings(connection) == []


def test_an_auditor_sees_months_and_seals_and_closes_none(autumn: Office) -> None:
    autumn.treasurer.done(CLOSE, {})
    client = autumn.auditor
    page = client.get("/treasury/months")
    assert not [link for link in page.every("a") if link.get("href", "").endswith("/close")]
    client.get("/treasury/months/2026-09")
    client.get("/treasury/months/2026-10/close", 403)
    client.post("/treasury/months/2026-10/close", {}, 403)


@pytest.mark.parametrize("role", [Role.EDITOR])
def test_an_editor_sees_none_of_it(autumn: Office, role: Role) -> None:
    autumn.signed_in(role).get("/treasury/months", 403)


def test_all_pages_are_there_in_polish_too(office: Office) -> None:
    gift(office, datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    client = office.treasurer
    client.get("/treasury/months")
    client.get(CLOSE)
    client.done(CLOSE, {})
    assert "wrzesień 2026" in client.get("/treasury/months/2026-09").text.replace("\N{NO-BREAK SPACE}", " ")


def test_books_without_an_entry_have_no_months(office: Office) -> None:
    assert list(office.treasurer.get("/treasury/months").every("tr")) == []
