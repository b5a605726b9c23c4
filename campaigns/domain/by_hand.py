"""What may be booked by hand, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.domain import accounts
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method

_OFFLINE_ACCOUNTS = {Method.CASH: accounts.CASH, Method.TRANSFER: accounts.BANK}


@dataclass(frozen=True, slots=True)
class Sides:
    """Which accounts a kind of entry by hand may debit and credit, and whether it is of a campaign (None: may be)."""

    debit: frozenset[str]
    credit: frozenset[str]
    campaign: bool | None


BY_HAND: dict[EntryKind, Sides] = {
    EntryKind.OFFLINE_GIFT: Sides(frozenset(_OFFLINE_ACCOUNTS.values()), frozenset({accounts.DONATIONS}), True),
    EntryKind.EXPENSE: Sides(accounts.EXPENSES, accounts.OWN, None),
    EntryKind.TRANSFER: Sides(accounts.OWN, accounts.OWN, False),
    EntryKind.OPENING: Sides(accounts.OWN, frozenset({accounts.OPENING}), False),
    EntryKind.ASSIGNMENT: Sides(frozenset({accounts.UNASSIGNED}), frozenset({accounts.DONATIONS}), True),
}


def entry_by_hand(
    kind: EntryKind, effect: str, amount: Money, debit: str, credit: str, campaign_id: int | None = None
) -> Entry:
    """What a treasurer books; the campaign stands on the lines of income and expenses.

    ValueError for a kind that is not booked by hand, accounts or a campaign that do not go with it, or no amount.
    """
    sides = BY_HAND.get(kind)
    if sides is None:
        raise ValueError(f"{kind} is not booked by hand")
    if debit not in sides.debit or credit not in sides.credit or debit == credit:
        raise ValueError(f"{kind} is not booked from {credit} to {debit}")
    if sides.campaign is not None and sides.campaign is not (campaign_id is not None):
        raise ValueError(f"{kind} {'needs a' if sides.campaign else 'has no'} campaign")
    if amount <= Money.zero(amount.currency):
        raise ValueError("an entry by hand is of more than nothing")
    by_campaign = accounts.INCOME | accounts.EXPENSES
    lines = ((debit, amount), (credit, -amount))
    return Entry(
        kind,
        effect,
        tuple(Posting(account, part, campaign_id if account in by_campaign else None) for account, part in lines),
    )


def offline_account(method: Method) -> str:
    """Where money lies that was given without a provider; ValueError for an online method."""
    if method not in _OFFLINE_ACCOUNTS:
        raise ValueError(f"{method} is not given by hand")
    return _OFFLINE_ACCOUNTS[method]


def offline_method(account: str) -> Method:
    """The other way round; KeyError for an account that no offline gift comes to."""
    return {kept: method for method, kept in _OFFLINE_ACCOUNTS.items()}[account]
