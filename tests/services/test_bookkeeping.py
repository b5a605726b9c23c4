"""What a treasurer books by hand, and how a mistake is put right: by another entry, never by an eraser."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from campaigns.domain.campaign import Kind
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.checking import check_books
from campaigns.services.reversing import CannotReverse
from campaigns.storage import books
from campaigns.storage.models import entries
from tests.gifts import zloty
from tests.world import FUND, World, new_fund


def book(world: World, amount: str = "70", method: Method = Method.CASH, slug: str = FUND) -> str:
    return book_offline_gift(world.database, slug, zloty(amount), method, "pl", world.clock())


def kinds(world: World) -> list[str]:
    with world.database.reading() as connection:
        return list(connection.scalars(select(entries.c.kind).order_by(entries.c.id)))


@pytest.mark.parametrize("method, account", [(Method.CASH, "assets:cash"), (Method.TRANSFER, "assets:bank")])
def test_an_offline_gift_counts_as_soon_as_it_is_booked(world: World, method: Method, account: str) -> None:
    effect = book(world, "70", method)
    with world.database.reading() as connection:
        found = books.entry_by_effect(connection, effect)
    assert found is not None
    assert [(line.account, line.amount) for line in found[2].postings] == [
        (account, zloty("70")), ("income:donations", zloty("-70"))]  # fmt: skip
    assert (world.raised, world.tally().supporters, world.tally().gifts) == (zloty("70"), 1, 1)
    assert check_books(world.database).faults == []


def test_a_reversal_undoes_the_figures_and_keeps_both_entries(world: World) -> None:
    effect = book(world)
    book(world, "20")
    world.reverse(effect)
    assert (world.raised, world.tally().supporters, world.tally().gifts) == (zloty("20"), 1, 2)
    assert kinds(world) == ["offline_gift", "offline_gift", "reversal"]
    assert check_books(world.database).faults == []


def test_a_reversal_happens_once(world: World) -> None:
    effect = book(world)
    world.reverse(effect)
    with pytest.raises(CannotReverse):
        world.reverse(effect)
    assert world.raised == zloty("0")


def test_two_treasurers_who_reverse_at_once_reverse_once(world: World) -> None:
    effect = book(world)

    def reverse(_: int) -> bool:
        try:
            return world.reverse(effect) > 0
        except CannotReverse:
            return False

    with ThreadPoolExecutor(4) as treasurers:
        assert sorted(treasurers.map(reverse, range(4))) == [False, False, False, True]
    assert (world.raised, kinds(world)) == (zloty("0"), ["offline_gift", "reversal"])


def test_only_what_was_booked_by_hand_is_reversed_by_hand(world: World) -> None:
    payment = world.gave("50")
    reversal = f"reversal:{book(world)}"
    for effect in (f"paid:sandbox:{payment}", reversal, "paid:offline:unknown", ""):
        with pytest.raises(CannotReverse):
            world.reverse(effect)
    assert world.raised == zloty("120")


def test_what_is_no_offline_gift_is_not_booked(world: World) -> None:
    new_fund(world.database, "tax-1-5", kind=Kind.TAX_APPEAL, krs="0000000000")
    with pytest.raises(LookupError):
        book(world, slug="unknown")
    with pytest.raises(ValueError, match="not given by hand"):
        book(world, method=Method.BLIK)
    with pytest.raises(ValueError, match="more than nothing"):
        book(world, "0")
    with pytest.raises(ValueError, match="takes no gifts"):
        book(world, slug="tax-1-5")
    with pytest.raises(ValueError, match="takes no gifts in EUR"):
        book_offline_gift(world.database, FUND, Money.of(5, "EUR"), Method.CASH, "pl", world.clock())
    assert kinds(world) == []
