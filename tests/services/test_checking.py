"""`flask books check` finds every kind of lie that somebody with a database console could tell."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from campaigns.domain.campaign import Figures
from campaigns.domain.pledge import Method
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.checking import check_books
from campaigns.services.jobs import run_jobs
from tests.gifts import zloty
from tests.world import World, new_fund

GUARDED = "guarded-fund"


@pytest.fixture
def busy(world: World) -> World:
    """Books with a bit of everything in them."""
    new_fund(world.database, GUARDED, figures=Figures.GUARDED)
    run_jobs(world.keys, world.clock())
    world.bank.refund(world.gave("100"), zloty("40"), "part")
    world.bank.dispute(world.gave("30"))
    world.bank.pay_later(world.opened("25"))
    world.tell()
    world.gave("60", slug=GUARDED)
    book_offline_gift(world.database, GUARDED, zloty("7"), Method.CASH, "pl", world.clock())
    return world


def lie(world: World, statement: str) -> None:
    with world.database.transaction() as connection:
        assert connection.execute(text(statement)).rowcount > 0


def test_honest_books_have_no_fault(busy: World) -> None:
    check = check_books(busy.database)
    assert check.faults == []
    assert {proof.slug: proof.booked.raised for proof in check.proofs} == {
        "legal-travel-fund": zloty("60"), GUARDED: zloty("67")}  # fmt: skip


@pytest.mark.parametrize(
    "statement, fault",
    [
        ("UPDATE campaign_totals SET raised_minor = raised_minor + 1", "the booked total is"),
        ("UPDATE campaign_totals SET pledged_minor = 0 WHERE pledged_minor > 0", "stand as pledged"),
        ("UPDATE campaign_totals SET supporters = supporters - 1", "supporters and"),
        ("UPDATE campaign_totals SET gifts = gifts + 1", "gifts stand"),
        ("DELETE FROM campaign_totals WHERE raised_minor = 6700", "there is no booked total"),
        ("UPDATE payments SET net_minor = net_minor - 1 WHERE net_minor > 0", "than its entries"),
        ("UPDATE payments SET refunded_minor = 0 WHERE refunded_minor > 0", "than came and stayed"),
        ("UPDATE payments SET withdrawn_minor = 0 WHERE withdrawn_minor > 0", "than came and stayed"),
        ("UPDATE payments SET state = 'failed' WHERE state = 'pending'", "stand as pledged"),
        ("UPDATE payments SET state = 'failed' WHERE state = 'paid'", "than came and stayed"),
        ("UPDATE payments SET campaign_id = NULL WHERE state = 'paid'", "than came and stayed"),
        ("UPDATE snapshots SET raised_minor = 1234", "not rounded"),
        ("UPDATE snapshots SET pledged_minor = 1", "not rounded"),
        ("UPDATE snapshots SET gifts = 99", "know of more gifts"),
    ],
)
def test_a_figure_that_was_changed_by_hand_is_found(busy: World, statement: str, fault: str) -> None:
    lie(busy, statement)
    assert fault in "; ".join(check_books(busy.database).faults)


def test_an_entry_that_no_longer_balances_is_found(busy: World) -> None:
    """Only somebody who takes the guards away first can make one."""
    with busy.database.transaction() as connection:
        if busy.database.is_sqlite:
            connection.execute(text("DROP TRIGGER postings_no_update"))
        else:
            connection.execute(text("ALTER TABLE postings DISABLE TRIGGER postings_append_only"))
    lie(busy, "UPDATE postings SET amount_minor = amount_minor + 1 WHERE entry_id = 1 AND line = 1")
    assert "entry 1 does not balance" in check_books(busy.database).faults


def test_a_posting_that_was_taken_out_is_found(busy: World) -> None:
    with busy.database.transaction() as connection:
        if busy.database.is_sqlite:
            connection.execute(text("DROP TRIGGER postings_no_delete"))
        else:
            connection.execute(text("ALTER TABLE postings DISABLE TRIGGER postings_append_only"))
    lie(busy, "DELETE FROM postings WHERE entry_id = 1")
    assert "entry 1 does not balance" in check_books(busy.database).faults
