"""What the provider keeps is an expense: booked once, and never taken from the bar."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from campaigns.payments.gateway import Topic
from campaigns.services.checking import check_books
from campaigns.services.fees import ASK_AGAIN, book_fees
from campaigns.services.posting import FEE_KNOWN_AFTER
from campaigns.storage.models import postings
from tests.gifts import zloty
from tests.standin import StripeStandIn
from tests.world import World


def on(world: World, account: str) -> int:
    """The balance of an account in groszy."""
    with world.database.reading() as connection:
        total = select(func.coalesce(func.sum(postings.c.amount_minor), 0)).where(postings.c.account == account)
        return int(connection.scalar(total) or 0)


def test_a_fee_is_an_expense_and_the_bar_does_not_feel_it(world: World) -> None:
    world.gave("100")
    world.clock.turn(FEE_KNOWN_AFTER)
    assert book_fees(world.keys, world.clock()) == 1
    assert (on(world, "expenses:fees"), on(world, "assets:gateway:sandbox")) == (250, 9750)
    assert world.raised == zloty("100")
    assert check_books(world.database).faults == []


def test_a_fee_is_not_asked_for_before_the_provider_can_know_it(world: World) -> None:
    world.gave("100")
    assert book_fees(world.keys, world.clock()) == 0


def test_a_fee_is_booked_once(world: World) -> None:
    world.gave("100")
    for _ in range(3):
        world.clock.turn(ASK_AGAIN)
        book_fees(world.keys, world.clock())
    assert on(world, "expenses:fees") == 250


def test_a_gift_that_has_not_come_has_no_fee(world: World) -> None:
    world.bank.decline(world.opened("100"))
    world.tell()
    world.clock.turn(ASK_AGAIN)
    assert book_fees(world.keys, world.clock()) == 0
    assert on(world, "expenses:fees") == 0


def test_a_fee_that_the_provider_does_not_know_yet_is_asked_for_again(world: World) -> None:
    page = world.opened("100")
    gift = world.bank.gift(page)
    world.says(Topic.PAID, gift.payment_id, reference=gift.reference, amount=gift.amount)
    world.clock.turn(ASK_AGAIN)
    assert book_fees(world.keys, world.clock()) == 0, "the site knows of the money before the provider's desk does"
    world.bank.pay(page)
    world.clock.turn(ASK_AGAIN)
    assert book_fees(world.keys, world.clock()) == 1


def test_a_payment_that_the_provider_denies_does_not_hold_up_the_others(world: World) -> None:
    world.says(Topic.PAID, "unheard-of", reference=world.give("100").pledge.reference, amount=zloty("100"))
    world.gave("100")
    world.clock.turn(ASK_AGAIN)
    assert book_fees(world.keys, world.clock()) == 1


def test_a_provider_that_is_down_is_asked_again_later(world: World, stripe: StripeStandIn) -> None:
    world.give("100")
    stripe.pay(stripe.things("checkout.session")[0]["id"])
    stripe.fail_next("error_500", times=3, path="/v1/payment_intents")
    for booked in (0, 1):
        world.clock.turn(ASK_AGAIN)
        assert book_fees(world.keys, world.clock()) == booked
    (line,) = stripe.things("balance_transaction")
    assert on(world, "expenses:fees") == line["fee"]


def test_two_nodes_that_ask_at_once_book_a_fee_once(world: World) -> None:
    world.gave("100")
    world.clock.turn(ASK_AGAIN)
    late = world.clock() + ASK_AGAIN  # so that the first one's claim holds nobody off
    with world.another_node() as other, ThreadPoolExecutor(2) as nodes:
        booked = list(nodes.map(book_fees, (world.keys, other), (world.clock(), late)))
    assert sum(booked) == 1
    assert on(world, "expenses:fees") == 250
