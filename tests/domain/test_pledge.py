"""The moves that a promise can make, written out once more, and how long its page speaks."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from campaigns.domain.money import Money
from campaigns.domain.pledge import MOVES, Method, Pledge, PledgeEvent, PledgeState, move

TABLE = """
    started    processing -> open
    started    paid       -> fulfilled
    started    failed     -> cancelled
    started    expired    -> expired
    started    cancelled  -> cancelled
    started    activated  -> active
    open       paid       -> fulfilled
    open       failed     -> cancelled
    open       expired    -> expired
    open       cancelled  -> cancelled
    open       activated  -> active
    active     paid       -> active
    active     cancelled  -> cancelled
    expired    processing -> open
    expired    paid       -> fulfilled
    cancelled  processing -> open
    cancelled  paid       -> fulfilled
    fulfilled  paid       -> fulfilled
"""
ROWS = {(before, event): after for before, event, _, after in map(str.split, TABLE.strip().splitlines())}


@pytest.mark.parametrize("state, event", list(product(PledgeState, PledgeEvent)))
def test_a_pledge_moves_as_the_table_says_and_not_otherwise(state: PledgeState, event: PledgeEvent) -> None:
    assert move(state, event) == ROWS.get((state, event))


def test_the_table_of_the_program_has_no_row_more() -> None:
    assert {(str(state), str(event)): str(after) for (state, event), after in MOVES.items()} == ROWS


@pytest.mark.parametrize("state", [PledgeState.STARTED, PledgeState.OPEN, PledgeState.EXPIRED, PledgeState.CANCELLED])
def test_money_fulfils_a_promise_however_late_it_comes(state: PledgeState) -> None:
    assert move(state, PledgeEvent.PAID) is PledgeState.FULFILLED


@pytest.mark.parametrize("event", [PledgeEvent.FAILED, PledgeEvent.EXPIRED, PledgeEvent.CANCELLED])
def test_a_fulfilled_promise_is_not_undone_by_late_news(event: PledgeEvent) -> None:
    assert move(PledgeState.FULFILLED, event) is None


def test_only_blik_przelewy24_and_cards_go_through_a_provider() -> None:
    assert [method for method in Method if method.is_online] == [Method.BLIK, Method.P24, Method.CARD]


def test_the_page_of_a_gift_goes_neutral_an_hour_after_the_last_news() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    pledge = Pledge(
        1,
        "r",
        "t",
        7,
        Money.of(50, "PLN"),
        Method.BLIK,
        "pl",
        PledgeState.FULFILLED,
        noon - timedelta(days=3),
        noon,
        noon,
    )
    assert not pledge.is_neutral(noon + timedelta(minutes=59, seconds=59))
    assert pledge.is_neutral(noon + timedelta(hours=1))
