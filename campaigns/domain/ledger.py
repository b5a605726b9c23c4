"""Double-entry bookkeeping: entries whose postings sum to zero in every currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from campaigns.domain import accounts
from campaigns.domain.money import Money


class EntryKind(StrEnum):
    """What happened, in the words of the books."""

    GIFT = "gift"
    FEE = "fee"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_REINSTATED = "dispute_reinstated"
    UNASSIGNED = "unassigned"
    OFFLINE_GIFT = "offline_gift"
    ASSIGNMENT = "assignment"  # money that no campaign was known for finds its own
    EXPENSE = "expense"
    TRANSFER = "transfer"
    OPENING = "opening"
    REVERSAL = "reversal"


class UnbalancedEntry(ValueError):
    """The postings of an entry do not sum to zero."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry: an amount on an account (debit positive), for a campaign where there is one."""

    account: str
    amount: Money
    campaign_id: int | None = None

    def __post_init__(self) -> None:
        if self.account not in accounts.ALL:
            raise ValueError(f"there is no account {self.account!r}")
        if not self.amount:
            raise ValueError("a posting of nothing")
        if self.account in accounts.RAISED and self.campaign_id is None:
            raise ValueError(f"{self.account} is kept by campaign")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the books say of one event. `effect` is unique: the same event is never booked twice."""

    kind: EntryKind
    effect: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.postings, tuple):
            raise TypeError("postings are a tuple: a list could still be changed")
        sums: dict[str, Money] = {}
        for posting in self.postings:
            currency = posting.amount.currency
            sums[currency] = sums.get(currency, Money.zero(currency)) + posting.amount
        if len(self.postings) < 2 or any(sums.values()):
            raise UnbalancedEntry(f"{self.effect}: {', '.join(map(str, sums.values()))}")

    @property
    def campaign_id(self) -> int | None:
        """The one campaign that this entry concerns; None where it concerns none, or more than one."""
        concerned = {posting.campaign_id for posting in self.postings if posting.campaign_id is not None}
        return concerned.pop() if len(concerned) == 1 else None

    @property
    def amount(self) -> Money:
        """What the entry moves: all its debits, in the currency of the first."""
        debits = [posting.amount for posting in self.postings if posting.amount.minor > 0]
        currency = debits[0].currency
        return Money.total((amount for amount in debits if amount.currency == currency), currency)

    def raised(self, currency: str) -> dict[int, Money]:
        """How much this entry changes the raised figure of each campaign, in the campaigns' `currency`."""
        return raised_by_campaign(self.postings, currency)

    def reversed(self) -> Entry:
        """The entry that undoes this one; its effect names what it reverses, so it too exists once at most."""
        postings = tuple(replace(posting, amount=-posting.amount) for posting in self.postings)
        return Entry(EntryKind.REVERSAL, f"reversal:{self.effect}", postings)


def raised_by_campaign(postings: Iterable[Posting], currency: str) -> dict[int, Money]:
    """The raised figure of each campaign out of postings: the negated sum over the accounts that count."""
    sums: dict[int, Money] = {}
    for posting in postings:
        if posting.account in accounts.RAISED and posting.campaign_id is not None:
            before = sums.get(posting.campaign_id, Money.zero(currency))
            sums[posting.campaign_id] = before - posting.amount
    return sums
