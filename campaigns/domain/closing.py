"""Closing months: under which day an entry may stand, and what exactly of an entry is sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from campaigns.domain.periods import first_of, month_of, next_month

# The form that `serialised` writes. A new form gets a new number, and the old one stays for the months sealed with it.
VERSION = 1


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A posting as the database has it, believed or not: minor units, signed, debit positive."""

    account: str
    campaign: str | None
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as the database has it, to be sealed or compared with its seal. `campaign` of a line is a slug."""

    number: int
    kind: str
    effect: str
    day: date
    late_for: date | None
    booked_at: datetime
    reverses: int | None
    lines: tuple[KeptLine, ...]


def serialised(entry: KeptEntry) -> bytes:
    """What is sealed of an entry: the same bytes on every database, and nothing about a person.

    The memo is left out, so that a name which slipped into it could be erased.
    """
    content = [
        VERSION,
        entry.number,
        entry.kind,
        entry.effect,
        entry.day.isoformat(),
        entry.late_for.isoformat() if entry.late_for else None,
        entry.booked_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.reverses,
        [[line.account, line.campaign, line.minor, line.currency] for line in entry.lines],
    ]
    return json.dumps(content, separators=(",", ":")).encode()


def standing(wished: date, closed_through: str | None) -> tuple[date, date | None]:
    """The day under which an entry stands, and the day for which it is late.

    What belongs to a closed month goes to the first day of the earliest open one. `closed_through` is the last closed
    month (2026-10), None where none is closed.
    """
    if closed_through is None or month_of(wished) > closed_through:
        return wished, None
    return first_of(next_month(closed_through)), wished


def is_over(month: str, today: date) -> bool:
    """Whether the month lies before today's, on a Polish wall."""
    return month < month_of(today)
