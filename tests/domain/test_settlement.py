"""What must be booked for what a provider says of one payment, case by case."""

from dataclasses import replace

import pytest

from campaigns.domain.money import Money
from campaigns.domain.payment import (
    Dispute,
    DisputeState,
    Facts,
    PaymentState,
    Refund,
    RefundState,
    Settlement,
    Standing,
    settle,
)


def zl(major: int) -> Money:
    return Money.of(major, "PLN")


PAID = Facts("stripe:1", zl(100), paid=True)
OPENED = Dispute("du_1", zl(60), DisputeState.OPEN)
TAKEN = replace(OPENED, withdrawn=True)
WON = replace(TAKEN, state=DisputeState.WON, reinstated=True)
BACK = replace(WON, withdrawn=False)  # the notice of the withdrawal never came
LOST = replace(TAKEN, state=DisputeState.LOST)


def refund(number: int, major: int, state: RefundState = RefundState.SUCCEEDED) -> Refund:
    return Refund(f"re_{number}", zl(major), state)


class Payment:
    """A payment of 100 zł that is settled again with each new set of facts."""

    def __init__(self) -> None:
        self.result = Settlement(Standing.expected(zl(100)), (), unfit=False)
        self.booked: list[str] = []

    def hears(self, facts: Facts) -> None:
        self.result = settle(self.result.standing, facts, frozenset(self.booked))
        self.booked += [effect.key for effect in self.result.effects]

    def is_(self, state: PaymentState, net: int) -> bool:
        return (self.result.standing.state, self.result.standing.net) == (state, zl(net))


@pytest.fixture
def payment() -> Payment:
    return Payment()


def test_a_payment_is_booked_once_however_often_it_is_told(payment: Payment) -> None:
    payment.hears(PAID)
    payment.hears(PAID)
    assert payment.booked == ["paid:stripe:1"]
    assert payment.is_(PaymentState.PAID, 100)


def test_money_that_came_is_booked_as_it_came_and_not_as_it_was_promised(payment: Payment) -> None:
    payment.hears(replace(PAID, amount=zl(120)))
    assert payment.is_(PaymentState.PAID, 120)


def test_money_in_another_currency_than_expected_waits_for_a_human(payment: Payment) -> None:
    payment.hears(replace(PAID, amount=Money.of(100, "EUR")))
    assert payment.booked == []
    assert payment.result.unfit


def test_a_payment_that_failed_books_nothing_and_is_not_unfit(payment: Payment) -> None:
    payment.hears(Facts("stripe:1", zl(100), failed=True))
    assert payment.is_(PaymentState.FAILED, 0)
    assert (payment.booked, payment.result.unfit) == ([], False)


def test_a_second_try_succeeds_after_a_first_that_failed(payment: Payment) -> None:
    payment.hears(Facts("stripe:1", zl(100), failed=True))
    payment.hears(replace(PAID, failed=True))
    assert payment.is_(PaymentState.PAID, 100)


def test_a_late_failure_does_not_take_back_what_was_paid(payment: Payment) -> None:
    payment.hears(PAID)
    payment.hears(replace(PAID, failed=True))
    assert payment.is_(PaymentState.PAID, 100)


def test_two_equal_partial_refunds_are_two(payment: Payment) -> None:
    payment.hears(replace(PAID, refunds=(refund(1, 30), refund(2, 30))))
    assert payment.booked == ["paid:stripe:1", "refund:stripe:re_1", "refund:stripe:re_2"]
    assert payment.is_(PaymentState.PARTLY_REFUNDED, 40)


def test_the_same_refund_told_as_pending_and_as_done_is_one(payment: Payment) -> None:
    payment.hears(replace(PAID, refunds=(refund(1, 30, RefundState.PENDING),)))
    payment.hears(replace(PAID, refunds=(refund(1, 30),)))
    assert payment.is_(PaymentState.PARTLY_REFUNDED, 70)


def test_a_refund_told_before_its_payment_waits_and_is_not_unfit(payment: Payment) -> None:
    facts = replace(PAID, paid=False, refunds=(refund(1, 100),))
    payment.hears(facts)
    assert (payment.booked, payment.result.unfit) == ([], False)
    payment.hears(replace(facts, paid=True))
    assert payment.is_(PaymentState.REFUNDED, 0)


def test_a_refund_that_failed_before_it_was_booked_moves_nothing(payment: Payment) -> None:
    payment.hears(replace(PAID, refunds=(refund(1, 30, RefundState.FAILED),)))
    assert payment.booked == ["paid:stripe:1"]
    assert payment.is_(PaymentState.PAID, 100)


def test_a_refund_that_failed_after_it_was_booked_is_taken_back_once(payment: Payment) -> None:
    payment.hears(replace(PAID, refunds=(refund(1, 30),)))
    payment.hears(replace(PAID, refunds=(refund(1, 30, RefundState.FAILED),)))
    payment.hears(replace(PAID, refunds=(refund(1, 30, RefundState.FAILED),)))
    assert payment.booked == ["paid:stripe:1", "refund:stripe:re_1", "refund-failed:stripe:re_1"]
    assert payment.is_(PaymentState.PAID, 100)


