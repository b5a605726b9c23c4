"""Which part of the ledger an address means: everything that was chosen stands in it, and nothing about a donor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode

from campaigns.domain import accounts
from campaigns.domain.campaign import is_slug
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import EXPONENTS, Money
from campaigns.domain.periods import FIRST_DAY, LAST_DAY, Span
from campaigns.domain.selection import Selection
from campaigns.language import gettext
from campaigns.web.forms.amount import BadAmount, Problem, read_amount
from campaigns.web.forms.complaints import about_amount

CURRENCY = "PLN"
LONGEST_WORDS = 100
_LEAST_MINOR, _MOST_MINOR = 1, 10**15


def read_selection(given: Mapping[str, str]) -> tuple[Selection, list[str]]:
    """What the address asks for, and a sentence for everything in it that cannot be meant.

    Whoever gets a sentence must not show or export the selection as if it were the one that was wished.
    """
    complaints: list[str] = []
    currency = given.get("currency") or CURRENCY
    if currency not in EXPONENTS:
        complaints.append(gettext("There is no such currency in the books."))
        currency = CURRENCY
    selection = Selection(
        span=read_span(given, complaints, Span()),
        campaign=_one_of(given, "campaign", is_slug, gettext("There is no such campaign."), complaints),
        account=_one_of(given, "account", accounts.ALL.__contains__, gettext("There is no such account."), complaints),
        kind=_kind(given, complaints),
        gateway=_one_of(
            given, "gateway", accounts.GATEWAYS.__contains__, gettext("There is no such payment provider."), complaints
        ),
        least=_amount(given.get("least", ""), currency, complaints),
        most=_amount(given.get("most", ""), currency, complaints),
        words=_words(given, complaints),
    )
    if selection.least and selection.most and selection.most < selection.least:
        complaints.append(gettext("The smallest amount is larger than the largest."))
    return selection, complaints


def fields_of(selection: Selection) -> dict[str, str]:
    """The selection as the fields of an address, or of a form; only those that narrow it."""
    span, bound = selection.span, selection.least or selection.most
    fields = {
        "from": span.first.isoformat() if span.first != FIRST_DAY else "",
        "to": span.last.isoformat() if span.last != LAST_DAY else "",
        "campaign": selection.campaign or "",
        "account": selection.account or "",
        "kind": selection.kind or "",
        "gateway": selection.gateway or "",
        "least": _typed(selection.least),
        "most": _typed(selection.most),
        "currency": bound.currency if bound and bound.currency != CURRENCY else "",
        "words": selection.words,
    }
    return {name: value for name, value in fields.items() if value}


def query_of(selection: Selection, **more: str) -> str:
    """The query of an address that means this selection; `more` is added to it. "" for everything."""
    return urlencode(fields_of(selection) | {name: value for name, value in more.items() if value})


def read_day(text: str, complaints: list[str]) -> date | None:
    """A day as browsers send it (2026-11-22); None where none is given, or after noting what is wrong."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        complaints.append(gettext("We cannot read this date. Write it like this: 2026-11-22."))
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        complaints.append(gettext("The books have days from the year 2000 to the year 2199."))
        return None
    return day


def read_span(given: Mapping[str, str], complaints: list[str], otherwise: Span) -> Span:
    """The days `from` and `to`, both included, each as in `otherwise` where it is not given."""
    first = read_day(given.get("from", ""), complaints) or otherwise.first
    last = read_day(given.get("to", ""), complaints) or max(otherwise.last, first)
    if last < first:
        complaints.append(gettext("The last day is before the first."))
        return otherwise
    return Span(first, last)


def _one_of(
    given: Mapping[str, str], name: str, is_known: Callable[[str], bool], sentence: str, complaints: list[str]
) -> str | None:
    value = given.get(name, "")
    if not value or is_known(value):
        return value or None
    complaints.append(sentence)
    return None


def _kind(given: Mapping[str, str], complaints: list[str]) -> EntryKind | None:
    sentence = gettext("There is no such kind of entry.")
    known = _one_of(given, "kind", frozenset(EntryKind).__contains__, sentence, complaints)
    return EntryKind(known) if known else None


def _amount(typed: str, currency: str, complaints: list[str]) -> Money | None:
    if not typed.strip():
        return None
    lowest, highest = Money(_LEAST_MINOR, currency), Money(_MOST_MINOR, currency)
    try:
        return read_amount(typed, lowest, highest)
    except BadAmount as bad:
        # What donors are told of other faults is about gifts.
        told = bad if bad.readings else BadAmount(Problem.UNREADABLE)
        complaints.append(about_amount(told, lowest, highest))
        return None


def _typed(amount: Money | None) -> str:
    """An amount that can be read in one way only, in every language."""
    return f"{amount.major:.2f}" if amount else ""


def _words(given: Mapping[str, str], complaints: list[str]) -> str:
    words = " ".join(given.get("words", "").split())
    if not words.isprintable():
        complaints.append(gettext("The words held invisible characters. Type them anew."))
        return ""
    if len(words) > LONGEST_WORDS:
        complaints.append(gettext("Look for fewer words at once."))
        return ""
    if "@" in words:
        complaints.append(
            gettext("The ledger holds no e-mail addresses and no names. Nothing was looked for: look in the gifts.")
        )
        return ""
    return words
