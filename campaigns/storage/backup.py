"""All that is kept, as rows of plain values: out of one database, and into another of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Connection, Date, Select, Table, func, insert, literal, select, text

from campaigns.storage import models
from campaigns.storage.columns import Moment, metadata

Plain = str | int | bool | None
Row = Mapping[str, Plain]
_Parse = Callable[[str], date]

# Limits, sign-ins and links: of no use later, and not to be kept. Totals are added up anew.
LEFT_OUT = frozenset({
    models.tries, models.salts, models.sessions, models.spent, models.staff_links, models.totals, models.totals_through,
})  # fmt: skip

# In an order in which every row finds the rows that it refers to.
_TABLES = {table.name: table for table in metadata.sorted_tables if table not in LEFT_OUT}
TABLES = tuple(_TABLES)

_BATCH = 1000


def rows(connection: Connection, name: str) -> Iterator[Row]:
    """Every row of a table, by primary key, read piece by piece: memory does not grow with the table."""
    table = _TABLES[name]
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
    for row in connection.execute(query).mappings():
        yield {column: _plain(value) for column, value in row.items()}


def _plain(value: object) -> Plain:
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"no plain form for {type(value).__name__}")


def is_empty(connection: Connection) -> bool:
    """True when no table holds a row that a backup would hold, but for what a database says of itself."""
    return all(
        connection.execute(select(literal(1)).select_from(table).limit(1)).first() is None
        for table in _TABLES.values()
        if table is not models.site
    )


def hold(connection: Connection) -> None:
    """Keep everybody else from writing until the transaction ends (on SQLite it has begun like that)."""
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        connection.execute(text(f"LOCK TABLE {', '.join(map(quote, TABLES))} IN EXCLUSIVE MODE"))


def load(connection: Connection, name: str, given: Iterable[Row]) -> int:
    """Write rows into a table, piece by piece, and return how many.

    They come by primary key, so an entry comes after the one that it reverses. The guards of the books watch over
    restored entries as over new ones.
    """
    table = _TABLES[name]
    times: dict[str, _Parse] = {
        column.name: datetime.fromisoformat if isinstance(column.type, Moment) else date.fromisoformat
        for column in table.columns
        if isinstance(column.type, Moment | Date)
    }
    source, count = iter(given), 0
    while batch := [_kept(row, times) for row in islice(source, _BATCH)]:
        connection.execute(insert(table), batch)
        count += len(batch)
    return count


def _kept(row: Row, times: Mapping[str, _Parse]) -> dict[str, Plain | date]:
    kept: dict[str, Plain | date] = dict(row)
    for column, parse in times.items():
        if (written := row[column]) is not None:
            kept[column] = parse(str(written))
    return kept


def continue_numbers(connection: Connection) -> None:
    """Let new rows be numbered after the restored ones (SQLite does so by itself)."""
    if connection.dialect.name != "postgresql":
        return
    for table in _TABLES.values():
        if table.autoincrement_column is not None:
            connection.execute(_continue(table, table.autoincrement_column.name))


def _continue(table: Table, column: str) -> Select[tuple[int]]:
    highest = func.max(table.c[column])
    sequence = func.pg_get_serial_sequence(table.name, column)
    return select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None)))
