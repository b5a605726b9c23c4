"""How each movement of money is written down, compared line by line with a small ledger."""

import pytest

from campaigns.domain.bookkeeping import entry_for, fee_entry, offline_gift_entry
from campaigns.domain.ledger import Entry
from campaigns.domain.money import Money
from campaigns.domain.payment import Effect, PaymentEvent
from campaigns.domain.pledge import Method

TRAVEL = 7
MOVEMENTS = (
    PaymentEvent.PAID,
    PaymentEvent.REFUND,
    PaymentEvent.REFUND_FAILED,
    PaymentEvent.WITHDRAWN,
    PaymentEvent.REINSTATED,
)


def zl(major: str) -> Money:
    return Money.of(major, "PLN")


def booked(event: PaymentEvent, major: str, campaign: int | None = TRAVEL) -> Entry:
    return entry_for(Effect(event, f"{event}:stripe:1", zl(major)), "stripe", campaign)


def assert_reads(entry: Entry, ledger: str) -> None:
    """Compares an entry with its text: kind and effect, then account, campaign if any, amount; spaces do not matter."""
    lines = [f"{entry.kind} {entry.effect}"]
    for posting in entry.postings:
        campaign = f" #{posting.campaign_id}" if posting.campaign_id else ""
        lines.append(f"{posting.account}{campaign} {posting.amount}")
    assert lines == [" ".join(line.split()) for line in ledger.strip().splitlines()]


def test_a_gift_is_money_at_the_provider_and_income_of_its_campaign() -> None:
    assert_reads(
        booked(PaymentEvent.PAID, "50"),
        """
        gift paid:stripe:1
          assets:gateway:stripe          50.00 PLN
          income:donations #7           -50.00 PLN
        """,
    )


def test_a_refund_goes_back_from_the_provider() -> None:
    assert_reads(
        booked(PaymentEvent.REFUND, "40"),
        """
        refund refund:stripe:1
          assets:gateway:stripe         -40.00 PLN
          income:refunds #7              40.00 PLN
        """,
    )


def test_a_refund_that_failed_comes_back() -> None:
    assert_reads(
        booked(PaymentEvent.REFUND_FAILED, "40"),
        """
        refund_failed refund_failed:stripe:1
          assets:gateway:stripe          40.00 PLN
          income:refunds #7             -40.00 PLN
        """,
    )


def test_disputed_money_is_withdrawn() -> None:
    assert_reads(
        booked(PaymentEvent.WITHDRAWN, "50"),
        """
        dispute_withdrawn withdrawn:stripe:1
          assets:gateway:stripe         -50.00 PLN
          income:disputed #7             50.00 PLN
        """,
    )


def test_a_won_dispute_brings_the_money_back() -> None:
    assert_reads(
        booked(PaymentEvent.REINSTATED, "50"),
        """
        dispute_reinstated reinstated:stripe:1
          assets:gateway:stripe          50.00 PLN
          income:disputed #7            -50.00 PLN
        """,
    )


def test_money_that_no_campaign_is_known_for_is_owed_until_someone_assigns_it() -> None:
    assert_reads(
        booked(PaymentEvent.PAID, "50", campaign=None),
        """
        unassigned paid:stripe:1
          assets:gateway:stripe          50.00 PLN
          liabilities:unassigned        -50.00 PLN
        """,
    )


@pytest.mark.parametrize("event", MOVEMENTS)
def test_unassigned_money_never_moves_a_bar(event: PaymentEvent) -> None:
    assert booked(event, "50", campaign=None).raised("PLN") == {}


def test_a_fee_is_an_expense_and_lowers_no_bar() -> None:
    fee = fee_entry("txn_1", zl("1.90"), "stripe")
    assert_reads(
        fee,
        """
        fee fee:stripe:txn_1
          expenses:fees                   1.90 PLN
          assets:gateway:stripe          -1.90 PLN
        """,
    )
    assert fee.raised("PLN") == {}


@pytest.mark.parametrize("method, account", [(Method.CASH, "assets:cash"), (Method.TRANSFER, "assets:bank")])
def test_a_treasurer_books_what_was_given_by_hand(method: Method, account: str) -> None:
    assert_reads(
        offline_gift_entry("offline:2026-11-22/1", zl("200"), method, TRAVEL),
        f"""
        offline_gift offline:2026-11-22/1
          {account}                     200.00 PLN
          income:donations #7          -200.00 PLN
        """,
    )


def test_a_gift_by_hand_is_reversed_line_by_line() -> None:
    assert_reads(
        offline_gift_entry("offline:1", zl("200"), Method.CASH, TRAVEL).reversed(),
        """
        reversal reversal:offline:1
          assets:cash                  -200.00 PLN
          income:donations #7           200.00 PLN
        """,
    )


@pytest.mark.parametrize("method", [method for method in Method if method.is_online])
def test_online_gifts_are_not_booked_by_hand(method: Method) -> None:
    with pytest.raises(ValueError, match="by hand"):
        offline_gift_entry("offline:1", zl("200"), method, TRAVEL)


@pytest.mark.parametrize("major", ["0", "-200"])
def test_a_gift_by_hand_of_less_than_a_grosz_is_no_gift(major: str) -> None:
    with pytest.raises(ValueError, match="nothing"):
        offline_gift_entry("offline:1", zl(major), Method.CASH, TRAVEL)


@pytest.mark.parametrize("event", [event for event in PaymentEvent if event not in MOVEMENTS])
def test_what_moves_no_money_makes_no_entry(event: PaymentEvent) -> None:
    with pytest.raises(KeyError):
        booked(event, "50")


def test_a_provider_without_an_account_is_not_booked_elsewhere() -> None:
    with pytest.raises(ValueError, match="paypal"):
        entry_for(Effect(PaymentEvent.PAID, "paid:paypal:1", zl("50")), "paypal", TRAVEL)
