"""What else a notice does: an alert, a receipt, nothing at all if it is forged, and all of it or none."""

from __future__ import annotations

import json
from datetime import timedelta
from secrets import token_hex

import pytest
from sqlalchemy import func, select

from campaigns.domain.pledge import Method
from campaigns.payments.gateway import BadNotice, Topic
from campaigns.payments.signature import sign
from campaigns.services.settlement import receive, replay
from campaigns.storage.alerts import AlertKind
from campaigns.storage.columns import metadata
from campaigns.storage.models import campaign_totals, entries, letters, notices, payments
from tests.gifts import zloty
from tests.world import ANNA, World

# Cards that put their holders in danger.


@pytest.mark.parametrize("country, times", [("BY", 1), ("RU", 1), ("PL", 0)])
def test_a_card_of_a_dangerous_bank_alerts_once(world: World, country: str, times: int) -> None:
    world.bank.pay(world.opened("50", Method.CARD), country)
    bodies = world.hear()
    world.deliver(bodies + bodies[::-1])
    assert world.alerts() == [AlertKind.CARD_COUNTRY] * times
    assert world.raised == zloty("50"), "the money is there all the same"


def test_the_country_of_a_card_is_kept_nowhere_but_in_the_alert(world: World) -> None:
    world.bank.pay(world.opened("50", Method.CARD), "BY")
    world.tell()
    with world.database.reading() as connection:
        # The sandbox plays the bank, and a bank knows its cards.
        tables = [table for table in metadata.sorted_tables if table.name != "sandbox_objects"]
        found = [table.name for table in tables for row in connection.execute(select(table)) if "BY" in row]
    assert found == ["alerts"]


# Letters.


def receipts(world: World) -> list[str]:
    with world.database.reading() as connection:
        return list(connection.scalars(select(letters.c.language).where(letters.c.kind == "receipt")))


@pytest.mark.parametrize("language", ["pl", "en"])
def test_whoever_wished_for_a_receipt_gets_one_in_the_own_language(world: World, language: str) -> None:
    started = world.give("100", language=language, email=ANNA)
    assert receipts(world) == []
    for payment in ("payment-1", "payment-1", "payment-2"):
        world.says(Topic.PAID, payment, reference=started.pledge.reference, amount=zloty("100"))
    assert receipts(world) == [language]


def test_whoever_did_not_wish_for_a_receipt_gets_none(world: World) -> None:
    world.gave("50")
    assert receipts(world) == []


def test_every_alert_puts_one_letter_into_the_tray(world: World) -> None:
    world.bank.dispute(world.gave("100"))
    bodies = world.hear()
    world.deliver(bodies * 2)
    with world.database.reading() as connection:
        assert list(connection.scalars(select(letters.c.kind))) == ["alert"]


# What is not verified, and what goes wrong.


def test_a_notice_that_is_not_verified_writes_nothing(world: World) -> None:
    world.bank.pay(world.opened("50"))
    (body,) = world.hear()
    more = json.dumps(json.loads(body) | {"id": "forged"}).encode()
    right = sign(body, [world.secret], world.clock())
    old = sign(body, [world.secret], world.clock() - timedelta(minutes=6))
    ahead = sign(body, [world.secret], world.clock() + timedelta(minutes=6))
    other = sign(body, [token_hex(32)], world.clock())
    for forged, signature in ((more, right), (body, old), (body, ahead), (body, other), (body, None), (body, "")):
        with pytest.raises(BadNotice):
            receive(world.keys, forged, signature)
    assert (world.inbox(), world.raised) == ({}, zloty("0"))


def test_an_error_rolls_everything_back_and_a_repeat_then_works(world: World) -> None:
    world.bank.pay(world.opened("50"))
    bodies = world.hear()
    with world.database.transaction() as connection:
        total = connection.execute(select(campaign_totals)).one()._asdict()
        connection.execute(campaign_totals.delete())
    with pytest.raises(LookupError, match="no booked total"):
        world.deliver(bodies)
    with world.database.transaction() as connection:
        left = [connection.scalar(select(func.count()).select_from(it)) for it in (notices, entries, payments, letters)]
        assert left == [0, 0, 0, 0]
        connection.execute(campaign_totals.insert(), total)
    world.deliver(bodies)
    assert world.raised == zloty("50")
    assert world.is_right


def test_the_inbox_keeps_no_payload(world: World) -> None:
    world.bank.pay(world.opened("50"))
    world.tell()
    with world.database.reading() as connection:
        row = connection.execute(select(notices)).one()._asdict()
    assert set(row) == {"id", "gateway", "event_id", "kind", "object_id", "state", "reason", "received_at"}
    assert row["reason"] is None


# What was never told.


def test_what_the_provider_never_told_can_be_asked_for(world: World) -> None:
    payment = world.bank.pay(world.opened("100", Method.CARD), "BY").payment_id
    world.bank.refund(payment, zloty("40"), "part")
    for _ in range(2):
        replay(world.keys, payment)
    world.tell()
    assert (world.raised, world.alerts()) == (zloty("60"), [AlertKind.CARD_COUNTRY])
    assert world.is_right
