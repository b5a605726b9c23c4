"""The one list of languages, and how each of them speaks: sentences, plurals, amounts, dates, percents.

Free of Flask, so that letters written outside a request speak too. Adding a language is one line here and one
catalogue in `translations/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from babel.support import NullTranslations, Translations

from campaigns.domain.money import Money

LANGUAGES = {"pl": "Polski", "en": "English"}
# Where a language's own conventions are not the ones we want: dates as Europeans write them.
_LOCALES = {"en": "en_GB"}
DEFAULT = "pl"
WARSAW = ZoneInfo("Europe/Warsaw")

_CATALOGUES = Path(__file__).parent / "translations"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"

# Amounts as the country writes them; a currency's sign where readers look for it.
_SIGNS = {"PLN": "zł", "EUR": "€", "USD": "$"}
_AMOUNT = "#,##0.00"
_ROUND_AMOUNT = "#,##0"

# Polish does not leave one-letter words at the end of a line.
_ORPHAN = re.compile(r"(?<=[\s(„])([aiouwzAIOUWZ]) (?=\S)")


def tie_orphans(text: str) -> str:
    """Polish text with its one-letter words tied to the next word by a no-break space."""
    return _ORPHAN.sub(rf"\1{_NO_BREAK}", _ORPHAN.sub(rf"\1{_NO_BREAK}", " " + text))[1:]


@dataclass(frozen=True)
class Language:
    """One language. Amounts, dates and percents come out with no-break spaces."""

    code: str
    name: str
    locale: Locale = field(repr=False)
    translations: NullTranslations = field(repr=False)

    def gettext(self, message: str) -> str:
        return self.translations.ugettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.translations.ungettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        return self.translations.upgettext(context, message)

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        return self.translations.unpgettext(context, singular, plural, number)

    def money(self, amount: Money) -> str:
        """`5 000 zł`, `12,50 zł`: round amounts without groszy."""
        pattern = _ROUND_AMOUNT if amount.is_whole else _AMOUNT
        number = format_currency(amount.major, amount.currency, pattern, locale=self.locale, currency_digits=False)
        return f"{number}{_NO_BREAK}{_SIGNS[amount.currency]}"

    def exact(self, amount: Money) -> str:
        """`5 000,00 zł`: with groszy always, as in a column of a ledger; less than nothing with a true minus."""
        number = format_currency(amount.major, amount.currency, _AMOUNT, locale=self.locale, currency_digits=False)
        return f"{number.replace('-', _MINUS)}{_NO_BREAK}{_SIGNS[amount.currency]}"

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def percent(self, percent: Decimal) -> str:
        """`45,7%`; takes percents, not a share of one."""
        return format_percent(percent / 100, "#,##0.#%", locale=self.locale)

    def month(self, first: date) -> str:
        """`październik 2026`; the month that this day is in."""
        return format_date(first, "LLLL y", locale=self.locale).replace(" ", _NO_BREAK)

    def date(self, moment: date | datetime) -> str:
        """`30 kwietnia 2027`; the day that it was in Warsaw."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(WARSAW).date()
        return format_date(moment, "long", locale=self.locale).replace(" ", _NO_BREAK, 1)

    def time(self, moment: datetime) -> str:
        """Day and time of day in Warsaw, to the minute."""
        return format_datetime(moment, "d MMMM yyyy, HH:mm", tzinfo=WARSAW, locale=self.locale)

    def prose(self, text: str) -> str:
        """Text that somebody wrote, with this language's typography."""
        return tie_orphans(text) if self.code == "pl" else text


@cache
def language(code: str) -> Language:
    """The language of that code; KeyError where it is not one of ours."""
    return Language(code, LANGUAGES[code], Locale.parse(_LOCALES.get(code, code)), _catalogue(code))


def _catalogue(code: str) -> NullTranslations:
    """The catalogue, compiled in memory when it is first needed: nothing to build, nothing to grow stale."""
    path = _CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code)
    for message in catalogue:
        if code == "pl" and message.id and message.string:
            strings = message.string
            message.string = (
                tie_orphans(strings) if isinstance(strings, str) else tuple(tie_orphans(text) for text in strings)
            )
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


_current: ContextVar[Language | None] = ContextVar("language", default=None)


def current() -> Language:
    """The language that is being spoken; the default one outside `speaking`."""
    return _current.get() or language(DEFAULT)


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Everything inside the block is said in this language."""
    token = _current.set(language(code))
    try:
        yield current()
    finally:
        _current.reset(token)


def speak(code: str) -> Language:
    """Switch to a language for what follows (a request); see `speaking` for a block."""
    _current.set(language(code))
    return current()


def gettext(message: str) -> str:
    return current().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return current().ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    return current().pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    return current().npgettext(context, singular, plural, number)


def negotiate(accept_language: str, offered: Sequence[str] = tuple(LANGUAGES)) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110, 12.5.4).

    The default one where the header is empty; English where it names only languages that we do not speak.
    """
    best, best_weight = DEFAULT, 0
    for part in accept_language[:500].split(","):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        code = tag.split("-")[0].lower()
        if code in offered and weight > best_weight:
            best, best_weight = code, weight
    if best_weight == 0 and accept_language.strip() and "en" in offered:
        return "en"
    return best


def _weight(parameters: str) -> int:
    """A quality value in thousandths; 0 for one that cannot be read."""
    if not parameters.strip():
        return 1000
    match = re.fullmatch(r"\s*q=([01])(?:\.(\d{0,3}))?\s*", parameters)
    return int(match[1] + (match[2] or "").ljust(3, "0")) if match else 0
