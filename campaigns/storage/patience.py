"""A limit to how long one may wait for an answer that nobody needs so much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

# SQLite looks at the clock each time it has taken so many of its steps.
_STEPS = 20_000
_CANCELLED = "57014"  # PostgreSQL's code for a statement that took too long


class TookTooLong(Exception):
    """The answer was not there in time; nothing was changed, and the connection can be used no further."""


@contextmanager
def at_most(connection: Connection, seconds: float) -> Iterator[None]:
    """TookTooLong if what is asked in this block, on a connection of `snapshot()`, takes longer."""
    if connection.dialect.name == "sqlite":
        limited = _on_sqlite(connection, seconds)
    else:
        limited = _on_postgresql(connection, seconds)
    with limited:
        yield


@contextmanager
def _on_sqlite(connection: Connection, seconds: float) -> Iterator[None]:
    driver = connection.connection.dbapi_connection
    until = time.monotonic() + seconds
    late = False

    def is_late() -> bool:
        nonlocal late
        late = time.monotonic() > until
        return late

    driver.set_progress_handler(is_late, _STEPS)  # type: ignore[union-attr]  # it is SQLite's own, and open
    try:
        yield
    except OperationalError as error:
        if late:
            raise TookTooLong from error
        raise
    finally:
        driver.set_progress_handler(None, 0)  # type: ignore[union-attr]


@contextmanager
def _on_postgresql(connection: Connection, seconds: float) -> Iterator[None]:
    connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _CANCELLED:
            raise TookTooLong from error
        raise
