"""Real databases for tests, SQLite and PostgreSQL, each fresh: copies of one that was migrated once."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from campaigns.storage import migrate
from campaigns.storage.database import Database
from tests.postgresql import PostgreSQL


class Databases(Protocol):
    """A place where databases can be had for the asking; each is gone when it is dropped or the tests end."""

    def empty(self) -> str:
        """The URL of a database without a table, as SQLAlchemy writes it."""

    def migrated(self) -> str:
        """The URL of a database at the newest migration, without a row."""

    def drop(self, url: str) -> None:
        """Removes the database of this URL; whoever is still connected is thrown out."""


class SQLiteDatabases:
    """Files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template: Path | None = None

    def empty(self) -> str:
        file = self._next_file()
        file.touch()
        return _sqlite_url(file)

    def migrated(self) -> str:
        if self._template is None:
            self._template = self._folder / "template.sqlite3"
            migrate.upgrade(_sqlite_url(self._template))
        file = self._next_file()
        shutil.copyfile(self._template, file)
        return _sqlite_url(file)

    def drop(self, url: str) -> None:
        file = make_url(url).database
        assert file is not None
        for suffix in ("", "-wal", "-shm"):
            Path(file + suffix).unlink(missing_ok=True)

    def _next_file(self) -> Path:
        return self._folder / f"{next(self._numbers)}.sqlite3"


class PostgreSQLDatabases:
    """Databases of one server, named after this process, so that two runs can share a server."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._names = (f"campaigns_test_{os.getpid()}_{number}" for number in count(1))
        self._template: str | None = None
        self._connection = psycopg.connect(_conninfo(server), autocommit=True)

    def empty(self) -> str:
        return self._create("template1")

    def migrated(self) -> str:
        if self._template is None:
            url = self._create("template1")
            migrate.upgrade(url)
            self._template = make_url(url).database
        assert self._template is not None
        return self._create(self._template)

    def drop(self, url: str) -> None:
        self._drop(make_url(url).database or "")

    def close(self) -> None:
        """Removes the template and leaves the server as it was."""
        if self._template is not None:
            self._drop(self._template)
        self._connection.close()

    def _create(self, template: str) -> str:
        name = next(self._names)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._connection.execute(statement.format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SQLiteDatabases:
    """Where SQLite databases can be had."""
    return SQLiteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgreSQLDatabases]:
    """Where PostgreSQL databases can be had: the server of TEST_DATABASE_URL, else one started here."""
    with ExitStack() as stack:
        address = os.environ.get("TEST_DATABASE_URL")
        if not address:
            address = stack.enter_context(closing(PostgreSQL())).url()
        server = make_url(address).set(drivername="postgresql+psycopg")
        yield stack.enter_context(closing(PostgreSQLDatabases(server)))


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where databases can be had: the test runs once on each kind. For tests that need several."""
    place: Databases = request.getfixturevalue(f"{request.param}_databases")
    return place


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database of this test's own, without a table, on each kind."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database of this test's own, migrated and without a row, on each kind."""
    url = databases.migrated()
    yield url
    databases.drop(url)


@pytest.fixture
def sqlite_url(sqlite_databases: SQLiteDatabases) -> Iterator[str]:
    """A migrated SQLite database of this test's own, for what does not depend on the kind."""
    url = sqlite_databases.migrated()
    yield url
    sqlite_databases.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The open database of this test, on each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
