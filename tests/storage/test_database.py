"""One door to the database: what holds on every connection, what a block sees, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from socket import socket
from time import sleep

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, ProgrammingError

from campaigns.storage.database import Database, DatabaseUnavailable
from campaigns.storage.models import site
from tests.databases import PostgreSQLDatabases
from tests.postgresql import PostgreSQL


def put(connection: Connection, key: str, value: str = "v") -> None:
    connection.execute(insert(site), {"key": key, "value": value})


def save(database: Database, *keys: str) -> None:
    with database.transaction() as connection:
        for key in keys:
            put(connection, key)


def saved(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(site)).scalar_one()


def count(database: Database) -> int:
    with database.reading() as connection:
        return saved(connection)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A database whose one connection does not wait for a lock."""
    with closing(Database(sqlite_url, pool_size=1)) as database:
        with database.reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        yield database


@pytest.mark.parametrize(
    "pragma, value", [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 5000)]
)
def test_every_connection_to_sqlite_is_durable_and_strict(sqlite_url: str, pragma: str, value: object) -> None:
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(sqlite_url)))
        blocks = (database.reading, database.reading, database.snapshot, database.transaction)
        connections = [stack.enter_context(block()) for block in blocks]
        assert [c.exec_driver_sql(f"PRAGMA {pragma}").scalar() for c in connections] == [value] * 4


def test_what_a_transaction_wrote_stays(database: Database, database_url: str) -> None:
    save(database, "a", "b")
    with closing(Database(database_url)) as another_node:
        assert count(another_node) == 2


def test_nothing_of_a_transaction_that_raises_stays(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt), database.transaction() as connection:
        write_and_break_off(connection)
    assert count(database) == 0


def write_and_break_off(connection: Connection) -> None:
    put(connection, "a")
    raise KeyboardInterrupt


def test_nobody_sees_what_is_not_committed(database: Database) -> None:
    with database.transaction() as connection:
        put(connection, "a")
        assert count(database) == 0
    assert count(database) == 1


def test_reading_sqlite_sees_one_state_until_it_ends(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database, database.reading() as reader:
        assert saved(reader) == 0
        save(database, "a")
        assert saved(reader) == 0
        assert count(database) == 1


def test_a_snapshot_sees_one_state_until_it_ends(database: Database) -> None:
    with database.snapshot() as reader:
        assert saved(reader) == 0
        save(database, "a")
        assert saved(reader) == 0
    assert count(database) == 1


def test_after_an_error_the_database_goes_on(database: Database) -> None:
    with pytest.raises((DatabaseUnavailable, ProgrammingError)), database.transaction() as connection:
        connection.exec_driver_sql("SELECT 1 FROM no_such_table")
    save(database, "a")
    assert count(database) == 1


def test_the_file_of_a_database_is_known_where_it_is_one(database: Database, database_url: str) -> None:
    is_file = database_url.startswith("sqlite:")
    assert database.is_sqlite is is_file
    assert database.path == (make_url(database_url).database if is_file else None)


def test_a_locked_sqlite_is_unavailable(sqlite: Database, sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as another_node, another_node.transaction() as writer:
        put(writer, "a")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            save(sqlite, "b")
    assert count(sqlite) == 1


def test_a_writer_waits_for_the_one_before_and_then_writes(database: Database, database_url: str) -> None:
    with ThreadPoolExecutor(1) as other, closing(Database(database_url)) as another_node:
        with database.transaction() as writer:
            put(writer, "a")
            waiting = other.submit(save, another_node, "b")
            sleep(0.1)
        waiting.result(timeout=5)
    assert count(database) == 2


def test_when_every_connection_is_in_use_the_database_is_unavailable(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.storage.database.SECONDS_TO_WAIT", 0.1)
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(sqlite_url, pool_size=1)))
        for _ in range(2):  # as many as the pool may open in all
            stack.enter_context(database.reading())
        with pytest.raises(DatabaseUnavailable, match="in use"):
            count(database)


def test_a_read_only_sqlite_is_unavailable_for_writing_and_still_read(sqlite: Database, sqlite_url: str) -> None:
    save(sqlite, "a")
    file = make_url(sqlite_url).database
    with closing(Database(f"sqlite:///file:{file}?mode=ro&uri=true")) as read_only:
        assert count(read_only) == 1
        with pytest.raises(DatabaseUnavailable, match="readonly"):
            save(read_only, "b")


def test_a_sqlite_in_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with (
        closing(Database(f"sqlite:///{tmp_path / 'missing' / 'data.sqlite3'}")) as database,
        pytest.raises(DatabaseUnavailable, match="unable to open"),
    ):
        count(database)


def test_a_full_sqlite_is_unavailable_and_loses_nothing(sqlite: Database) -> None:
    save(sqlite, "a")
    with sqlite.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are already
    with pytest.raises(DatabaseUnavailable, match="full"), sqlite.transaction() as writer:
        put(writer, "b", "much " * 100_000)
    assert count(sqlite) == 1


def test_a_file_that_is_no_database_is_not_taken_for_one(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear treasurer, " * 1000)
    with closing(Database(f"sqlite:///{file}")) as database, pytest.raises(DatabaseError, match="not a database"):
        count(database)


def test_what_is_unavailable_is_told_without_the_data(sqlite: Database) -> None:
    with sqlite.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(DatabaseUnavailable) as told, sqlite.transaction() as writer:
        put(writer, "a", "donor@example.org " * 100_000)
    assert "donor@example.org" not in str(told.value)


def test_a_postgresql_that_does_not_answer_is_unavailable() -> None:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        url = f"postgresql+psycopg://nobody@127.0.0.1:{taken.getsockname()[1]}/nothing"
        with closing(Database(url)) as database, pytest.raises(DatabaseUnavailable):
            count(database)


def write_and_lose_the_server(connection: Connection, server: PostgreSQL) -> None:
    put(connection, "a")
    server.kill()
    for _ in range(500):  # its children notice a little later
        put(connection, "b")
        sleep(0.01)


def test_a_postgresql_that_is_killed_is_unavailable_until_it_is_back() -> None:
    with closing(PostgreSQL()) as server, closing(Database(server.url())) as database:
        with database.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE site (key text, value text)")
        with pytest.raises(DatabaseUnavailable), database.transaction() as connection:
            write_and_lose_the_server(connection, server)
        with pytest.raises(DatabaseUnavailable):
            count(database)
        server.start()
        save(database, "c")
        assert count(database) == 1


def test_a_snapshot_of_postgresql_cannot_be_written_to(postgresql_databases: PostgreSQLDatabases) -> None:
    url = postgresql_databases.migrated()
    database = Database(url)
    with pytest.raises(DatabaseUnavailable, match="read-only"), database.snapshot() as connection:
        put(connection, "a")
    database.close()
    postgresql_databases.drop(url)
