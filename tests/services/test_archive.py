"""The drill: what was saved comes back whole, on either kind of database, and what is not whole is refused."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from campaigns.domain import accounts
from campaigns.services import archive
from campaigns.services.archive import Refused
from campaigns.services.backup import save
from campaigns.services.restore import restore
from campaigns.storage import backup, migrate
from campaigns.storage.database import Connection, Database
from campaigns.storage.models import campaign_totals, postings, salts, tries
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tests.gifts import NOW, a_busy_year, a_campaign, a_gift, a_pledge, new_vault, zloty

Kinds = dict[str, SQLiteDatabases | PostgreSQLDatabases]


@pytest.fixture
def kinds(sqlite_databases: SQLiteDatabases, postgresql_databases: PostgreSQLDatabases) -> Kinds:
    return {"sqlite": sqlite_databases, "postgresql": postgresql_databases}


@pytest.fixture
def saved(database: Database, tmp_path: Path) -> Path:
    """A backup of a busy year."""
    a_busy_year(database, new_vault())
    file = tmp_path / "backup.zip"
    save(database, file, NOW)
    return file


@pytest.fixture
def fresh(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """A migrated database without a row."""
    url = sqlite_databases.migrated()
    database = Database(url)
    yield database
    database.close()
    sqlite_databases.drop(url)


def is_empty(database: Database) -> bool:
    with database.reading() as connection:
        return backup.is_empty(connection)


def everything(database: Database) -> dict[str, list[backup.Row]]:
    with database.snapshot() as connection:
        return {table: list(backup.rows(connection, table)) for table in backup.TABLES}


def booked_totals(connection: Connection) -> dict[int, int]:
    query = select(campaign_totals.c.campaign_id, campaign_totals.c.raised_minor)
    return {row.campaign_id: row.raised_minor for row in connection.execute(query)}


def sums_of_postings(connection: Connection) -> dict[int, int]:
    query = select(postings.c.campaign_id, -func.sum(postings.c.amount_minor)).group_by(postings.c.campaign_id)
    counted = query.where(postings.c.account.in_(accounts.RAISED))
    return {campaign_id: int(total) for campaign_id, total in connection.execute(counted)}


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_the_drill(kinds: Kinds, source: str, target: str, tmp_path: Path) -> None:
    old, new = Database(kinds[source].migrated()), Database(kinds[target].migrated())
    a_busy_year(old, new_vault(), gifts=40)
    manifest = save(old, tmp_path / "backup.zip", NOW)
    assert restore(new, tmp_path / "backup.zip") == manifest
    content = everything(new)
    assert content == everything(old)
    assert {table: len(rows) for table, rows in content.items()} == {
        table: part.rows for table, part in manifest.tables.items()
    }
    assert len(content["entries"]) == 40 + 3 + 1 + 2
    with new.reading() as connection:
        assert booked_totals(connection) == sums_of_postings(connection)
    old.close()
    new.close()


def test_a_restored_site_goes_on_taking_gifts(kinds: Kinds, saved: Path) -> None:
    for kind in kinds.values():
        database = Database(kind.migrated())
        restore(database, saved)
        with database.transaction() as connection:
            a_gift(connection, a_pledge(connection, 1, zloty("30")), "payment-new", zloty("30"))
            assert booked_totals(connection) == sums_of_postings(connection)
        database.close()


def test_a_backup_leaves_out_what_must_not_outlive_the_day(database: Database, tmp_path: Path) -> None:
    with database.transaction() as connection:
        connection.execute(salts.insert(), {"day": "2026-11-22", "salt": "salt-of-the-day"})
        connection.execute(tries.insert(), {"address_hash": "hash-of-an-address", "tried_at": NOW})
    save(database, tmp_path / "backup.zip", NOW)
    with ZipFile(tmp_path / "backup.zip") as content:
        assert not {"salts.jsonl", "tries.jsonl"} & set(content.namelist())
        text = b"".join(content.read(name) for name in content.namelist())
    assert not any(word in text for word in (b"salt-of-the-day", b"hash-of-an-address"))


def test_a_backup_names_no_donor(saved: Path) -> None:
    with ZipFile(saved) as content:
        sealed = content.read("donors.jsonl")
        text = b"".join(content.read(name) for name in content.namelist())
    assert sealed.count(b"\n") == 12
    assert b"@example.org" not in text


def test_a_backup_sees_one_state_while_gifts_go_on(database: Database, tmp_path: Path, fresh: Database) -> None:
    with database.transaction() as connection:
        campaign_id = a_campaign(connection)
    stop = threading.Event()

    def give() -> None:
        number = 0
        while not stop.is_set():
            with database.transaction() as connection:
                pledge_id = a_pledge(connection, campaign_id, zloty("20"))
                a_gift(connection, pledge_id, f"payment-{number}", zloty("20"))
            number += 1

    giver = threading.Thread(target=give)
    giver.start()
    try:
        for number in range(5):
            save(database, tmp_path / f"{number}.zip", NOW)
    finally:
        stop.set()
        giver.join()
    restore(fresh, tmp_path / "4.zip")
    with fresh.reading() as connection:
        assert booked_totals(connection) == sums_of_postings(connection)


def test_a_backup_is_for_its_owner_alone_and_replaces_an_older_one(database: Database, saved: Path) -> None:
    saved.chmod(0o644)
    save(database, saved, NOW)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert list(saved.parent.iterdir()) == [saved]


def test_a_backup_that_fails_leaves_the_older_one_and_nothing_else(saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(ZeroDivisionError), archive.written(saved) as writer:
        writer.add("pledges", ({"id": 1 // number} for number in (1, 0)))
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_database_that_waits_for_a_migration_is_not_saved(empty_database_url: str, tmp_path: Path) -> None:
    migrate.upgrade(empty_database_url, "20261122_create_books")
    database = Database(empty_database_url)
    with pytest.raises(Refused, match=f"20261122_create_books, and this program expects {migrate.head()}"):
        save(database, tmp_path / "backup.zip", NOW)
    assert list(tmp_path.glob("*.zip")) == []
    database.close()


def test_nothing_is_restored_over_what_is_there(database: Database, saved: Path) -> None:
    before = everything(database)
    with pytest.raises(Refused, match="not empty"):
        restore(database, saved)
    assert everything(database) == before


def test_nothing_is_restored_without_tables(empty_database_url: str, saved: Path) -> None:
    database = Database(empty_database_url)
    with pytest.raises(Refused, match="no tables yet"):
        restore(database, saved)
    database.close()


def edited(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with other content, zipped anew so that only our own checks can find it."""
    with ZipFile(file) as old:
        content = {name: old.read(name) for name in old.namelist()}
    change(content)
    with ZipFile(file.with_name("edited.zip"), "w") as new:
        for name, data in content.items():
            new.writestr(name, data)
    return file.with_name("edited.zip")


