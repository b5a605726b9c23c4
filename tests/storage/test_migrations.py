"""Migrations: up they make exactly what the program expects, down they never take the books with them."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import sleep
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, select

from campaigns.storage import migrate
from campaigns.storage.columns import metadata
from campaigns.storage.database import Database
from campaigns.storage.migrate import BooksNotEmpty
from tests.storage.cheats import attempt, book_one_gift, contents, entry, line, pair, run
from tests.storage.rows import BOOKS, ROWS, fill

# What the databases keep to seal the books and to find words in them; no table or index of the program.
WORDS = {"entry_words", *(f"entry_words_{part}" for part in ("config", "data", "docsize", "idx"))}
SEALS = {"entry_balances", "entry_seals", "zeroes", "ix_entries_words"} | WORDS
CHAIN: list[Script] = list(ScriptDirectory(str(migrate.MIGRATIONS)).walk_revisions())
UPGRADE = """
import sys
from campaigns.storage import migrate
print("ready", flush=True)
input()
migrate.upgrade(sys.argv[1])
"""


def tables_of(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names()) - SEALS - {"alembic_version"}


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in every table that the program knows and the database has."""
    there = tables_of(database)
    with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name in there
        }


def revision_of(database: Database) -> str | None:
    with database.reading() as connection:
        return migrate.current(connection)


def start_node(url: str) -> subprocess.Popen[str]:
    """A process that has loaded the program and waits for a line before it migrates."""
    pipe, command = subprocess.PIPE, [sys.executable, "-c", UPGRADE, url]
    node = subprocess.Popen(command, cwd=migrate.MIGRATIONS.parent, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert node.stdout is not None
    assert node.stdout.readline() == "ready\n"
    return node


def test_up_from_nothing_is_exactly_what_the_program_expects(database: Database) -> None:
    options = {"compare_type": True, "compare_server_default": True, "include_name": lambda name, *_: name not in SEALS}
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert migrate.current(connection) == migrate.head()


def test_every_constraint_has_the_name_that_the_program_knows(database: Database) -> None:
    with database.reading() as connection:
        looked_at = inspect(connection)
        for table in metadata.sorted_tables:
            found = [
                *looked_at.get_check_constraints(table.name),
                *looked_at.get_unique_constraints(table.name),
                *looked_at.get_foreign_keys(table.name),
                looked_at.get_pk_constraint(table.name),
            ]
            assert {row["name"] for row in found} == {str(constraint.name) for constraint in table.constraints}


def test_sqlite_holds_each_check_to_the_letter(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            found = {row["name"]: row["sqltext"] for row in inspect(connection).get_check_constraints(table.name)}
            expected = {c.name: str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert found == expected
    database.close()


def test_there_is_a_row_to_carry_for_every_table_but_the_books() -> None:
    assert set(ROWS) | set(BOOKS) == set(metadata.tables)


@pytest.mark.parametrize("script", CHAIN, ids=lambda script: script.revision)
def test_down_one_by_one_and_up_again_keeps_what_older_tables_hold(
    database: Database, database_url: str, script: Script
) -> None:
    fill(database)
    before = rows_of(database)
    for step in CHAIN[: CHAIN.index(script) + 1]:
        migrate.downgrade(database_url, str(step.down_revision or "base"))
    kept = tables_of(database)
    assert revision_of(database) == script.down_revision
    migrate.upgrade(database_url)
    assert rows_of(database) == {name: rows if name in kept else [] for name, rows in before.items()}


def test_down_to_the_base_leaves_nothing(database: Database, database_url: str) -> None:
    fill(database)
    migrate.downgrade(database_url, "base")
    assert tables_of(database) == set()
    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


def test_up_and_down_and_up_again_makes_the_same_books_with_the_same_guards(
    database: Database, database_url: str
) -> None:
    migrate.downgrade(database_url, "base")
    migrate.upgrade(database_url)
    book_one_gift(database)
    with pytest.raises(Exception, match="append-only"):
        attempt(database, "DELETE FROM postings")


def test_books_that_hold_an_entry_are_not_dropped_nor_is_anything_else(database: Database, database_url: str) -> None:
    fill(database)
    attempt(database, entry(1), *pair(1))
    before = rows_of(database)
    with pytest.raises(BooksNotEmpty):
        migrate.downgrade(database_url, "base")
    assert rows_of(database) == before
    assert revision_of(database) == migrate.head()


def test_what_is_younger_than_the_books_goes_down_and_up_without_touching_them(
    database: Database, database_url: str
) -> None:
    book_one_gift(database)
    before = contents(database)
    migrate.downgrade(database_url, "20261122_create_books")
    migrate.upgrade(database_url)
    assert contents(database) == before


def test_a_gift_that_is_just_being_booked_is_not_dropped_with_the_books(database: Database, database_url: str) -> None:
    legs = line(1, 1, "assets:bank", 50, campaign="NULL"), line(1, 2, "assets:cash", -50, campaign="NULL")
    with ThreadPoolExecutor(1) as other_node:
        with database.transaction() as connection:
            run(connection, entry(1), *legs)
            down = other_node.submit(migrate.downgrade, database_url, "base")
            sleep(0.5)
            assert not down.done()
        with pytest.raises(BooksNotEmpty):
            down.result(timeout=30)
    assert len(contents(database)[0]) == 1


def test_nodes_that_migrate_at_once_do_not_hurt_each_other(empty_database_url: str) -> None:
    nodes = [start_node(empty_database_url) for _ in range(3)]
    for node in nodes:
        print("go", file=node.stdin, flush=True)
    said = [node.communicate(timeout=60)[1] for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0, 0], said
    database = Database(empty_database_url)
    assert revision_of(database) == migrate.head()
    database.close()


def test_migrating_what_is_migrated_does_nothing(database: Database, database_url: str) -> None:
    fill(database)
    before = rows_of(database)
    migrate.upgrade(database_url)
    assert rows_of(database) == before


def test_an_empty_database_is_at_no_revision(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert revision_of(database) is None
    database.close()


@pytest.mark.parametrize("script", CHAIN, ids=lambda script: script.revision)
def test_a_migration_is_dated_and_says_what_it_does(script: Script) -> None:
    file = re.fullmatch(r"(\d{8})_[a-z]+(_[a-z0-9]+)+", script.path.rsplit("/")[-1].removesuffix(".py"))
    assert file
    assert datetime.strptime(file[1], "%Y%m%d").astimezone().year >= 2026
    assert script.revision == file[0]
    assert script.doc
    assert callable(script.module.downgrade)


def test_the_migrations_are_one_chain_with_one_head() -> None:
    assert [script.down_revision for script in CHAIN] == [*(script.revision for script in CHAIN[1:]), None]
    assert migrate.head() == CHAIN[0].revision
