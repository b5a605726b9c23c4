"""Entries: an unbalanced one cannot exist, a reversal undoes, and the raised figure comes out of postings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain import accounts
from campaigns.domain.ledger import Entry, EntryKind, Posting, UnbalancedEntry, raised_by_campaign
from campaigns.domain.money import CurrencyMismatch, Money

TRAVEL, COURTS = 7, 8
amounts = st.integers(-(10**12), 10**12).filter(bool).map(lambda minor: Money(minor, "PLN"))


def zl(major: str) -> Money:
    return Money.of(major, "PLN")


def eur(major: str) -> Money:
    return Money.of(major, "EUR")


def entry(*postings: Posting) -> Entry:
    return Entry(EntryKind.GIFT, "paid:stripe:1", postings)


def gift(major: str, campaign: int) -> Entry:
    return entry(Posting(accounts.BANK, zl(major)), Posting(accounts.DONATIONS, -zl(major), campaign))


@settings(max_examples=40)
@given(st.lists(amounts, min_size=2, max_size=6))
def test_an_entry_exists_exactly_when_its_postings_sum_to_zero(lines: list[Money]) -> None:
    postings = [Posting(accounts.BANK, line) for line in lines]
    missing = -Money.total(lines, "PLN")
    if missing:
        with pytest.raises(UnbalancedEntry):
            entry(*postings)
        postings.append(Posting(accounts.CASH, missing))
    assert Money.total((line.amount for line in entry(*postings).postings), "PLN") == Money.zero("PLN")


def test_zloty_do_not_balance_euro() -> None:
    with pytest.raises(UnbalancedEntry, match="EUR"):
        entry(Posting(accounts.BANK, zl("50")), Posting(accounts.CASH, -eur("50")))


def test_an_exchange_balances_in_each_currency() -> None:
    exchange = entry(
        Posting(accounts.at_gateway("stripe"), eur("10")),
        Posting(accounts.CONVERSION, -eur("10")),
        Posting(accounts.CONVERSION, zl("43")),
        Posting(accounts.DONATIONS, -zl("43"), TRAVEL),
    )
    assert exchange.raised("PLN") == {TRAVEL: zl("43")}


def test_an_entry_of_nothing_is_no_entry() -> None:
    with pytest.raises(UnbalancedEntry):
        entry()


def test_an_entry_cannot_be_unbalanced_afterwards_through_a_list() -> None:
    postings = [Posting(accounts.BANK, zl("1")), Posting(accounts.CASH, -zl("1"))]
    with pytest.raises(TypeError, match="tuple"):
        Entry(EntryKind.GIFT, "paid:stripe:1", postings)  # type: ignore[arg-type]  # what must not happen


def test_a_posting_of_nothing_is_no_posting() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Posting(accounts.BANK, Money.zero("PLN"))


def test_money_is_posted_on_known_accounts_only() -> None:
    with pytest.raises(ValueError, match="assets:mattress"):
        Posting("assets:mattress", zl("1"))


@pytest.mark.parametrize("account", sorted(accounts.RAISED))
def test_what_counts_as_raised_belongs_to_a_campaign(account: str) -> None:
    with pytest.raises(ValueError, match="by campaign"):
        Posting(account, zl("1"))


def test_a_reversal_undoes_every_posting() -> None:
    undone = gift("50", TRAVEL).reversed()
    assert undone.kind is EntryKind.REVERSAL
    assert undone.effect == "reversal:paid:stripe:1"
    assert undone.raised("PLN") == {TRAVEL: -zl("50")}
    assert raised_by_campaign(gift("50", TRAVEL).postings + undone.postings, "PLN") == {TRAVEL: zl("0")}


def test_reversed_twice_the_postings_are_the_first_ones_and_the_effect_is_a_third() -> None:
    first = gift("50", TRAVEL)
    again = first.reversed().reversed()
    assert again.postings == first.postings
    assert len({first.effect, first.reversed().effect, again.effect}) == 3


def test_raised_is_gifts_less_refunds_and_withdrawn_money_and_knows_no_fees() -> None:
    postings = [
        Posting(accounts.DONATIONS, -zl("100"), TRAVEL),
        Posting(accounts.REFUNDS, zl("40"), TRAVEL),
        Posting(accounts.DISPUTED, zl("60"), TRAVEL),
        Posting(accounts.DISPUTED, -zl("60"), TRAVEL),
        Posting(accounts.FEES, zl("2"), TRAVEL),
        Posting(accounts.TAX, -zl("900"), TRAVEL),
        Posting(accounts.DONATIONS, -zl("5"), COURTS),
    ]
    assert raised_by_campaign(postings, "PLN") == {TRAVEL: zl("60"), COURTS: zl("5")}


def test_income_in_another_currency_than_the_campaign_is_not_added_in_silence() -> None:
    with pytest.raises(CurrencyMismatch):
        raised_by_campaign([Posting(accounts.DONATIONS, -eur("5"), TRAVEL)], "PLN")


def test_a_campaign_without_postings_is_not_in_the_sums() -> None:
    assert raised_by_campaign([], "PLN") == {}
