"""Money that goes back: refunds in part and whole, disputes, and those that come in the wrong order."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import select

from campaigns.domain.ledger import EntryKind
from campaigns.domain.payment import Dispute, DisputeState, PaymentState, Refund, RefundState
from campaigns.payments.gateway import Topic
from campaigns.storage.alerts import AlertKind
from campaigns.storage.inbox import NoticeState
from campaigns.storage.models import payments
from tests.gifts import zloty
from tests.world import World

REFUND = Refund("refund-1", zloty("40"), RefundState.SUCCEEDED)
DISPUTE = Dispute("dispute-1", zloty("100"), DisputeState.OPEN, withdrawn=True)


def payment_state(world: World) -> str | None:
    with world.database.reading() as connection:
        return connection.scalar(select(payments.c.state))


# Money goes back.


def test_two_equal_refunds_in_part_are_two(world: World) -> None:
    payment = world.gave("100")
    for key in ("first", "second"):
        world.bank.refund(payment, zloty("30"), key)
    world.tell()
    assert (world.raised, world.booked(EntryKind.REFUND)) == (zloty("40"), 2)
    assert world.tally().supporters == 1


def test_a_gift_that_went_back_whole_leaves_no_supporter_but_was_a_gift(world: World) -> None:
    world.bank.refund(world.gave("100"), zloty("100"), "whole")
    world.tell()
    total = world.tally()
    assert (total.raised, total.supporters, total.gifts) == (zloty("0"), 0, 1)
    assert world.is_right


def test_a_refund_that_the_bank_sends_back_counts_again(world: World) -> None:
    gift = world.bank.refund(world.gave("100"), zloty("100"), "whole")
    world.bank.return_refund(gift.refunds[0].id)
    world.tell()
    assert (world.raised, world.tally().supporters) == (zloty("100"), 1)
    assert world.is_right


def test_a_refund_told_before_its_payment_waits_for_it(world: World) -> None:
    assert world.says(Topic.REFUND, refund=REFUND, object_id=REFUND.id).state is NoticeState.WAITING
    world.money_comes()
    assert world.raised == zloty("60")
    assert world.inbox() == {"done": 2}


def test_more_refunded_than_was_paid_is_kept_for_a_human(world: World) -> None:
    world.money_comes("30")
    assert world.says(Topic.REFUND, refund=REFUND, object_id=REFUND.id).state is NoticeState.UNFIT
    assert (world.raised, world.alerts()) == (zloty("30"), [AlertKind.UNFIT_NOTICE])
    assert world.is_right


def test_more_refunded_than_was_paid_is_kept_for_a_human_when_it_was_told_first(world: World) -> None:
    world.says(Topic.REFUND, refund=REFUND, object_id=REFUND.id)
    assert world.money_comes("30").state is NoticeState.DONE
    assert (world.raised, world.alerts()) == (zloty("30"), [AlertKind.UNFIT_NOTICE])
    assert world.inbox() == {"done": 1, "unfit": 1}


def test_a_refund_that_fits_after_all_needs_no_human(world: World) -> None:
    gift = world.bank.refund(world.gave("100"), zloty("100"), "first")
    first = world.hear()
    world.bank.return_refund(gift.refunds[0].id)
    returned = world.hear()
    world.bank.refund(gift.payment_id, zloty("100"), "second")
    second = world.hear()
    world.deliver(first + second)
    assert world.alerts() == [AlertKind.UNFIT_NOTICE]
    world.deliver(returned)
    assert (world.raised, world.alerts(), set(world.inbox())) == (zloty("0"), [], {"done"})


def test_a_refund_that_came_back_before_it_could_be_booked_needs_no_human(world: World) -> None:
    gift = world.bank.refund(world.gave("100"), zloty("100"), "first")
    first = world.hear()
    world.bank.return_refund(gift.refunds[0].id)
    returned = world.hear()
    world.bank.refund(gift.payment_id, zloty("20"), "second")
    world.deliver(world.hear() + first + returned)
    assert (world.raised, world.alerts(), set(world.inbox())) == (zloty("80"), [], {"done"})


# Disputes.


def test_a_dispute_takes_the_money_and_tells_the_treasurer(world: World) -> None:
    world.bank.dispute(world.gave("100"))
    world.tell()
    assert (world.raised, world.alerts(), payment_state(world)) == (
        zloty("0"), [AlertKind.DISPUTE], PaymentState.DISPUTED)  # fmt: skip
    assert world.is_right


def test_a_dispute_that_is_won_gives_the_money_back(world: World) -> None:
    payment = world.gave("100")
    world.bank.dispute(payment)
    world.bank.win(payment)
    world.tell()
    assert (world.raised, payment_state(world), world.tally().supporters) == (zloty("100"), PaymentState.WON, 1)


def test_a_dispute_that_is_lost_keeps_the_money_away(world: World) -> None:
    payment = world.gave("100")
    world.bank.dispute(payment)
    world.bank.lose(payment)
    world.tell()
    assert (world.raised, payment_state(world), world.tally().supporters) == (zloty("0"), PaymentState.LOST, 0)
    assert world.is_right


def test_a_dispute_that_moved_no_money_yet_changes_no_figure_and_tells_the_treasurer(world: World) -> None:
    payment = world.gave("100")
    inquiry = Dispute("dispute-1", zloty("100"), DisputeState.OPEN)
    world.says(Topic.DISPUTE, payment, dispute=inquiry, object_id=inquiry.id)
    assert (world.raised, world.alerts()) == (zloty("100"), [AlertKind.DISPUTE])


def test_a_dispute_told_before_its_payment_tells_the_treasurer_too(world: World) -> None:
    assert world.says(Topic.DISPUTE, dispute=DISPUTE, object_id=DISPUTE.id).state is NoticeState.WAITING
    world.money_comes()
    assert (world.raised, world.alerts()) == (zloty("0"), [AlertKind.DISPUTE])


def test_unassigned_money_can_go_back(world: World) -> None:
    world.money_comes(reference=token_hex(16))
    assert world.says(Topic.REFUND, refund=REFUND, object_id=REFUND.id).state is NoticeState.DONE
    assert world.booked(EntryKind.UNASSIGNED) == 2
    assert world.is_right
