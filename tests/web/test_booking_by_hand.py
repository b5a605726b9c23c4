"""Booking by hand: shown in full, booked once, and nothing that was typed is lost on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.campaign import Kind
from campaigns.domain.people import Role
from campaigns.services.closing import close_month
from campaigns.storage import audit_log
from campaigns.storage.models import entries
from tests.gifts import zloty
from tests.web.page_rules import text_of
from tests.web.sites import KRS
from tests.web.staff import Office, StaffClient
from tests.web.staff import office as office
from tests.web.staff import office_on_each as office_on_each
from tests.web.treasury import errors, faults, hidden, lines, value
from tests.world import tally

DAY = "2026-11-20"
GIFT = {"day": DAY, "amount": "50", "debit": "assets:cash", "campaign": "fund", "memo": "skarbonka"}
FORMS = {
    "gift": GIFT,
    "expense": {"day": DAY, "amount": "12,50", "currency": "PLN", "debit": "expenses:travel",
                "credit": "assets:bank", "campaign": "", "memo": "FV 7/2026"},
    "transfer": {"day": DAY, "amount": "1 000", "currency": "PLN", "debit": "assets:bank",
                 "credit": "assets:gateway:sandbox", "memo": ""},
    "opening": {"day": DAY, "amount": "7", "currency": "EUR", "debit": "assets:bank", "memo": ""},
}  # fmt: skip


def shown(client: StaffClient, word: str = "gift", **changes: str) -> dict[str, str]:
    """Fills in a form; returns what the second step's form sends."""
    return hidden(client.post(f"/treasury/book/{word}", {**FORMS[word], **changes}))


def booked(client: StaffClient, word: str = "gift", **changes: str) -> str:
    """Books something in both steps; returns where it leads."""
    return client.done(f"/treasury/book/{word}/confirm", shown(client, word, **changes))


@pytest.mark.parametrize(
    "word, accounts",
    [
        ("gift", [("assets:cash", 5000), ("income:donations", -5000)]),
        ("expense", [("expenses:travel", 1250), ("assets:bank", -1250)]),
        ("transfer", [("assets:bank", 100000), ("assets:gateway:sandbox", -100000)]),
        ("opening", [("assets:bank", 700), ("equity:opening", -700)]),
    ],
)
def test_each_kind_is_booked_as_it_was_shown(
    office_on_each: Office, word: str, accounts: list[tuple[str, int]]
) -> None:
    where = booked(office_on_each.treasurer, word)
    assert where == "/treasury/ledger/1?done=booked"
    assert lines(office_on_each) == [(1, DAY, account, minor) for account, minor in accounts]
    assert faults(office_on_each) == []


def test_the_second_step_shows_the_entry_in_full(office: Office) -> None:
    page = office.signed_in(Role.TREASURER, "en").post("/treasury/book/gift", GIFT)
    words = page.text.replace("\N{NO-BREAK SPACE}", " ")
    for expected in ("20 November 2026", "50 zł", "Cash in hand", "assets:cash", "income:donations", "skarbonka"):
        assert expected in words
    assert lines(office) == []


def test_a_gift_counts_at_once_and_the_audit_log_knows_who_booked_it(office: Office) -> None:
    booked(office.treasurer)
    found = tally(office.site.keys.database, "fund")
    assert (found.raised, found.supporters, found.gifts) == (zloty("50"), 1, 1)
    with office.site.keys.database.reading() as connection:
        (record,) = audit_log.of_action(connection, "booked")
        row = connection.execute(select(entries)).one()
    assert (record.subject, record.staff_id) == ("entry:1", office.person(Role.TREASURER).id)
    assert (row.memo, row.staff_id, row.gateway) == ("skarbonka", record.staff_id, None)


def test_an_entry_about_the_provider_says_so(office: Office) -> None:
    booked(office.treasurer, "transfer")
    with office.site.keys.database.reading() as connection:
        assert connection.scalar(select(entries.c.gateway)) == "sandbox"


def test_a_double_click_books_once(office: Office) -> None:
    client = office.treasurer
    form = shown(client)
    assert client.done("/treasury/book/gift/confirm", form) == client.done("/treasury/book/gift/confirm", form)
    assert len(lines(office)) == 2


def test_two_clicks_at_the_same_moment_book_once(office_on_each: Office) -> None:
    client = office_on_each.treasurer
    form = shown(client)
    with ThreadPoolExecutor(4) as fingers:
        sent = [fingers.submit(client.done, "/treasury/book/gift/confirm", form) for _ in range(4)]
    assert {each.result() for each in sent} == {"/treasury/ledger/1?done=booked"}
    assert len(lines(office_on_each)) == 2
    assert faults(office_on_each) == []


def test_two_equal_gifts_are_two(office: Office) -> None:
    client = office.treasurer
    assert booked(client) != booked(client)
    assert len(lines(office)) == 4


def test_what_was_typed_comes_back_to_be_changed(office: Office) -> None:
    client = office.treasurer
    page = client.post("/treasury/book/gift/confirm", {**shown(client), "change": "1"})
    assert {name: value(page, name) for name in GIFT} == GIFT
    assert lines(office) == []


