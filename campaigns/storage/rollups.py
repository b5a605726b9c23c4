"""The stored totals are brought up to the books, piece by piece, by a job that any number of nodes may run at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Insert, Select, bindparam, func, literal_column, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.storage.models import entries, postings, totals, totals_through
from campaigns.storage.once import Once
from campaigns.storage.totals import COUNTS, Letters, period, through

_KEY = ("period", "account", "campaign_id", "kind", "gateway", "currency")
_BEGIN = Once(totals_through, "id")


def _by_period(dialect: str, letters: Letters) -> Select[Any]:
    """What the totals of each period are made of: all entries above `after`, up to `upto`."""
    keys = (
        period(dialect, letters), postings.c.account, func.coalesce(entries.c.campaign_id, 0), entries.c.kind,
        func.coalesce(entries.c.gateway, literal_column("''")), postings.c.currency,
    )  # fmt: skip
    return (
        select(*keys, *COUNTS.values())
        .join_from(postings, entries, entries.c.id == postings.c.entry_id)
        .where(postings.c.entry_id > bindparam("after"), postings.c.entry_id <= bindparam("upto"))
        .group_by(*(literal_column(str(number)) for number in range(1, len(keys) + 1)))
    )


def _add_to(dialect: str, letters: Letters) -> Insert:
    """The statement that adds them."""
    kind = sqlite.insert if dialect == "sqlite" else postgresql.insert
    adding = kind(totals).from_select([*_KEY, *COUNTS], _by_period(dialect, letters))
    more = {name: totals.c[name] + adding.excluded[name] for name in COUNTS}
    return adding.on_conflict_do_update(index_elements=_KEY, set_=more)


_ADDING = {dialect: [_add_to(dialect, letters) for letters in Letters] for dialect in ("sqlite", "postgresql")}
_HOLD: Select[int] = select(totals_through.c.entry_id).with_for_update()
_MOVE = update(totals_through).values(entry_id=bindparam("end"))
_NEWEST: Select[int] = select(func.coalesce(func.max(entries.c.id), 0))
_COUNT: Select[int] = select(func.count()).where(entries.c.id > bindparam("after"), entries.c.id <= bindparam("upto"))


def behind(connection: Connection) -> int:
    """How many numbers of entries the stored totals do not know yet."""
    return connection.scalars(_NEWEST).one() - through(connection)


def settled(connection: Connection) -> int:
    """The number of the newest entry when no lower one is being written any more; in a transaction of its own.

    PostgreSQL numbers entries before they are committed. So for a moment nobody may write one: those that are being
    written are waited for, and those that come next get higher numbers.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 2000"))
        connection.execute(text("LOCK TABLE entries IN SHARE MODE"))
    return connection.scalars(_NEWEST).one()


def add_up(connection: Connection, upto: int, most: int) -> int | None:
    """Add the entries of the next `most` numbers, none above `upto`, and say how many there were; None at the end.

    Nodes that do it at once take turns: each goes on from where the other has come to.
    """
    _BEGIN.add(connection, {"id": 1, "entry_id": 0})
    after = connection.scalars(_HOLD).one()
    if after >= upto:
        return None
    piece = {"after": after, "upto": min(after + most, upto)}
    for statement in _ADDING[connection.dialect.name]:
        connection.execute(statement, piece)
    connection.execute(_MOVE, {"end": piece["upto"]})
    return int(connection.scalars(_COUNT, piece).one())


def analyse(connection: Connection) -> None:
    """Let the database look at how its books are made up by now, so that it goes the short way through them."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA analysis_limit = 1000"))
    for table in (entries, postings, totals):
        connection.execute(text(f"ANALYZE {table.name}"))


def wrong_totals(connection: Connection) -> list[str]:
    """The years, months and days whose stored totals are not what the postings sum up to; in one state."""
    upto = through(connection)
    wrong: set[str] = set()
    for letters in Letters:
        query = _by_period(connection.dialect.name, letters)
        right = {
            tuple(row[:6]): tuple(map(int, row[6:])) for row in connection.execute(query, {"after": 0, "upto": upto})
        }
        of_these = select(totals).where(func.length(totals.c.period) == letters)
        kept = {tuple(row[:6]): tuple(map(int, row[6:])) for row in connection.execute(of_these)}
        wrong.update(key[0] for key in right.keys() | kept.keys() if right.get(key) != kept.get(key))
    return sorted(wrong)