def with_manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(content: dict[str, bytes]) -> None:
        content["manifest.json"] = json.dumps(json.loads(content["manifest.json"]) | changes).encode()

    return change


def dearer(content: dict[str, bytes]) -> None:
    content["pledges.jsonl"] = content["pledges.jsonl"].replace(b'"amount_minor":2000', b'"amount_minor":9000', 1)


def row_lost(content: dict[str, bytes]) -> None:
    content["alerts.jsonl"] = b'{"id":1}\n' + content["alerts.jsonl"]


@pytest.mark.parametrize(
    "change, reason",
    [
        (dearer, "not a whole backup"),
        (row_lost, "not a whole backup"),
        (lambda content: content.pop("donors.jsonl"), "not a whole backup"),
        (lambda content: content.pop("manifest.json"), "not a whole backup"),
        (lambda content: content.update({"more.jsonl": b""}), "not a whole backup"),
        (with_manifest(tables={}), "not a whole backup"),
        (with_manifest(tables=[]), "not a whole backup"),
        (with_manifest(format=2), "format 2, and this program reads format 1"),
        (with_manifest(revision="20250101_old"), f"20250101_old, and the database is at {migrate.head()}"),
    ],
)
def test_an_altered_backup_is_refused(
    saved: Path, fresh: Database, change: Callable[[dict[str, bytes]], None], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        restore(fresh, edited(saved, change))
    assert is_empty(fresh)


def test_a_truncated_backup_is_refused_wherever_it_ends(saved: Path, fresh: Database) -> None:
    whole = saved.read_bytes()
    for length in [0, *range(1, len(whole), len(whole) // 40), len(whole) - 1]:
        saved.write_bytes(whole[:length])
        with pytest.raises(Refused, match="not a whole backup"):
            restore(fresh, saved)
    assert is_empty(fresh)


def test_a_flipped_bit_is_refused_or_changes_nothing(saved: Path) -> None:
    with archive.checked(saved) as reader:
        expected = {table: list(reader.rows(table)) for table in reader.manifest.tables}
    whole, refused = saved.read_bytes(), 0
    for place in range(0, len(whole), 23):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            with archive.checked(saved) as reader:
                assert {table: list(reader.rows(table)) for table in reader.manifest.tables} == expected
        except Refused:
            refused += 1
    assert refused > len(whole) // 23 // 2