def test_a_refund_that_failed_makes_room_for_its_second_try(payment: Payment) -> None:
    payment.hears(replace(PAID, refunds=(refund(9, 100),)))
    payment.hears(replace(PAID, refunds=(refund(1, 100), refund(9, 100, RefundState.FAILED))))
    assert payment.booked[-2:] == ["refund-failed:stripe:re_9", "refund:stripe:re_1"]
    assert payment.is_(PaymentState.REFUNDED, 0)


def test_an_opened_dispute_moves_no_money(payment: Payment) -> None:
    payment.hears(replace(PAID, disputes=(OPENED,)))
    assert payment.is_(PaymentState.PAID, 100)


def test_a_dispute_lowers_the_bar_when_the_money_is_withdrawn(payment: Payment) -> None:
    payment.hears(replace(PAID, disputes=(TAKEN,)))
    assert payment.is_(PaymentState.DISPUTED, 40)


@pytest.mark.parametrize("told", [(OPENED, TAKEN, WON), (WON,), (TAKEN, WON), (WON, WON), (BACK,)])
def test_a_won_dispute_leaves_the_whole_gift(payment: Payment, told: tuple[Dispute, ...]) -> None:
    for dispute in told:
        payment.hears(replace(PAID, disputes=(dispute,)))
    assert payment.booked == ["paid:stripe:1", "withdrawn:stripe:du_1", "reinstated:stripe:du_1"]
    assert payment.is_(PaymentState.WON, 100)


@pytest.mark.parametrize("told", [(OPENED, TAKEN, LOST), (LOST,), (TAKEN, LOST, LOST)])
def test_a_lost_dispute_keeps_the_money_away(payment: Payment, told: tuple[Dispute, ...]) -> None:
    for dispute in told:
        payment.hears(replace(PAID, disputes=(dispute,)))
    assert payment.booked == ["paid:stripe:1", "withdrawn:stripe:du_1"]
    assert payment.is_(PaymentState.LOST, 40)


def test_a_lost_dispute_that_is_reinstated_after_all_counts_again(payment: Payment) -> None:
    payment.hears(replace(PAID, disputes=(LOST,)))
    payment.hears(replace(PAID, disputes=(replace(LOST, reinstated=True),)))
    assert payment.is_(PaymentState.WON, 100)


def test_a_dispute_lost_before_its_money_is_withdrawn_waits_for_the_money(payment: Payment) -> None:
    payment.hears(replace(PAID, disputes=(replace(OPENED, state=DisputeState.LOST),)))
    assert payment.is_(PaymentState.PAID, 100)


def test_a_partly_refunded_payment_can_be_disputed_for_the_rest(payment: Payment) -> None:
    payment.hears(replace(PAID, refunds=(refund(1, 40),)))
    payment.hears(replace(PAID, refunds=(refund(1, 40),), disputes=(TAKEN,)))
    assert payment.is_(PaymentState.DISPUTED, 0)


def test_a_refund_during_a_dispute_goes_from_what_is_left(payment: Payment) -> None:
    payment.hears(replace(PAID, disputes=(TAKEN,)))
    payment.hears(replace(PAID, disputes=(TAKEN,), refunds=(refund(1, 40),)))
    assert payment.is_(PaymentState.DISPUTED, 0)
    payment.hears(replace(PAID, disputes=(WON,), refunds=(refund(1, 40),)))
    assert payment.is_(PaymentState.PARTLY_REFUNDED, 60)


def test_a_won_dispute_gives_back_its_own_money_and_not_what_another_one_holds(payment: Payment) -> None:
    whole = Dispute("du_2", zl(100), DisputeState.OPEN, withdrawn=True)
    payment.hears(replace(PAID, disputes=(whole,)))
    payment.hears(replace(PAID, refunds=(refund(1, 60),), disputes=(WON, whole)))
    assert payment.is_(PaymentState.DISPUTED, 0)
    given_back = replace(whole, state=DisputeState.WON, reinstated=True)
    payment.hears(replace(PAID, refunds=(refund(1, 60),), disputes=(WON, given_back)))
    assert payment.is_(PaymentState.PARTLY_REFUNDED, 40)


def test_a_payment_that_failed_at_first_can_still_be_lost_in_a_dispute(payment: Payment) -> None:
    payment.hears(replace(PAID, failed=True, disputes=(LOST,)))
    assert payment.is_(PaymentState.LOST, 40)


@pytest.mark.parametrize(
    "facts",
    [
        replace(PAID, refunds=(refund(1, 101),)),
        replace(PAID, refunds=(refund(1, 100), refund(2, 1))),
        replace(PAID, disputes=(replace(TAKEN, amount=zl(101)),)),
        replace(PAID, disputes=(TAKEN,), refunds=(refund(1, 41),)),
        replace(PAID, refunds=(Refund("re_1", Money.of(1, "EUR"), RefundState.SUCCEEDED),)),
    ],
)
def test_more_going_back_than_came_is_left_to_a_human_and_never_booked(payment: Payment, facts: Facts) -> None:
    payment.hears(facts)
    payment.hears(facts)
    assert payment.result.unfit
    assert payment.result.standing.net >= zl(0)


def test_two_providers_may_give_the_same_id_to_two_refunds() -> None:
    facts = replace(PAID, refunds=(refund(1, 10),))
    keys = [
        {effect.key for effect in settle(Standing.expected(zl(100)), replace(facts, key=key), frozenset()).effects}
        for key in ("stripe:1", "sandbox:1")
    ]
    assert not keys[0] & keys[1]
