"""Donors are erased to the last byte, and the books do not notice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from campaigns.services.backup import save
from campaigns.services.erasure import Erased, forget, purge
from campaigns.services.resealing import reseal
from campaigns.storage import backup
from campaigns.storage.database import Database
from campaigns.storage.models import donors
from campaigns.storage.vault import CannotOpen, Vault
from tests.gifts import NOW, RETENTION, a_busy_year, a_receipt, new_vault


def books_and_more(database: Database) -> dict[str, list[backup.Row]]:
    """Everything but the donors."""
    with database.snapshot() as connection:
        return {table: list(backup.rows(connection, table)) for table in backup.TABLES if table != "donors"}


def donors_kept(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(donors)) or 0


def sealed(database: Database) -> list[bytes]:
    with database.reading() as connection:
        return [email.encode() for email in connection.scalars(select(donors.c.email))]


def bytes_on_disk(database: Database) -> bytes:
    assert database.path is not None
    file = Path(database.path)
    return b"".join(part.read_bytes() for part in (file, Path(f"{file}-wal")) if part.exists())


def test_a_purge_erases_the_donors_and_the_books_stay_whole(database: Database) -> None:
    a_busy_year(database, new_vault())
    before = books_and_more(database)
    assert purge(database, NOW + RETENTION - timedelta(seconds=1)) == Erased(0, traceless=True)
    assert donors_kept(database) == 12
    assert purge(database, NOW + RETENTION) == Erased(12, traceless=True)
    assert donors_kept(database) == 0
    assert books_and_more(database) == before
    assert purge(database, NOW + RETENTION) == Erased(0, traceless=True)


def test_nothing_of_a_purged_donor_is_left_in_the_files_or_in_a_backup(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    a_busy_year(database, new_vault())
    names = sealed(database)
    assert all(name in bytes_on_disk(database) for name in names)
    purge(database, NOW + RETENTION)
    save(database, tmp_path / "backup.zip", NOW)
    with ZipFile(tmp_path / "backup.zip") as archive:
        left = bytes_on_disk(database) + b"".join(archive.read(name) for name in archive.namelist())
    assert [name for name in names if name[40:80] in left or name in left] == []
    assert b"@example.org" not in left
    database.close()


def test_while_somebody_reads_an_older_state_the_purge_says_that_traces_are_left(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    a_busy_year(database, new_vault(), gifts=4)
    names = sealed(database)
    with database.snapshot() as connection:
        connection.execute(select(donors)).all()
        assert purge(database, NOW + RETENTION) == Erased(4, traceless=False)
    assert purge(database, NOW + RETENTION) == Erased(0, traceless=True)
    assert not any(name in bytes_on_disk(database) for name in names)
    database.close()


def test_a_donor_who_asks_is_forgotten_wherever_the_address_was_given(database: Database) -> None:
    vault = new_vault()
    for email in ("anna@example.net", "jan@example.net", "Anna@Example.net"):
        a_receipt(database, vault, email)
    before = books_and_more(database)
    assert forget(database, vault, " ANNA@example.net") == Erased(2, traceless=True)
    assert forget(database, vault, "anna@example.net") == Erased(0, traceless=True)
    assert donors_kept(database) == 1
    assert books_and_more(database) == before


def test_nobody_is_told_to_be_forgotten_while_an_address_cannot_be_opened(database: Database) -> None:
    vault = new_vault()
    a_receipt(database, vault, "anna@example.net")
    a_receipt(database, new_vault(), "anna@example.net")
    with pytest.raises(CannotOpen):
        forget(database, vault, "anna@example.net")
    assert donors_kept(database) == 2


def test_after_sealing_anew_the_old_key_can_be_thrown_away(database: Database) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    a_busy_year(database, Vault([old]))
    assert reseal(database, Vault([new, old])) == 12
    assert reseal(database, Vault([new])) == 12
    assert sorted(Vault([new]).open(name.decode()) for name in sealed(database)) == sorted(
        f"donor{number}@example.org" for number in range(12)
    )


def test_what_the_old_key_opens_is_not_left_on_the_disk(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    a_busy_year(database, Vault([old]))
    names = sealed(database)
    reseal(database, Vault([new, old]))
    assert not any(name in bytes_on_disk(database) for name in names)
    database.close()
