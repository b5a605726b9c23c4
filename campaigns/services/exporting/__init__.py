"""Exporting a part of the books, which is noted in the audit log before anybody gets the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from campaigns.domain.people import Person
from campaigns.domain.selection import Selection
from campaigns.services import audit_trail
from campaigns.services.audit_trail import Action
from campaigns.services.exporting import beancount, csv_file, hledger, xlsx
from campaigns.services.exporting.about import About, described
from campaigns.services.exporting.totals import Totals
from campaigns.services.keys import Keys
from campaigns.storage import campaigns, export
from campaigns.storage import totals as sums
from campaigns.storage.database import Connection
from campaigns.storage.export import Booked
from campaigns.storage.totals import Group, Sum

# How many entries have been written, of how many.
Watch = Callable[[int, int], None]
_WATCHED_EVERY = 1000


class Format(StrEnum):
    """The forms in which the books can be had."""

    CSV = "csv"
    XLSX = "xlsx"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"


# How each file's name ends, and what it is called when it is sent.
SUFFIXES = {Format.CSV: "csv", Format.XLSX: "xlsx", Format.HLEDGER: "journal", Format.BEANCOUNT: "beancount"}
TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.HLEDGER: "text/plain; charset=utf-8",
    Format.BEANCOUNT: "text/plain; charset=utf-8",
}
SEPARATORS = tuple(csv_file.SEPARATORS)


class UnknownCampaign(LookupError):
    """There is no such campaign: an empty export of it would look like one without gifts."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is exported, and how; `separator`, one of SEPARATORS, is for CSV."""

    selection: Selection
    form: Format
    separator: str = SEPARATORS[0]


def export_books(keys: Keys, person: Person | None, order: Order, out: IO[bytes], watch: Watch | None = None) -> Totals:
    """Write the order to a file that is open, note it in the audit log, and return what it adds up to.

    One state of the database, in constant memory, and nobody is kept from writing. The file is worth nothing, and must
    not be given to anybody, unless this returns. `person` is None for a command. UnknownCampaign if there is none.
    """
    about = About(keys.settings.organisation.name, order.selection, keys.now())
    totals = Totals()
    with keys.database.snapshot() as connection:
        _must_know(connection, order.selection)
        with closing(export.selected(connection, order.selection)) as found:
            entries = totals.counting(found)
            if watch is not None:
                entries = _watched(entries, export.number_of(connection, order.selection), watch)
            _write(entries, order, about, totals, out)
    with keys.database.transaction() as connection:
        detail = f"{order.form}, {totals.entries} entries: {described(order.selection, words=False)}"
        audit_trail.note(connection, keys, person, Action.EXPORTED, "books", detail)
    return totals


def _write(entries: Iterable[Booked], order: Order, about: About, totals: Totals, out: IO[bytes]) -> None:
    match order.form:
        case Format.CSV:
            csv_file.write(entries, about, totals, out, order.separator)
        case Format.XLSX:
            xlsx.write(entries, about, totals, out)
        case Format.HLEDGER:
            hledger.write(entries, about, totals, out)
        case Format.BEANCOUNT:
            beancount.write(entries, about, totals, out)


def preview(keys: Keys, selection: Selection) -> list[Sum] | None:
    """What the selection adds up to, by account and currency; None where only reading all of it would tell.

    With an account: what was posted on it alone, though entries are exported whole. UnknownCampaign if there is none.
    """
    with keys.database.snapshot() as connection:
        _must_know(connection, selection)
        return sums.sums(connection, selection, Group.ACCOUNT) if selection.is_indexed else None


def _must_know(connection: Connection, selection: Selection) -> None:
    if selection.campaign is not None and campaigns.by_slug(connection, selection.campaign) is None:
        raise UnknownCampaign(selection.campaign)


def _watched(entries: Iterable[Booked], number: int, watch: Watch) -> Iterator[Booked]:
    done = 0
    for done, entry in enumerate(entries, 1):
        yield entry
        if done % _WATCHED_EVERY == 0:
            watch(done, number)
    watch(done, number)
