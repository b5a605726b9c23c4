"""The moves that a payment can make, written out once more, with the money that decides what comes after."""

from itertools import product

import pytest

from campaigns.domain.money import Money
from campaigns.domain.payment import MOVES, RANKS, DisputeState, PaymentEvent, PaymentState, RefundState, Standing

# A payment of 100 zł in each state: what was refunded, what is withdrawn.
STANDINGS = {
    "pending": (0, 0),
    "failed": (0, 0),
    "paid": (0, 0),
    "partly_refunded": (40, 0),
    "refunded": (100, 0),
    "disputed": (20, 60),
    "won": (0, 0),
    "lost": (20, 60),
}
TABLE = """
    pending          paid          100 -> paid
    pending          failed          0 -> failed
    failed           paid          100 -> paid
    paid             refund         40 -> partly_refunded
    paid             refund        100 -> refunded
    paid             withdrawn     100 -> disputed
    partly_refunded  refund         40 -> partly_refunded
    partly_refunded  refund         60 -> refunded
    partly_refunded  refund_failed  10 -> partly_refunded
    partly_refunded  refund_failed  40 -> paid
    partly_refunded  withdrawn      60 -> disputed
    refunded         refund_failed  40 -> partly_refunded
    refunded         refund_failed 100 -> paid
    disputed         refund         20 -> disputed
    disputed         refund_failed  20 -> disputed
    disputed         withdrawn      20 -> disputed
    disputed         reinstated     10 -> disputed
    disputed         reinstated     60 -> partly_refunded
    disputed         lost            0 -> lost
    won              refund         40 -> partly_refunded
    won              refund        100 -> refunded
    won              withdrawn     100 -> disputed
    lost             refund         20 -> disputed
    lost             refund_failed  20 -> disputed
    lost             withdrawn      20 -> disputed
    lost             reinstated     60 -> partly_refunded
"""
ROWS = [
    (before, event, int(amount), after)
    for before, event, amount, _, after in map(str.split, TABLE.strip().splitlines())
]
TOO_MUCH = """
    paid             refund        101
    paid             withdrawn     101
    partly_refunded  refund         61
    partly_refunded  refund_failed  41
    partly_refunded  withdrawn      61
    refunded         refund_failed 101
    disputed         refund         21
    disputed         refund_failed  21
    disputed         withdrawn      21
    disputed         reinstated     61
    won              withdrawn     101
    lost             reinstated     61
"""


def zl(major: int) -> Money:
    return Money.of(major, "PLN")


def standing(state: str) -> Standing:
    refunded, withdrawn = STANDINGS[state]
    return Standing(PaymentState(state), zl(100), zl(refunded), zl(withdrawn))


@pytest.mark.parametrize("before, event, amount, after", ROWS)
def test_a_payment_moves_as_the_table_says(before: str, event: str, amount: int, after: str) -> None:
    moved = standing(before).after(PaymentEvent(event), zl(amount))
    assert moved
    assert moved.state == after


@pytest.mark.parametrize(
    "state, event", sorted(set(product(PaymentState, PaymentEvent)) - {(before, event) for before, event, *_ in ROWS})
)
def test_what_the_table_does_not_name_fits_no_move(state: str, event: str) -> None:
    assert standing(state).after(PaymentEvent(event), zl(10)) is None


def test_the_table_of_the_program_names_the_same_pairs() -> None:
    assert {(state, event) for state, events in MOVES.items() for event in events} == {row[:2] for row in ROWS}


@pytest.mark.parametrize("before, event, amount", list(map(str.split, TOO_MUCH.strip().splitlines())))
def test_more_than_came_never_goes_back_nor_comes_back_than_went(before: str, event: str, amount: str) -> None:
    assert standing(before).after(PaymentEvent(event), zl(int(amount))) is None


def test_a_negative_refund_is_not_a_way_to_raise_the_bar() -> None:
    assert standing("partly_refunded").after(PaymentEvent.REFUND, zl(-10)) is None


@pytest.mark.parametrize("event", [PaymentEvent.REFUND, PaymentEvent.WITHDRAWN])
def test_euro_do_not_go_back_from_a_payment_in_zloty(event: PaymentEvent) -> None:
    assert standing("paid").after(event, Money.of(10, "EUR")) is None


@pytest.mark.parametrize(
    "state, net",
    [
        ("pending", 0),
        ("failed", 0),
        ("paid", 100),
        ("partly_refunded", 60),
        ("refunded", 0),
        ("disputed", 20),
        ("won", 100),
    ],
)
def test_raised_is_what_came_less_what_went_back(state: str, net: int) -> None:
    assert standing(state).net == zl(net)


@pytest.mark.parametrize("state", PaymentState)
def test_only_money_that_is_being_processed_is_pledged(state: str) -> None:
    assert standing(state).pledged == (zl(100) if state == "pending" else zl(0))


@pytest.mark.parametrize("kind, order", [(RefundState, "pending succeeded failed"), (DisputeState, "open won lost")])
def test_late_news_ranks_below_what_came_of_it(kind: type[RefundState | DisputeState], order: str) -> None:
    assert sorted(kind, key=RANKS.__getitem__) == order.split()
