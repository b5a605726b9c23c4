"""A gift that was counted for the wrong campaign is counted for the right one, and all that comes later follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from secrets import token_hex

import pytest
from sqlalchemy import func, select

from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.people import Person, Role
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import GatewayError, Topic
from campaigns.services.audit_trail import Action
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.correcting import CannotCorrect, Obstacle, correct
from campaigns.services.jobs import run_jobs
from campaigns.storage import audit_log, staff
from campaigns.storage.database import lock
from campaigns.storage.models import entries, payments, pledges
from tests.gifts import GATEWAY, a_refund, zloty
from tests.world import FUND, World, new_fund

OTHER, TAX, EUROS = "office-fund", "tax-1-5", "euro-fund"


@pytest.fixture
def treasurer(world: World) -> Person:
    new_fund(world.database, OTHER)
    with world.database.transaction() as connection:
        number = staff.add(connection, "t@example.org", "T", Role.TREASURER, "pl", world.clock())
    return Person(number, "t@example.org", "T", Role.TREASURER, "pl")


def number_of(world: World, object_id: str) -> int:
    with world.database.reading() as connection:
        number: int = connection.execute(select(payments.c.id).where(payments.c.object_id == object_id)).scalar_one()
    return number


def figures(world: World, slug: str) -> tuple[int, int, int, int]:
    """Raised and pledged in groszy, supporters, gifts."""
    total = world.tally(slug)
    return total.raised.minor, total.pledged.minor, total.supporters, total.gifts


def refusal(world: World, person: Person, number: int, home: str, to: str) -> Obstacle:
    with pytest.raises(CannotCorrect) as no:
        correct(world.keys, person, number, home, to)
    assert world.is_right
    return no.value.obstacle


def test_a_gift_leaves_one_bar_and_joins_the_other(world: World, treasurer: Person) -> None:
    payment = world.gave("100")
    correct(world.keys, treasurer, number_of(world, payment), FUND, OTHER)
    assert figures(world, FUND) == (0, 0, 0, 0)
    assert figures(world, OTHER) == (10000, 0, 1, 1)
    assert world.is_right


def test_what_was_booked_stays_and_is_reversed(world: World, treasurer: Person) -> None:
    payment = world.gave("100")
    world.bank.refund(payment, zloty("40"), "part")
    world.tell()
    correct(world.keys, treasurer, number_of(world, payment), FUND, OTHER)
    assert [world.booked(kind) for kind in (EntryKind.GIFT, EntryKind.REFUND, EntryKind.REVERSAL)] == [2, 2, 2]
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (6000, 0, 1, 1))


def test_later_refunds_and_disputes_follow_the_gift(world: World, treasurer: Person) -> None:
    payment = world.gave("100")
    correct(world.keys, treasurer, number_of(world, payment), FUND, OTHER)
    world.bank.refund(payment, zloty("30"), "part")
    world.bank.dispute(payment)
    world.tell()
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (0, 0, 0, 1))
    assert world.is_right


def test_a_refund_from_before_that_fails_afterwards_counts_for_the_new_campaign(
    world: World, treasurer: Person
) -> None:
    gift = world.bank.refund(world.gave("100"), zloty("40"), "part")
    world.tell()
    correct(world.keys, treasurer, number_of(world, gift.payment_id), FUND, OTHER)
    world.bank.return_refund(gift.refunds[0].id)
    world.tell()
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (10000, 0, 1, 1))
    assert world.is_right


def test_a_gift_can_be_corrected_there_and_back_again_and_again(world: World, treasurer: Person) -> None:
    number = number_of(world, world.gave("100"))
    for _ in range(3):
        correct(world.keys, treasurer, number, FUND, OTHER)
        correct(world.keys, treasurer, number, OTHER, FUND)
    assert (figures(world, FUND), figures(world, OTHER)) == ((10000, 0, 1, 1), (0, 0, 0, 0))
    assert world.is_right


def test_money_on_its_way_is_pledged_to_the_new_campaign_and_comes_there(world: World, treasurer: Person) -> None:
    gift = world.bank.pay_later(world.opened("100"))
    world.tell()
    correct(world.keys, treasurer, number_of(world, gift.payment_id), FUND, OTHER)
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (0, 10000, 0, 0))
    world.clock.turn(timedelta(minutes=1))
    world.tell()
    assert (figures(world, OTHER), world.is_right) == ((10000, 0, 1, 1), True)


def test_cash_is_corrected_too_and_can_be_reversed_afterwards_by_what_stands(world: World, treasurer: Person) -> None:
    effect = book_offline_gift(world.database, FUND, zloty("70"), Method.CASH, "pl", world.clock())
    correct(world.keys, treasurer, number_of(world, effect.rpartition(":")[2]), FUND, OTHER)
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (7000, 0, 1, 1))
    assert world.is_right


def test_a_donor_who_paid_twice_supports_both_campaigns_when_one_of_the_two_is_corrected(
    world: World, treasurer: Person
) -> None:
    reference = world.give("100").pledge.reference
    for payment in ("first", "second"):
        world.says(Topic.PAID, payment, reference=reference, amount=zloty("100"))
    assert figures(world, FUND) == (20000, 0, 1, 2)
    correct(world.keys, treasurer, number_of(world, "first"), FUND, OTHER)
    assert (figures(world, FUND), figures(world, OTHER)) == ((10000, 0, 1, 1), (10000, 0, 1, 1))
    correct(world.keys, treasurer, number_of(world, "second"), FUND, OTHER)
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (20000, 0, 1, 2))
    assert world.is_right


def test_the_promise_goes_along(world: World, treasurer: Person) -> None:
    correct(world.keys, treasurer, number_of(world, world.gave()), FUND, OTHER)
    with world.database.reading() as connection:
        homes = connection.execute(
            select(pledges.c.campaign_id, payments.c.campaign_id).join_from(pledges, payments)
        ).one()
    assert homes[0] == homes[1]


def test_a_form_that_is_sent_twice_moves_the_gift_once(world: World, treasurer: Person) -> None:
    number = number_of(world, world.gave("100"))
    correct(world.keys, treasurer, number, FUND, OTHER)
    assert refusal(world, treasurer, number, FUND, OTHER) is Obstacle.MOVED
    assert world.booked(EntryKind.REVERSAL) == 1


def test_only_a_fund_of_the_same_currency_can_take_it(world: World, treasurer: Person) -> None:
    new_fund(world.database, TAX, kind=Kind.TAX_APPEAL, goal=None, krs="0000123456")
    euros = Money.of(5, "EUR")
    new_fund(world.database, EUROS, currency="EUR", goal=None, minimum=euros, maximum=euros)
    number = number_of(world, world.gave())
    assert refusal(world, treasurer, number, FUND, FUND) is Obstacle.SAME
    assert refusal(world, treasurer, number, FUND, TAX) is Obstacle.NO_FUND
    assert refusal(world, treasurer, number, FUND, EUROS) is Obstacle.OTHER_CURRENCY
    assert refusal(world, treasurer, number, FUND, "nowhere") is Obstacle.NO_FUND
    assert refusal(world, treasurer, number + 1, FUND, OTHER) is Obstacle.UNKNOWN


def test_unassigned_money_is_assigned_and_not_corrected(world: World, treasurer: Person) -> None:
    world.money_comes(reference=token_hex(16))
    assert refusal(world, treasurer, number_of(world, "payment-1"), FUND, OTHER) is Obstacle.UNASSIGNED


def test_it_is_in_the_audit_log(world: World, treasurer: Person) -> None:
    number = number_of(world, world.gave())
    correct(world.keys, treasurer, number, FUND, OTHER)
    with world.database.snapshot() as connection:
        (sealed,) = audit_log.all_records(connection)
    record = sealed.record
    assert (record.staff_id, record.action, record.subject, record.detail) == (
        treasurer.id, Action.CAMPAIGN_CORRECTED, f"payment:{number}", f"{FUND} > {OTHER}")  # fmt: skip


def test_a_guarded_campaign_never_publishes_more_gifts_than_it_has(world: World, treasurer: Person) -> None:
    new_fund(world.database, "guarded-fund", figures=Figures.GUARDED)
    run_jobs(world.keys, world.clock())
    given = [world.gave(slug="guarded-fund") for _ in range(3)]
    world.clock.moment = world.clock.moment.replace(hour=18)
    run_jobs(world.keys, world.clock())
    correct(world.keys, treasurer, number_of(world, given[0]), "guarded-fund", OTHER)
    assert world.is_right


def test_a_refund_that_is_told_at_the_same_moment_is_counted_once_and_in_the_right_place(
    world: World, treasurer: Person
) -> None:
    for _ in range(8):
        payment = world.gave("100")
        number = number_of(world, payment)
        world.bank.refund(payment, zloty("40"), token_hex(4))
        heard = world.hear()
        with world.another_node() as node, ThreadPoolExecutor(2) as two:
            told = two.submit(world.deliver, heard, node)
            correct(world.keys, treasurer, number, FUND, OTHER)
            told.result()
        assert world.is_right
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (48000, 0, 8, 8))


def test_a_correction_waits_for_a_refund_that_is_being_booked(world: World, treasurer: Person) -> None:
    payment = world.gave("100")
    with world.another_node() as node, ThreadPoolExecutor(1) as aside:
        with node.database.transaction() as connection:
            lock(connection, f"{GATEWAY}:{payment}")
            a_refund(connection, payment, "refund-1", zloty("40"))
            moved = aside.submit(correct, world.keys, treasurer, number_of(world, payment), FUND, OTHER)
            with pytest.raises(TimeoutError):
                moved.result(timeout=0.5)
        moved.result()
    assert (figures(world, FUND), figures(world, OTHER)) == ((0, 0, 0, 0), (6000, 0, 1, 1))
    assert world.is_right


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_to_gifts_that_wander_the_books_stay_right(world: World, treasurer: Person, seed: int) -> None:
    chance, slugs = Random(seed), (FUND, OTHER)
    given = [world.gave("100", Method.CARD, chance.choice(slugs)) for _ in range(3)]
    for _ in range(20):
        payment = chance.choice(given)
        happen(world, treasurer, payment, chance)
        world.tell()
        assert world.is_right
    left = sum(world.bank.gift(payment).left.minor for payment in given)
    assert sum(figures(world, slug)[0] for slug in slugs) == left


def happen(world: World, treasurer: Person, payment: str, chance: Random) -> None:
    """A refund, one that comes back, a dispute, its end, or a correction, if it can be."""
    gift = world.bank.gift(payment)
    refunds = [refund.id for refund in gift.refunds] or [payment]
    try:
        match chance.choice(("refund", "return", "dispute", "win", "lose", "move", "move")):
            case "refund":
                world.bank.refund(payment, zloty(str(chance.randint(1, 60))), token_hex(4))
            case "return":
                world.bank.return_refund(chance.choice(refunds))
            case "dispute":
                world.bank.dispute(payment)
            case "win":
                world.bank.win(payment)
            case "lose":
                world.bank.lose(payment)
            case _:
                _move(world, treasurer, number_of(world, payment))
    except GatewayError:
        pass


def _move(world: World, treasurer: Person, number: int) -> None:
    try:
        correct(world.keys, treasurer, number, FUND, OTHER)
    except CannotCorrect:
        correct(world.keys, treasurer, number, OTHER, FUND)


def test_every_effect_is_booked_once(world: World, treasurer: Person) -> None:
    number = number_of(world, world.gave())
    correct(world.keys, treasurer, number, FUND, OTHER)
    correct(world.keys, treasurer, number, OTHER, FUND)
    with world.database.reading() as connection:
        effects = set(connection.scalars(select(entries.c.effect).where(entries.c.payment_id == number)))
        count = connection.scalar(select(func.count()).where(entries.c.payment_id == number))
    paid = next(effect for effect in effects if effect.startswith("paid:"))
    assert count == 5
    assert effects == {
        paid, f"reversal:{paid}", f"moved:0:{paid}", f"reversal:moved:0:{paid}", f"moved:1:{paid}"}  # fmt: skip
