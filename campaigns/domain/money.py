"""Amounts of money: whole minor units of one currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

# Minor-unit exponents of the currencies that are enabled (ISO 4217; Stripe's table agrees for these three).
# Explicit on purpose: Babel's and the providers' tables differ for others, and a wrong one is wrong money.
EXPONENTS = {"PLN": 2, "EUR": 2, "USD": 2}

# Refuses to round, where Decimal's own context rounds in silence at 28 digits.
_EXACT = Context(traps=[Inexact, InvalidOperation, Overflow])


class CurrencyMismatch(TypeError):
    """Amounts of unlike currencies were added, subtracted or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (grosz, cent) of an enabled currency; may be negative."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        if self.currency not in EXPONENTS:
            raise ValueError(f"currency {self.currency!r} is not enabled")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def of(cls, major: Decimal | int | str, currency: str) -> Money:
        """From major units (złoty, euro).

        TypeError for a float or a bool; ValueError for what is no number, or has more decimals than the currency.
        """
        if type(major) not in (Decimal, int, str):
            raise TypeError(f"an amount is not written as {type(major).__name__}")
        scale = EXPONENTS[cls.zero(currency).currency]
        try:
            minor = int(_EXACT.create_decimal(major).scaleb(scale, _EXACT).to_integral_exact(context=_EXACT))
        except ArithmeticError:
            raise ValueError(f"{major} has more decimals than {currency}, or is no number") from None
        return cls(minor, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of many amounts, zero of `currency` when there are none."""
        result = cls.zero(currency)
        for amount in amounts:
            result += amount
        return result

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    @property
    def is_whole(self) -> bool:
        """True when there are no groszy or cents to show."""
        return self.major == self.major.to_integral_value()

    def _same(self, other: object) -> Money:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money, not with {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} does not go with {other.currency}")
        return other

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def rounded_down(self, step: Money) -> Money:
        """The largest multiple of `step` that is not above this amount; ValueError if the step is not positive."""
        if step.minor <= 0:
            raise ValueError("steps go upwards")
        return Money(self.minor - self.minor % self._same(step).minor, self.currency)

    def percent_of(self, whole: Money) -> Decimal:
        """This amount in percent of `whole`, not rounded."""
        return Decimal(self.minor) * 100 / Decimal(self._same(whole).minor)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Shares in proportion to `weights`; the remainder is dealt out, so the shares always add up to the whole.

        ValueError if the weights are empty, negative or all zero.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must be positive")
        sign = -1 if self.minor < 0 else 1
        shares = [abs(self.minor) * weight // whole for weight in weights]
        heirs = [place for place, weight in enumerate(weights) if weight]
        for turn in range(abs(self.minor) - sum(shares)):
            shares[heirs[turn % len(heirs)]] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"