@pytest.mark.parametrize(
    "word, field, typed",
    [
        ("gift", "amount", ""), ("gift", "amount", "0"), ("gift", "amount", "-5"), ("gift", "amount", "1.000"),
        ("gift", "amount", "12,345"), ("gift", "amount", "5 €"), ("gift", "amount", "1e3"),
        ("gift", "amount", "10000000000"), ("gift", "day", "2026-11-23"), ("gift", "day", "1999-12-31"),
        ("gift", "day", "11/12/2026"), ("gift", "day", "2026-02-30"), ("gift", "day", ""),
        ("gift", "campaign", ""), ("gift", "campaign", "none"), ("gift", "campaign", "tax"),
        ("gift", "debit", "assets:gateway:sandbox"), ("gift", "debit", ""), ("gift", "memo", "x" * 201),
        ("gift", "memo", "od anna@example.org"), ("gift", "memo", "61 1090 1014 0000 0712 1981 2874"),
        ("expense", "credit", "income:donations"), ("expense", "debit", "assets:cash"),
        ("expense", "campaign", "none"), ("transfer", "debit", "assets:gateway:sandbox"),
        ("transfer", "credit", "assets:gateway:stripe"), ("opening", "debit", "equity:opening"),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_said_at_its_field_and_stays_typed(
    office: Office, word: str, field: str, typed: str
) -> None:
    office.site.add("tax", kind=Kind.TAX_APPEAL, goal=None, krs=KRS)
    page = office.treasurer.post(f"/treasury/book/{word}", {**FORMS[word], field: typed}, 422)
    assert len(errors(page)) == 1
    kept = {name: value(page, name) for name in FORMS[word] if name != field}
    assert kept == {name: text for name, text in FORMS[word].items() if name != field}
    if field in ("amount", "memo"):
        assert value(page, field) == typed
    assert lines(office) == []


def test_no_campaign_takes_a_gift_in_another_currency(office: Office) -> None:
    office.site.add("euro", currency="EUR", goal=None, minimum=_euro("5"), maximum=_euro("100"))
    booked(office.treasurer, campaign="euro")
    assert str(tally(office.site.keys.database, "euro").raised) == "50.00 EUR"
    assert faults(office) == []


def _euro(amount: str) -> object:
    return type(zloty("1")).of(amount, "EUR")


def test_a_late_matter_says_plainly_where_it_will_stand(office: Office) -> None:
    client = _with_october_closed(office)
    page = client.post("/treasury/book/gift", {**GIFT, "day": "2026-10-05"})
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "5 October 2026 falls into a closed month. The entry will stand under 1 November 2026" in text
    client.done("/treasury/book/gift/confirm", hidden(page))
    assert lines(office)[-1][1] == "2026-11-01"
    assert faults(office) == []


def _with_october_closed(office: Office) -> StaffClient:
    client = office.signed_in(Role.TREASURER, "en")
    booked(client, day="2026-10-04")
    close_month(office.site.keys, None, "2026-10")
    return client


def test_if_the_month_is_closed_between_the_steps_the_new_day_is_shown_first(office: Office) -> None:
    client = office.signed_in(Role.TREASURER, "en")
    booked(client, day="2026-10-04")
    form = shown(client, day="2026-10-05")
    close_month(office.site.keys, None, "2026-10")
    page = client.post("/treasury/book/gift/confirm", form, 409)
    assert "Meanwhile the month was closed" in page.text
    assert len(lines(office)) == 2
    client.done("/treasury/book/gift/confirm", hidden(page))
    assert [line[1] for line in lines(office)[2:]] == ["2026-11-01"] * 2


def test_a_page_that_lay_open_too_long_is_shown_afresh_and_books_once(office: Office) -> None:
    client = office.treasurer
    form = shown(client)
    office.site.clock.turn(timedelta(minutes=61))
    page = office.treasurer.post("/treasury/book/gift/confirm", form, 409)
    office.treasurer.done("/treasury/book/gift/confirm", hidden(page))
    assert len(lines(office)) == 2


def test_a_page_that_was_booked_and_sent_again_much_later_leads_to_its_entry(office: Office) -> None:
    form = shown(office.treasurer)
    office.treasurer.done("/treasury/book/gift/confirm", form)
    office.site.clock.turn(timedelta(hours=30))
    assert office.treasurer.done("/treasury/book/gift/confirm", form) == "/treasury/ledger/1?done=booked"
    assert len(lines(office)) == 2


@pytest.mark.parametrize("token", ["", "x", "WzEsMiwzXQ.AAAA"])
def test_a_token_that_is_not_ours_books_nothing(office: Office, token: str) -> None:
    office.treasurer.post("/treasury/book/gift/confirm", {"token": token}, 400)
    assert lines(office) == []


def test_a_token_for_one_form_is_no_token_for_another(office: Office) -> None:
    client = office.treasurer
    client.post("/treasury/book/expense/confirm", shown(client), 400)
    assert lines(office) == []


def test_today_is_a_day_in_poland(office: Office) -> None:
    office.site.clock.moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert value(office.treasurer.get("/treasury/book/gift"), "day") == "2026-11-23"
    booked(office.treasurer, day="2026-11-23")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.EDITOR])
@pytest.mark.parametrize("word", FORMS)
def test_only_treasurers_book(office: Office, role: Role, word: str) -> None:
    form = shown(office.treasurer, word)
    client = office.signed_in(role)
    client.get(f"/treasury/book/{word}", 403)
    client.post(f"/treasury/book/{word}", FORMS[word], 403)
    client.post(f"/treasury/book/{word}/confirm", form, 403)
    assert lines(office) == []


def test_the_room_lists_all_ways_of_booking(office: Office) -> None:
    page = office.treasurer.get("/treasury/book")
    assert "Wpłata gotówką lub przelewem" in [text_of(each) for each in page.every("h2")]
    for language in ("pl", "en"):
        for word in (*FORMS, "assignment"):
            office.signed_in(Role.TREASURER, language).get(f"/treasury/book/{word}")
