"""What an export adds up while it is written, and how every amount in it is spelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from campaigns.domain.money import EXPONENTS, Money
from campaigns.storage.export import Booked


# An entry says the same amount twice, and donors like the same few.
@lru_cache(maxsize=4096)
def spelled(minor: int, currency: str, mark: str = ".") -> str:
    """An amount that is not negative as a decimal number, exact, with all its decimals: 1234 groszy are `12.34`."""
    exponent = EXPONENTS[currency]
    whole, part = divmod(minor, 10**exponent)
    return f"{whole}{mark}{str(part).zfill(exponent)}" if exponent else str(whole)


def signed(minor: int, currency: str, mark: str = ".") -> str:
    """The same for any amount: -1234 groszy are `-12.34`."""
    return f"-{spelled(-minor, currency, mark)}" if minor < 0 else spelled(minor, currency, mark)


@dataclass(frozen=True, slots=True)
class Total:
    """What all lines on one account in one currency come to; the balance is debit minus credit."""

    account: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        return self.debit - self.credit

    @property
    def currency(self) -> str:
        return self.debit.currency

    def told(self, mark: str = ".") -> tuple[str, str, str]:
        """Debit, credit and balance, spelled."""
        debit, credit, balance = (
            signed(side.minor, self.currency, mark) for side in (self.debit, self.credit, self.balance)
        )
        return debit, credit, balance


@dataclass(slots=True)
class Totals:
    """Sums by account and currency, and how many entries and lines they are of; they grow while entries go by."""

    entries: int = 0
    lines: int = 0
    _debits: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _credits: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def counting(self, entries: Iterable[Booked]) -> Iterator[Booked]:
        """The same entries, each added up as it goes by."""
        debits, credits_ = self._debits, self._credits
        for entry in entries:
            self.entries += 1
            self.lines += len(entry.lines)
            for _, account, _, minor, currency in entry.lines:
                if minor > 0:
                    debits[account, currency] += minor
                else:
                    credits_[account, currency] -= minor
            yield entry

    def by_account(self) -> list[Total]:
        """The totals so far, by account and currency."""
        found = sorted(self._debits.keys() | self._credits.keys())
        return [
            Total(each[0], *(Money(side[each], each[1]) for side in (self._debits, self._credits))) for each in found
        ]
