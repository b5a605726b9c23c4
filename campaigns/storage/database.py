"""The database: the only place where a connection is opened and a transaction begins or ends."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import sleep
from urllib.parse import quote

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["Connection", "Database", "DatabaseUnavailable", "IntegrityError", "lock"]

# For a connection, a lock or an answer: rather say that the database is unavailable than hold up a donor for longer.
SECONDS_TO_WAIT = 5
BUSY_TIMEOUT = f"PRAGMA busy_timeout={SECONDS_TO_WAIT * 1000}"
LOCK_TIMEOUT = f"SET lock_timeout = {SECONDS_TO_WAIT * 1000}"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    BUSY_TIMEOUT,
    "PRAGMA secure_delete=ON",  # what is erased is overwritten
)


_WRITE = "BEGIN IMMEDIATE"
_SHORT_WAIT = 0.0002  # seconds
_SHORT_WAITS = 256  # a quarter of a second in all

# PostgreSQL's code for a write where none is taken, as on a replica; psycopg does not count it as operational.
_READ_ONLY = "25006"


class DatabaseUnavailable(Exception):
    """The database is gone, locked, full or read-only; nothing was changed. The message names no data."""


class Database:
    """One database, SQLite or PostgreSQL (through psycopg 3), and the three ways to talk to it."""

    def __init__(self, url: str, pool_size: int = 5, *, migrating: bool = False) -> None:
        """Connects when it is first used. `migrating`: may create a SQLite file, and waits for locks without end."""
        self._url = make_url(url)
        self._engine = _engine(self._url, pool_size, migrating=migrating)
        self._reader: Engine = self._engine
        self._writer: Engine = self._engine
        self._asker: Engine = self._engine
        if self.is_sqlite:
            self._writer = self._engine.execution_options(begin=_WRITE)
            self._asker = self._engine.execution_options(begin="")
        else:
            self._reader = self._asker = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @property
    def path(self) -> str | None:
        """The database's file, where it is one."""
        return self._url.database if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions; nothing is locked, and on SQLite all of it sees one state."""
        with _translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A connection for one question: what one statement sees is one state anyway, and nothing has to be begun."""
        with _translated(), self._asker.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one state of the whole database however long it reads (checks, backups)."""
        engine = self._engine
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with _translated(), engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing: commits at the end of the block, rolls back when it raises. No network inside."""
        with _translated(), self._writer.begin() as connection:
            yield connection

    def cut_log(self) -> bool:
        """Move SQLite's write-ahead log into its file and cut it to nothing, so that nothing erased is left in it.

        False while somebody still reads an older state. PostgreSQL looks after its own log: always true there.
        """
        if not self.is_sqlite:
            return True
        with closing(self._engine.raw_connection()) as connection:  # not possible within a transaction
            cursor = connection.cursor()
            try:
                cursor.execute("PRAGMA busy_timeout=200")  # writers wait as long as it waits for readers
                busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                cursor.execute(BUSY_TIMEOUT)
            except sqlite3.OperationalError as error:
                raise DatabaseUnavailable(str(error)) from error
        return not busy

    def close(self) -> None:
        self._engine.dispose()


def lock(connection: Connection, name: str) -> None:
    """Hold off every other transaction that asks for the same name, until this one ends.

    SQLite has one writer at a time anyway; on PostgreSQL it guards what has no row to lock yet.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": name},
        )


def _engine(url: URL, pool_size: int, *, migrating: bool) -> Engine:
    """An error that is logged must not carry along what was to be written: hence `hide_parameters`."""
    if url.get_backend_name() != "sqlite":
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=SECONDS_TO_WAIT,
            pool_pre_ping=True,
            connect_args={"connect_timeout": SECONDS_TO_WAIT},
            hide_parameters=True,
        )
        if not migrating:
            event.listen(engine, "connect", _prepare_postgresql)
        return engine
    engine = create_engine(
        url if migrating else _existing(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=SECONDS_TO_WAIT,
        connect_args={"timeout": SECONDS_TO_WAIT},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkout", _must_be_in_place)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: psycopg.Connection, _record: ConnectionPoolEntry) -> None:
    connection.execute(LOCK_TIMEOUT)
    connection.commit()


def _existing(url: URL) -> URL:
    """The file, which must be there: an empty one in the place of a lost one would get in the way of its return."""
    if "uri" in url.query:
        return url
    return url.set(database=f"file:{quote(url.database or '')}", query={**url.query, "mode": "rw", "uri": "true"})


def _prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["file"] = path, _identity(path)


def _must_be_in_place(_connection: sqlite3.Connection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A file that was deleted or replaced lives on in connections that are open: what they book would be lost."""
    path, identity = record.info["file"]
    if _identity(path) != identity:
        raise DisconnectionError


def _identity(path: str) -> tuple[int, int] | None:
    """Which file this is, whatever its name; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a third of the time of Path's, on every question
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get("begin", "BEGIN")
    if statement == _WRITE:
        _wait_for_turn(connection)
    elif statement:
        connection.exec_driver_sql(statement)


def _wait_for_turn(connection: Connection) -> None:
    """Begin to write as soon as whoever writes now has done.

    SQLite's own waiting sleeps for milliseconds, longer each time, while a gift is booked in one: two writers would
    be slower than one.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - for the type
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout=0")
    try:
        for attempt in range(_SHORT_WAITS):
            try:
                driver.execute(_WRITE)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                sleep(_SHORT_WAIT * (1 + attempt // 32))
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")
    connection.exec_driver_sql(_WRITE)  # waits on, and says what is wrong


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except PoolExhausted as error:
        raise DatabaseUnavailable("every connection is in use") from error
    except DBAPIError as error:
        read_only = getattr(error.orig, "sqlstate", None) == _READ_ONLY
        if read_only or isinstance(error, OperationalError) or error.connection_invalidated:
            raise DatabaseUnavailable(str(error.orig).splitlines()[0]) from error
        raise
