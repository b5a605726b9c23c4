"""Amounts as people type them. What can be read in two ways is never guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from campaigns.domain.money import EXPONENTS, Money

# No gift needs more; what is longer is not looked at.
LONGEST = 40
# More digits before the decimal sign are more than anybody has.
_MOST_DIGITS = 15

_SPACES = re.compile("[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}]")
_WORDS = {"PLN": ("złotych", "złote", "złoty", "zł", "zl", "pln"), "EUR": ("€", "euro", "eur"), "USD": ("$", "usd")}
_MINUS = re.compile("^[-\N{MINUS SIGN}\N{EN DASH}]")
_NOTHING_AFTER = re.compile("[.,](?:-|\N{EN DASH}|--)?$")  # `50,-` and `50,`

_WHOLE = r"\d+|\d{1,3}(?: \d{3})+"
_PLAIN = re.compile(rf"(?P<whole>{_WHOLE})(?:[.,](?P<part>\d+))?", re.ASCII)
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?:\.\d{3})+),(?P<part>\d+)|(?P<whole2>\d{1,3}(?:,\d{3})+)\.(?P<part2>\d+)"
    r"|(?P<whole3>\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,}))",
    re.ASCII,
)
_AMBIGUOUS = re.compile(r"(?P<left>[1-9]\d{0,2})[.,](?P<right>\d{3})", re.ASCII)


class Problem(StrEnum):
    """What is wrong with an amount."""

    EMPTY = "empty"
    HIDDEN = "hidden"  # control characters, or ones that change the direction of writing
    TOO_LONG = "too long"
    NEGATIVE = "negative"
    OTHER_CURRENCY = "other currency"
    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"
    TOO_FINE = "too fine"
    ZERO = "zero"
    TOO_SMALL = "too small"
    TOO_LARGE = "too large"


class BadAmount(Exception):
    """The text is no amount that can be given. `readings`: what an ambiguous one could mean, the smaller first."""

    def __init__(self, problem: Problem, readings: tuple[Money, Money] | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.readings = readings


def read_amount(text: str, minimum: Money, maximum: Money) -> Money:
    """The amount that somebody typed, in the currency of `minimum`; BadAmount says what is wrong.

    Takes `50`, `50,00`, `50.00`, `1 000`, `1 000,50 zł`, `1.000,50`, `PLN 50` and every kind of space.
    """
    amount = _number(_bare(text, minimum.currency), minimum.currency)
    if not amount:
        raise BadAmount(Problem.ZERO)
    if amount < minimum:
        raise BadAmount(Problem.TOO_SMALL)
    if amount > maximum:
        raise BadAmount(Problem.TOO_LARGE)
    return amount


def _bare(text: str, currency: str) -> str:
    """The text without currency and outer spaces, its inner spaces made plain."""
    text = text.strip()
    if not text:
        raise BadAmount(Problem.EMPTY)
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") for character in text):
        raise BadAmount(Problem.HIDDEN)
    if len(text) > LONGEST:
        raise BadAmount(Problem.TOO_LONG)
    text = _without_currency(_SPACES.sub(" ", text).casefold(), currency)
    if _MINUS.match(text):
        raise BadAmount(Problem.NEGATIVE)
    return _NOTHING_AFTER.sub("", text)


def _without_currency(text: str, currency: str) -> str:
    for code, words in _WORDS.items():
        for word in words:
            bare = text.removesuffix(f"{word}.").removesuffix(word).removeprefix(word).strip()
            if bare != text:
                if code != currency:
                    raise BadAmount(Problem.OTHER_CURRENCY)
                return bare
    return text


def _number(text: str, currency: str) -> Money:
    if match := _AMBIGUOUS.fullmatch(text):
        raise BadAmount(Problem.AMBIGUOUS, _readings(match["left"], match["right"], currency))
    if match := _PLAIN.fullmatch(text):
        whole, part = match["whole"], match["part"]
    elif match := _GROUPED.fullmatch(text):
        whole = match["whole"] or match["whole2"] or match["whole3"]
        part = match["part"] or match["part2"]
    else:
        raise BadAmount(Problem.UNREADABLE)
    part = part or ""
    if len(part) > EXPONENTS[currency]:
        raise BadAmount(Problem.TOO_FINE)
    digits = re.sub("[ .,]", "", whole).lstrip("0")
    if len(digits) > _MOST_DIGITS:
        raise BadAmount(Problem.TOO_LARGE)
    return Money.of(Decimal(f"{digits or 0}.{part or 0}"), currency)


def _readings(left: str, right: str, currency: str) -> tuple[Money, Money]:
    """Of `1.500`: one and a half, and one and a half thousand."""
    fine = right[: EXPONENTS[currency]]
    return Money.of(Decimal(f"{left}.{fine}"), currency), Money.of(left + right, currency)
