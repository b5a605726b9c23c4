"""Money without a campaign finds its own: the figures follow, and so does all that happens to it later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.domain import accounts
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.payment import Refund, RefundState
from campaigns.domain.people import Person
from campaigns.payments.gateway import Topic
from campaigns.services.booking_by_hand import Ticket, book
from campaigns.services.drafting import Draft, Fault, Refused
from campaigns.services.reversing import CannotReverse, Obstacle, reverse
from campaigns.storage import unassigned
from campaigns.storage.alerts import AlertKind
from campaigns.storage.unassigned import Unassigned
from tests.closed_months import a_treasurer
from tests.gifts import zloty
from tests.world import FUND, World, new_fund

OTHER = "office-fund"


@pytest.fixture
def person(world: World) -> Person:
    return a_treasurer(world)


def stranded(world: World, amount: str = "100") -> Unassigned:
    """Verified money of ours whose reference leads to no pledge."""
    world.says(Topic.PAID, reference="0" * 32, amount=zloty(amount))
    return waiting(world)[0]


def waiting(world: World) -> list[Unassigned]:
    with world.database.reading() as connection:
        return unassigned.waiting(connection)


def assign(world: World, person: Person, money: Unassigned, slug: str = FUND, form: str = "a" * 32) -> int:
    today = world.clock().date()
    draft = Draft(
        EntryKind.ASSIGNMENT, today, money.left, accounts.UNASSIGNED, accounts.DONATIONS, slug, "", money.payment_id
    )
    return book(world.keys, person, draft, Ticket(form, world.clock() + timedelta(hours=1)), today)


def test_what_is_assigned_counts_for_its_campaign_and_waits_no_longer(world: World, person: Person) -> None:
    assign(world, person, stranded(world))
    assert (world.raised, world.tally().gifts) == (zloty("100"), 1)
    assert (waiting(world), world.alerts()) == ([], [])
    assert world.is_right


def test_a_refund_before_is_left_out_and_one_after_lowers_the_bar(world: World, person: Person) -> None:
    stranded(world)
    world.says(Topic.REFUND, refund=a_refund("r1", "30"))
    assign(world, person, waiting(world)[0])
    assert world.raised == zloty("70")
    world.says(Topic.REFUND, refund=a_refund("r2", "20"))
    assert (world.raised, world.is_right) == (zloty("50"), True)


def a_refund(number: str, amount: str) -> Refund:
    return Refund(number, zloty(amount), RefundState.SUCCEEDED)


def test_money_is_assigned_once(world: World, person: Person) -> None:
    money = stranded(world)
    assign(world, person, money)
    with pytest.raises(Refused) as refused:
        assign(world, person, money, form="b" * 32)
    assert refused.value.fault is Fault.NOT_WAITING
    assert (world.raised, world.is_right) == (zloty("100"), True)


def test_money_that_partly_went_back_since_the_form_was_shown_is_looked_at_again(world: World, person: Person) -> None:
    money = stranded(world)
    world.says(Topic.REFUND, refund=a_refund("r1", "30"))
    with pytest.raises(Refused):
        assign(world, person, money)
    assert (world.raised, world.is_right) == (zloty("0"), True)


def test_money_in_another_currency_goes_to_a_campaign_in_that_currency(world: World, person: Person) -> None:
    reference = world.give("100").pledge.reference
    world.says(Topic.PAID, reference=reference, amount=Money.of(20, "EUR"))
    (money,) = waiting(world)
    with pytest.raises(Refused) as refused:
        assign(world, person, money)
    assert refused.value.fault is Fault.OTHER_CURRENCY
    new_fund(world.database, "euro", currency="EUR", goal=None, minimum=Money.of(1, "EUR"), maximum=Money.of(99, "EUR"))
    assign(world, person, money, "euro")
    assert (world.tally("euro").supporters, world.is_right) == (1, True)


def test_a_wrong_assignment_is_reversed_and_made_anew(world: World, person: Person) -> None:
    new_fund(world.database, OTHER)
    number = assign(world, person, stranded(world))
    reverse(world.keys, person, number)
    assert (world.raised, world.tally().gifts, world.is_right) == (zloty("0"), 0, True)
    assert world.alerts() == [AlertKind.UNASSIGNED]
    assign(world, person, waiting(world)[0], OTHER, form="b" * 32)
    assert (world.tally(OTHER).raised, world.alerts(), world.is_right) == (zloty("100"), [], True)


def test_an_assignment_of_which_money_went_back_is_not_reversed(world: World, person: Person) -> None:
    number = assign(world, person, stranded(world))
    world.says(Topic.REFUND, refund=a_refund("r1", "30"))
    with pytest.raises(CannotReverse) as refused:
        reverse(world.keys, person, number)
    assert refused.value.obstacle is Obstacle.MOVED
    assert (world.raised, world.is_right) == (zloty("70"), True)


def test_play_money_has_no_account_on_a_site_with_the_real_provider(world: World, person: Person) -> None:
    stripe = accounts.at_gateway("stripe")
    draft = Draft(EntryKind.TRANSFER, world.clock().date(), zloty("1"), accounts.BANK, stripe)
    with pytest.raises(Refused) as refused:
        book(world.keys, person, draft, Ticket("c" * 32, world.clock()), draft.day)
    assert refused.value.fault is Fault.ACCOUNTS
