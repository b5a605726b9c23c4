"""Money is given back once, whatever comes in between, and never more than there is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest

from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.payment import Refund
from campaigns.domain.people import Person, Role
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import GatewayDown
from campaigns.payments.sandbox import SandboxGateway
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.cancelling import CannotCancel, cancel
from campaigns.services.keys import Keys
from campaigns.services.refunding import CannotRefund, Obstacle, Reason, Refused, Unanswered, Wish, refund, refundable
from campaigns.services.seeing_donor import forget_donor, see_donor
from campaigns.storage import audit_log, staff
from tests.gifts import zloty
from tests.standin import StripeStandIn
from tests.world import ANNA, FUND, World, page_of

Deeds = Callable[[], list[tuple[str, str, str]]]


class Cut(SandboxGateway):
    """A provider whose answer is lost: what was asked for may have been done."""

    does_it_first = True

    def refund(self, payment_id: str, amount: Money, key: str) -> Refund:
        if self.does_it_first:
            super().refund(payment_id, amount, key)
        raise GatewayDown("no answer")


@pytest.fixture
def treasurer(world: World) -> Person:
    with world.database.transaction() as connection:
        number = staff.add(connection, "t@example.org", "T", Role.TREASURER, "pl", world.clock())
    return Person(number, "t@example.org", "T", Role.TREASURER, "pl")


@pytest.fixture
def deeds(world: World) -> Deeds:
    """What is in the audit log: action, subject, detail."""

    def read() -> list[tuple[str, str, str]]:
        with world.database.snapshot() as connection:
            found = [sealed.record for sealed in audit_log.all_records(connection)]
        return [(record.action, record.subject, record.detail) for record in found]

    return read


def wish(world: World, amount: str = "40", form: str | None = None, **changes: Any) -> Wish:
    """A wish to pay a part of the first payment back; a form of its own unless it is said."""
    expires_at = world.clock() + timedelta(hours=1)
    return replace(Wish(1, zloty(amount), Reason.DONOR_ASKED, form or token_hex(8), expires_at), **changes)


def with_gateway(world: World, does_it_first: bool) -> Keys:
    cut = Cut((world.secret,), world.sandbox.bank._memory, "http://127.0.0.1", world.clock)
    cut.does_it_first = does_it_first
    return replace(world.keys, gateway=cut)


def test_the_books_change_only_when_the_notice_comes(world: World, treasurer: Person) -> None:
    world.gave("100")
    refund(world.keys, treasurer, wish(world))
    assert world.raised == zloty("100")
    world.tell()
    assert (world.raised, world.booked(EntryKind.REFUND), world.is_right) == (zloty("60"), 1, True)


def test_a_form_that_is_sent_twice_pays_back_once_and_is_noted_once(
    world: World, treasurer: Person, deeds: Deeds
) -> None:
    world.gave("100")
    asked = wish(world)
    refund(world.keys, treasurer, asked)
    world.tell()
    refund(world.keys, treasurer, asked)
    world.tell()
    assert (world.raised, deeds()) == (zloty("60"), [("refunded", "payment:1", "40.00 PLN donor_asked")])


def test_a_whole_refund_that_is_sent_twice_is_no_error(world: World, treasurer: Person) -> None:
    world.gave("100")
    asked = wish(world, "100")
    for _ in range(2):
        refund(world.keys, treasurer, asked)
        world.tell()
    assert (world.raised, world.booked(EntryKind.REFUND)) == (zloty("0"), 1)


def test_two_clicks_at_once_pay_back_once(world: World, treasurer: Person) -> None:
    world.gave("100")
    asked = wish(world)
    with world.another_node() as node, ThreadPoolExecutor(2) as two:
        for done in [two.submit(refund, keys, treasurer, asked) for keys in (world.keys, node)]:
            done.result()
    world.tell()
    assert world.raised == zloty("60")


def test_one_form_does_not_pay_back_two_amounts(world: World, treasurer: Person) -> None:
    world.gave("100")
    refund(world.keys, treasurer, wish(world, "40", form="one"))
    with pytest.raises(Refused):
        refund(world.keys, treasurer, wish(world, "50", form="one"))
    world.tell()
    assert world.raised == zloty("60")


@pytest.mark.parametrize("does_it_first", [True, False])
def test_after_an_answer_that_was_lost_the_same_form_pays_back_once(
    world: World, treasurer: Person, deeds: Deeds, does_it_first: bool
) -> None:
    world.gave("100")
    asked = wish(world)
    with pytest.raises(Unanswered):
        refund(with_gateway(world, does_it_first), treasurer, asked)
    refund(world.keys, treasurer, asked)
    world.tell()
    assert (world.raised, len(deeds())) == (zloty("60"), 1)


def test_no_more_goes_back_than_is_left(world: World, treasurer: Person, deeds: Deeds) -> None:
    world.gave("100")
    refund(world.keys, treasurer, wish(world, "70"))
    world.tell()
    with pytest.raises(CannotRefund) as no:
        refund(world.keys, treasurer, wish(world, "30.01"))
    assert (no.value.obstacle, world.raised, len(deeds())) == (Obstacle.TOO_MUCH, zloty("30"), 1)


def test_two_treasurers_who_do_not_know_of_each_other_are_stopped_by_the_provider(
    world: World, treasurer: Person, deeds: Deeds
) -> None:
    world.gave("100")
    refund(world.keys, treasurer, wish(world, "70"))
    with pytest.raises(Refused):
        refund(world.keys, treasurer, wish(world, "70"))
    world.tell()
    assert (world.raised, world.is_right) == (zloty("30"), True)
    assert [detail for _action, _subject, detail in deeds()] == [
        "70.00 PLN donor_asked", "70.00 PLN donor_asked", "70.00 PLN donor_asked refused"]  # fmt: skip


def test_what_did_not_come_through_this_provider_is_not_paid_back_from_here(world: World, treasurer: Person) -> None:
    book_offline_gift(world.database, FUND, zloty("70"), Method.CASH, "pl", world.clock())
    with pytest.raises(CannotRefund) as no:
        refund(world.keys, treasurer, wish(world))
    assert no.value.obstacle is Obstacle.NOT_HERE
    with pytest.raises(CannotRefund) as unknown:
        refundable(world.keys, 99)
    assert unknown.value.obstacle is Obstacle.UNKNOWN


def test_money_that_has_not_come_is_not_paid_back(world: World, treasurer: Person) -> None:
    world.bank.pay_later(world.opened("100"))
    world.tell()
    with pytest.raises(CannotRefund) as no:
        refund(world.keys, treasurer, wish(world))
    assert no.value.obstacle is Obstacle.NOT_RECEIVED


def test_the_card_of_a_dangerous_country_is_known_before_money_goes_back(world: World) -> None:
    world.bank.pay(world.opened("100", Method.CARD), card_country="BY")
    world.tell()
    assert refundable(world.keys, 1).dangerous_country == "BY"


# Promises that are cancelled.


def test_a_cancelled_gift_cannot_be_paid_any_more(world: World, treasurer: Person, deeds: Deeds) -> None:
    page = world.opened()
    cancel(world.keys, treasurer, 1)
    with pytest.raises(Exception, match="cannot be paid"):
        world.bank.pay(page)
    assert deeds() == [("pledge_cancelled", "pledge:1", "started")]


def test_money_that_was_faster_than_the_treasurer_is_booked(world: World, treasurer: Person) -> None:
    page = world.opened("50")
    world.bank.pay(page)
    cancel(world.keys, treasurer, 1)
    world.tell()
    assert (world.raised, world.is_right) == (zloty("50"), True)


def test_what_is_paid_or_unknown_is_not_cancelled(world: World, treasurer: Person, deeds: Deeds) -> None:
    world.gave()
    for number in (1, 99):
        with pytest.raises(CannotCancel):
            cancel(world.keys, treasurer, number)
    assert deeds() == []


# Who gave.


def test_an_address_is_not_given_out_unless_it_is_written_down(world: World, treasurer: Person, deeds: Deeds) -> None:
    world.give(email=ANNA)
    assert see_donor(world.keys, treasurer, 1) == ANNA
    assert deeds() == [("donor_seen", "pledge:1", "")]


def test_where_there_is_no_address_nothing_was_seen(world: World, treasurer: Person, deeds: Deeds) -> None:
    world.give()
    assert see_donor(world.keys, treasurer, 1) is None
    assert deeds() == []


def test_a_donor_is_forgotten_wherever_the_address_is_kept(world: World, treasurer: Person, deeds: Deeds) -> None:
    pages = [page_of(world.give(email=email)) for email in (ANNA, ANNA.upper(), "other@example.net")]
    assert len(pages) == 3
    assert forget_donor(world.keys, treasurer, 1).donors == 2
    assert [see_donor(world.keys, treasurer, number) for number in (1, 2, 3)] == [None, None, "other@example.net"]
    assert deeds()[0] == ("donor_forgotten", "pledge:1", "")


# The same at Stripe, by its own rules for keys.


def test_stripe_pays_back_once_for_one_form_too(world: World, stripe: StripeStandIn, treasurer: Person) -> None:
    world.give("100")
    stripe.pay(stripe.things("checkout.session")[0]["id"])
    stripe.wait_until_delivered()
    asked = wish(world)
    for _ in range(2):
        refund(world.keys, treasurer, asked)
    with pytest.raises(Refused):
        refund(world.keys, treasurer, replace(asked, amount=zloty("50")))
    stripe.wait_until_delivered()
    assert (world.raised, len(stripe.things("refund")), world.is_right) == (zloty("60"), 1, True)


def test_a_refund_that_stripe_may_have_made_is_sent_again_by_the_same_form(
    world: World, stripe: StripeStandIn, treasurer: Person
) -> None:
    world.give("100")
    stripe.pay(stripe.things("checkout.session")[0]["id"])
    stripe.wait_until_delivered()
    asked = wish(world)
    stripe.fail_next("close", acted=True, times=3, path="/v1/refunds")  # the library tries again twice by itself
    with pytest.raises(Unanswered):
        refund(world.keys, treasurer, asked)
    refund(world.keys, treasurer, asked)
    stripe.wait_until_delivered()
    assert (world.raised, len(stripe.things("refund"))) == (zloty("60"), 1)
