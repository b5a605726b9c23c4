"""Reversing: the entry that is made is shown first, with a reason, once, and only for what was booked by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from campaigns.domain.people import Role
from campaigns.domain.pledge import Method
from campaigns.payments.sandbox import SandboxGateway
from campaigns.services.closing import close_month
from campaigns.services.giving import GiftRequest, start_gift
from campaigns.services.settlement import receive
from campaigns.storage import audit_log
from campaigns.storage.models import entries
from tests.gifts import zloty
from tests.web.staff import Office
from tests.web.staff import office as office
from tests.web.test_booking_by_hand import FORMS, booked
from tests.web.treasury import faults, lines
from tests.world import tally

REVERSE = "/treasury/ledger/1/reverse"


@pytest.mark.parametrize("word", FORMS)
def test_every_kind_that_is_booked_by_hand_is_reversed_under_its_own_day(office: Office, word: str) -> None:
    booked(office.treasurer, word)
    client = office.treasurer
    client.get(REVERSE)
    assert client.done(REVERSE, {"reason": "twice"}) == "/treasury/ledger/2?done=reversed"
    before, after = lines(office)[:2], lines(office)[2:]
    assert [(day, account, -minor) for _, day, account, minor in after] == [line[1:] for line in before]
    assert faults(office) == []


def test_the_bar_goes_back_and_the_supporter_too(office: Office) -> None:
    booked(office.treasurer)
    office.treasurer.done(REVERSE, {"reason": "amount"})
    found = tally(office.site.keys.database, "fund")
    assert (found.raised, found.supporters) == (zloty("0"), 0)


def test_the_reason_is_kept_and_the_audit_log_knows(office: Office) -> None:
    booked(office.treasurer)
    office.treasurer.done(REVERSE, {"reason": "place"})
    with office.site.keys.database.reading() as connection:
        row = connection.execute(select(entries).where(entries.c.reverses_id == 1)).one()
        (record,) = audit_log.of_action(connection, "reversed")
    assert (row.memo, row.staff_id) == ("Błędne konto lub zbiórka", office.person(Role.TREASURER).id)
    assert (record.subject, record.detail) == ("entry:1", "by entry 2")


@pytest.mark.parametrize("reason", ["", "because", "od Anny"])
def test_without_a_reason_of_the_list_nothing_happens(office: Office, reason: str) -> None:
    booked(office.treasurer)
    office.treasurer.post(REVERSE, {"reason": reason}, 422)
    assert len(lines(office)) == 2


def test_pressed_twice_it_leads_to_the_same_entry(office: Office) -> None:
    booked(office.treasurer)
    client = office.treasurer
    where = [client.done(REVERSE, {"reason": "twice"}) for _ in range(2)]
    assert where == ["/treasury/ledger/2?done=reversed"] * 2
    assert len(lines(office)) == 4


def test_neither_a_reversal_nor_what_is_reversed_can_be_reversed(office: Office) -> None:
    booked(office.treasurer)
    office.treasurer.done(REVERSE, {"reason": "twice"})
    for number in (1, 2):
        office.treasurer.get(f"/treasury/ledger/{number}/reverse", 409)
    office.treasurer.post("/treasury/ledger/2/reverse", {"reason": "twice"}, 409)
    office.treasurer.get("/treasury/ledger/99/reverse", 404)


def test_an_entry_of_a_closed_month_is_reversed_in_the_open_one(office: Office) -> None:
    client = office.signed_in(Role.TREASURER, "en")
    booked(client, day="2026-10-04")
    close_month(office.site.keys, None, "2026-10")
    text = client.get(REVERSE).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "The entry will stand under 1 November 2026" in text
    client.done(REVERSE, {"reason": "twice"})
    assert {line[1] for line in lines(office) if line[0] == 2} == {"2026-11-01"}
    assert faults(office) == []


def test_money_at_the_provider_is_put_right_there(office: Office) -> None:
    _gift_through_the_provider(office)
    page = office.signed_in(Role.TREASURER, "en").get(REVERSE, 409)
    assert "is put right there" in page.text
    assert "/treasury/pledges/1" in [link.get("href") for link in page.every("a")]
    office.treasurer.post(REVERSE, {"reason": "twice"}, 409)
    assert len(lines(office)) == 2


def _gift_through_the_provider(office: Office) -> None:
    keys = office.site.keys
    started = start_gift(keys, GiftRequest("fund", zloty("50"), Method.BLIK, "pl", None, "f" * 32, "10.0.0.1"))
    assert isinstance(keys.gateway, SandboxGateway)
    keys.gateway.bank.pay(started.checkout_url.rpartition("/")[2])

    def arrive(body: bytes, signature: str) -> int:
        receive(keys, body, signature)
        return 200

    while keys.gateway.deliver_due(keys.now(), arrive):
        pass


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.EDITOR])
def test_only_treasurers_reverse(office: Office, role: Role) -> None:
    booked(office.treasurer)
    office.signed_in(role).get(REVERSE, 403)
    office.signed_in(role).post(REVERSE, {"reason": "twice"}, 403)
    assert len(lines(office)) == 2
