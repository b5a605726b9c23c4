"""What a site does with a provider's notices: late, twice, shuffled, unknown, not ours, and never lost."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from secrets import token_hex

import pytest
from sqlalchemy import select

from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.pledge import CHECKOUT_LIFETIME, PledgeState
from campaigns.payments.gateway import Topic
from campaigns.services.jobs import run_jobs
from campaigns.storage.alerts import AlertKind
from campaigns.storage.inbox import NoticeState
from campaigns.storage.models import campaigns, pledges
from tests.gifts import zloty
from tests.world import World, page_of


def state_of(world: World, reference: str) -> str | None:
    with world.database.reading() as connection:
        return connection.scalar(select(pledges.c.state).where(pledges.c.reference == reference))


# Money comes.


def test_a_paid_gift_counts_at_once(world: World) -> None:
    world.gave("50")
    total = world.tally()
    assert (total.raised, total.pledged, total.supporters, total.gifts) == (zloty("50"), zloty("0"), 1, 1)
    assert world.is_right


def test_the_same_notice_twice_is_acted_on_once(world: World) -> None:
    world.bank.pay(world.opened("50"))
    bodies = world.hear()
    world.deliver(bodies)
    assert all(outcome.repeated for outcome in world.deliver(bodies * 2))
    assert world.raised == zloty("50")
    assert world.inbox() == {"done": len(bodies)}


def test_the_same_payment_under_another_event_is_booked_once(world: World) -> None:
    reference = world.give("100").pledge.reference
    assert world.money_comes(reference=reference).state is NoticeState.DONE
    assert world.money_comes(reference=reference).state is NoticeState.DONE
    assert (world.raised, world.booked(EntryKind.GIFT)) == (zloty("100"), 1)


def test_what_came_is_booked_and_not_what_was_promised(world: World) -> None:
    world.money_comes("120", reference=world.give("100").pledge.reference)
    assert world.raised == zloty("120")
    assert world.is_right


def test_money_for_an_expired_pledge_still_lands(world: World) -> None:
    started = world.give("50")
    world.bank.pay(page_of(started))
    late = world.hear()
    world.clock.turn(CHECKOUT_LIFETIME + timedelta(minutes=1))
    assert run_jobs(world.keys, world.clock())["pledges expired"] == 1
    world.deliver(late)
    assert (world.raised, state_of(world, started.pledge.reference)) == (zloty("50"), PledgeState.FULFILLED)


def test_money_for_a_cancelled_pledge_still_lands(world: World) -> None:
    reference = world.give("100").pledge.reference
    world.says(Topic.FAILED, reference=reference, amount=zloty("100"))
    assert state_of(world, reference) == PledgeState.CANCELLED
    world.money_comes(reference=reference)
    assert (world.raised, state_of(world, reference)) == (zloty("100"), PledgeState.FULFILLED)
    assert world.is_right


def test_money_for_a_campaign_that_closed_meanwhile_still_lands(world: World) -> None:
    page = world.opened("50")
    with world.database.transaction() as connection:
        connection.execute(campaigns.update().values(closes_at=world.clock()))
    world.bank.pay(page)
    world.tell()
    assert world.raised == zloty("50")


def test_an_expired_page_expires_its_pledge_but_not_one_that_is_paid(world: World) -> None:
    waiting, fulfilled = world.give().pledge.reference, world.give("100").pledge.reference
    world.money_comes(reference=fulfilled)
    for reference in (waiting, fulfilled):
        world.says(Topic.EXPIRED, reference=reference, payment_id=None)
    assert state_of(world, waiting) == PledgeState.EXPIRED
    assert state_of(world, fulfilled) == PledgeState.FULFILLED


# Money that is on its way.


def test_money_on_its_way_is_the_pledged_segment_until_it_comes(world: World) -> None:
    world.bank.pay_later(world.opened("50"))
    world.tell()
    assert (world.tally().raised, world.tally().pledged, world.tally().supporters) == (zloty("0"), zloty("50"), 0)
    assert world.is_right
    world.clock.turn(timedelta(minutes=1))
    world.tell()
    assert (world.tally().raised, world.tally().pledged, world.tally().supporters) == (zloty("50"), zloty("0"), 1)
    assert world.is_right


def test_money_that_fails_to_come_leaves_the_pledged_segment(world: World) -> None:
    reference = world.give("50").pledge.reference
    for topic in (Topic.PROCESSING, Topic.FAILED, Topic.PROCESSING):
        world.says(topic, reference=reference, amount=zloty("50"))
    assert world.tally().pledged == zloty("0")
    assert world.is_right


def test_a_started_checkout_is_never_public(world: World) -> None:
    world.give("10000")
    assert world.tally().pledged == zloty("0")


@pytest.mark.parametrize("order", list(permutations([Topic.PROCESSING, Topic.FAILED, Topic.PAID])), ids=str)
def test_in_whatever_order_it_is_told_money_that_came_counts(world: World, order: tuple[Topic, ...]) -> None:
    reference = world.give("50").pledge.reference
    for topic in order:
        world.says(topic, reference=reference, amount=zloty("50"))
    assert (world.tally().raised, world.tally().pledged) == (zloty("50"), zloty("0"))
    assert state_of(world, reference) == PledgeState.FULFILLED
    assert world.is_right


# Whose money it is.


def test_money_with_our_reference_that_nobody_waits_for_lands_unassigned(world: World) -> None:
    assert world.money_comes(reference=token_hex(16)).state is NoticeState.DONE
    assert (world.alerts(), world.booked(EntryKind.UNASSIGNED)) == ([AlertKind.UNASSIGNED], 1)
    assert world.raised == zloty("0")
    assert world.is_right


def test_money_in_another_currency_than_promised_lands_unassigned(world: World) -> None:
    reference = world.give("100").pledge.reference
    world.says(Topic.PAID, reference=reference, amount=Money.of(25, "EUR"))
    assert (world.alerts(), world.booked(EntryKind.UNASSIGNED)) == ([AlertKind.UNASSIGNED], 1)
    assert world.is_right


@pytest.mark.parametrize("reference", [None, "", "order 17", "A" * 32, "0" * 31, "٣" * 32])
def test_money_without_a_reference_of_ours_is_stored_and_ignored(world: World, reference: str | None) -> None:
    outcome = world.says(Topic.PAID, reference=reference, amount=zloty("100"))
    assert outcome.state is NoticeState.IGNORED
    assert (world.inbox(), world.alerts(), world.raised) == ({"ignored": 1}, [], zloty("0"))


def test_money_of_ours_that_cannot_be_said_in_our_words_is_kept_for_a_human(world: World) -> None:
    outcome = world.says(Topic.PAID, reference=world.give().pledge.reference)
    assert (outcome.state, world.alerts()) == (NoticeState.UNFIT, [AlertKind.UNFIT_NOTICE])


@pytest.mark.parametrize("topic", [Topic.REFUND, Topic.DISPUTE])
def test_a_refund_or_dispute_of_nothing_that_we_can_name_is_kept_for_a_human(world: World, topic: Topic) -> None:
    assert world.says(topic).state is NoticeState.UNFIT
    assert world.alerts() == [AlertKind.UNFIT_NOTICE]


def test_what_is_of_no_consequence_is_remembered_and_no_more(world: World) -> None:
    assert world.says(Topic.OTHER).state is NoticeState.IGNORED
    assert world.says(Topic.EXPIRED, reference="of somebody else").state is NoticeState.IGNORED
    assert (world.inbox(), world.alerts()) == ({"ignored": 2}, [])
