"""Entries with their postings, one after the other in the order of the books, however many there are."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, select

from campaigns.domain.selection import Selection
from campaigns.storage.journal import conditions
from campaigns.storage.models import campaigns, entries, postings

# Rows that are in memory at once. More are not read faster.
_PIECE = 2000

# One posting: the number of its entry, account, campaign's slug, minor units, currency.
Line = Sequence[Any]


class Booked(NamedTuple):
    """One entry, whole, whatever it was selected by: plain values, since a million of them go straight to a writer.

    Days are written as 2026-11-22, `booked_at` as 2026-11-22T15:30:12Z.
    """

    number: int
    day: str
    late_for: str | None
    kind: str
    gateway: str | None
    memo: str | None
    effect: str
    reverses: int | None
    payment: int | None
    booked_at: str
    lines: list[Line]


# Under a name of its own: a condition may look at other postings of the entry.
_POSTED = postings.alias("posted")
_E, _P = entries.c, _POSTED.c


def _heads(at: ColumnElement[Any]) -> Select[Any]:
    """Days and moments as text: to make objects of them, and texts again, takes longer than all the rest."""
    return select(
        _E.id, cast(_E.day, String), cast(_E.late_for, String), _E.kind, _E.gateway, _E.memo, _E.effect,
        _E.reverses_id, _E.payment_id, cast(at, String),
    ).order_by(_E.day, _E.id)  # fmt: skip


# SQLite keeps moments as text in UTC; PostgreSQL would tell them in the zone of the session.
_HEADS = {"sqlite": _heads(_E.booked_at), "postgresql": _heads(func.timezone("UTC", _E.booked_at))}
_LINES = (
    select(_P.entry_id, _P.account, campaigns.c.slug, _P.amount_minor, _P.currency)
    .join_from(entries, _POSTED, _P.entry_id == _E.id)
    .outerjoin(campaigns, campaigns.c.id == _P.campaign_id)
    .order_by(_E.day, _E.id, _P.line)
)


def selected(connection: Connection, selection: Selection) -> Generator[Booked]:
    """Every entry of the selection, by day and number; on a connection of `snapshot()`, so that all is of one state.

    Memory does not grow with the books: both questions are read on as the entries are asked for. Whoever stops before
    the end closes it.
    """
    wanted = conditions(connection, selection)
    piece = {"yield_per": _PIECE}
    with (
        connection.execute(_HEADS[connection.dialect.name].where(*wanted), execution_options=piece) as heads,
        connection.execute(_LINES.where(*wanted), execution_options=piece) as lines,
    ):
        together = groupby(chain.from_iterable(lines.partitions()), itemgetter(0))
        for (*head, at), (_, of_entry) in zip(chain.from_iterable(heads.partitions()), together, strict=True):
            yield Booked._make((*head, f"{at[:10]}T{at[11:19]}Z", list(of_entry)))


def number_of(connection: Connection, selection: Selection) -> int:
    """How many entries are in the selection; takes as long as they are many, though far less than to read them."""
    wanted = conditions(connection, selection)
    return connection.scalar(select(func.count()).select_from(entries).where(*wanted)) or 0
