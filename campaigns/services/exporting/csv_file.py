"""CSV: a line for every posting, for spreadsheets and programs; columns and words are the same in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import TextIOWrapper
from typing import IO

from campaigns.services.exporting.about import About, described, moment, one_line
from campaigns.services.exporting.totals import Totals, spelled
from campaigns.storage.export import Booked

COLUMNS = (
    "day", "late_for", "number", "kind", "account", "debit", "credit", "amount", "currency", "campaign", "gateway",
    "memo", "effect", "reverses", "booked_at", "payment",
)  # fmt: skip

# What separates cells, and the decimal mark that goes with it: Polish Excel wants the first, most others the second.
SEPARATORS = {";": ",", ",": "."}

_QUOTE = '"'

# A spreadsheet takes what begins like this for a formula; also behind a separator, if it is opened with the other one.
_FORMULA = re.compile(r"""(^|[;,])([\s'"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")


def write(entries: Iterable[Booked], about: About, totals: Totals, out: IO[bytes], separator: str = ";") -> None:
    """Write the entries, an empty line, their totals, and what was selected; begins with a byte order mark for Excel.

    `totals` is read when all entries have gone by. KeyError for a separator that is none of ours.
    """
    text = TextIOWrapper(out, "utf-8", newline="\r\n")
    text.write("\N{BYTE ORDER MARK}")
    text.write(separator.join(COLUMNS) + "\n")
    text.writelines(_lines(entries, separator))
    text.write("\n")
    text.writelines(_ends(about, totals, separator))
    text.detach()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    if text[:1].isalnum() and ";" not in text and "," not in text and text.isprintable():
        return text  # as nearly all are; the long way round takes ten times as long
    return _FORMULA.sub(r"\1\2'", one_line(text))


def _cell(text: str | None) -> str:
    """A text as a cell, always in quotes: then it holds separators and quotes without harm."""
    return f'"{harmless(text).replace(_QUOTE, _QUOTE * 2)}"' if text else ""


# A handful of names, over and over.
_name = lru_cache(maxsize=1024)(_cell)


def _lines(entries: Iterable[Booked], separator: str) -> Iterator[str]:
    """What is the same in all lines of an entry is written once: this is where the time goes."""
    s, mark = separator, SEPARATORS[separator]
    for number, day, late_for, kind, gateway, memo, effect, reverses, payment, booked_at, lines in entries:
        head = f"{day}{s}{late_for or ''}{s}{number}{s}{kind}"
        tail = (
            f"{_name(gateway)}{s}{_cell(memo)}{s}{_cell(effect)}{s}{reverses or ''}{s}{booked_at}{s}{payment or ''}\n"
        )
        for _, account, campaign, minor, currency in lines:
            amount = spelled(abs(minor), currency, mark)
            sides = f"{amount}{s}{s}{amount}" if minor > 0 else f"{s}{amount}{s}-{amount}"
            yield f"{head}{s}{account}{s}{sides}{s}{currency}{s}{_name(campaign)}{s}{tail}"


def _ends(about: About, totals: Totals, separator: str) -> Iterator[str]:
    for total in totals.by_account():
        sides = total.told(SEPARATORS[separator])
        yield _filled(separator, ["", "", "", "total", total.account, *sides, total.currency])
    said = f"{described(about.selection)}; {totals.entries} entries, {totals.lines} lines; {moment(about.made_at)}"
    yield _filled(separator, ["", "", "", "selection", *[""] * 7, _cell(said)])


def _filled(separator: str, cells: list[str]) -> str:
    """A line with as many cells as all others."""
    return separator.join([*cells, *[""] * (len(COLUMNS) - len(cells))]) + "\n"
