"""Closing a month: its entries are sealed in a chain, and from then on nothing can be booked in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice

from campaigns.domain.closing import VERSION, KeptEntry, is_over, serialised
from campaigns.domain.people import Person, Role
from campaigns.domain.periods import day_of, first_of, last_of, month_of, next_month
from campaigns.services import audit_trail
from campaigns.services.audit_trail import Action
from campaigns.services.keys import Keys
from campaigns.services.sealing import BEGINNING, Seals
from campaigns.storage import closings, staff, tray
from campaigns.storage.closings import Closing, Link
from campaigns.storage.database import Connection
from campaigns.storage.tray import LetterKind

PURPOSE = "books"
_PIECE = 1000  # links in memory at a time


class Why(StrEnum):
    """Why a month cannot be closed."""

    CLOSED = "closed"
    NOT_OVER = "not over"
    NOT_NEXT = "not next"  # an earlier one is open, or nothing is booked in it


class CannotClose(Exception):
    """The month cannot be closed (now)."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class _Chain:
    """The end of the chain, to which the next link is sealed."""

    number: int
    seal: str


def close_month(keys: Keys, person: Person | None, month: str, detail: str = "") -> Closing:
    """Seal every entry up to the end of `month` (2026-10), close it, and tell all treasurers the chain's head.

    CannotClose unless it is the earliest open month in which something is booked, and over in Poland. `detail` is
    added to the audit log.
    """
    now = keys.now()
    with keys.database.transaction() as connection:
        closings.hold_bookings(connection)
        before = closings.last(connection)
        _must_be_next(connection, month, before, now)
        seals = Seals.of(keys.settings, PURPOSE)
        end = _Chain(before.last_number or 0, before.head) if before else _Chain(0, BEGINNING)
        start, first = end.number, _first_open_day(before)
        _seal(connection, closings.entries_between(connection, first, last_of(month)), end, month, seals)
        staff_id = person.id if person else None
        closed = Closing(month, now, staff_id, end.number - start, end.number or None, end.seal, VERSION, seals.key_id)
        closings.add(connection, closed)
        _tell_treasurers(connection, keys, closed)
        said = f"{closed.entries} entries, head {closed.head}"
        audit_trail.note(connection, keys, person, Action.MONTH_CLOSED, f"month:{month}", f"{said} {detail}".strip())
        return closed


def next_to_close(connection: Connection) -> str | None:
    """The earliest open month in which something is booked, over or not; None where there is none."""
    before = closings.last(connection)
    first = closings.first_day_after(connection, last_of(before.month) if before else date.min)
    return month_of(first) if first else None


def _must_be_next(connection: Connection, month: str, before: Closing | None, now: datetime) -> None:
    if before and month <= before.month:
        raise CannotClose(Why.CLOSED)
    if not is_over(month, day_of(now)):
        raise CannotClose(Why.NOT_OVER)
    if month != next_to_close(connection):
        raise CannotClose(Why.NOT_NEXT)


def _first_open_day(before: Closing | None) -> date:
    return first_of(next_month(before.month)) if before else date.min


def _seal(connection: Connection, found: Iterable[KeptEntry], end: _Chain, month: str, seals: Seals) -> None:
    """Add a link for each entry; `end` moves along."""
    links = _links(found, end, month, seals)
    while piece := list(islice(links, _PIECE)):
        closings.add_links(connection, piece)


def _links(found: Iterable[KeptEntry], end: _Chain, month: str, seals: Seals) -> Iterator[Link]:
    for entry in found:
        end.number += 1
        end.seal = seals.seal(end.seal, serialised(entry))
        yield Link(end.number, entry.number, month, end.seal)


def _tell_treasurers(connection: Connection, keys: Keys, closed: Closing) -> None:
    secret = keys.vault.seal(f"{closed.month} {closed.head}")
    for person in staff.everybody(connection):
        if person.role is Role.TREASURER and not person.disabled:
            tray.put(
                connection, LetterKind.CLOSING, f"closing:{closed.month}:{person.id}", person.language,
                closed.closed_at, staff_id=person.id, secret=secret,
            )  # fmt: skip
