"""Who gave is sealed, kept for a time, sealed anew with new keys, and erased to the last byte."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from campaigns.storage import donors
from campaigns.storage.database import Database
from campaigns.storage.models import donors as table
from campaigns.storage.vault import CannotOpen, Vault
from tests.gifts import NOW, RETENTION, a_campaign, a_pledge, new_vault, zloty

EMAIL = "anna.nowak@example.org"


def pledges_with_donors(database: Database, vault: Vault, purge_dates: list[datetime]) -> list[int]:
    """One pledge for each date, with a donor to be erased then."""
    made = []
    with database.transaction() as connection:
        campaign_id = a_campaign(connection)
        for number, purge_after in enumerate(purge_dates):
            made.append(a_pledge(connection, campaign_id, zloty("50")))
            donors.keep(connection, vault, made[-1], f"donor{number}@example.org", purge_after)
    return made


def sealed_emails(database: Database) -> dict[int, str]:
    with database.reading() as connection:
        return {row.pledge_id: row.email for row in connection.execute(select(table))}


def test_an_address_is_kept_sealed_and_found_again(database: Database) -> None:
    vault = new_vault()
    with database.transaction() as connection:
        pledge_id = a_pledge(connection, a_campaign(connection), zloty("50"))
        donors.keep(connection, vault, pledge_id, EMAIL, NOW)
    with database.reading() as connection:
        assert donors.has_email(connection, pledge_id)
        assert donors.email_of(connection, vault, pledge_id) == EMAIL
        assert donors.email_of(connection, vault, pledge_id + 1) is None
        assert not donors.has_email(connection, pledge_id + 1)
    assert "anna" not in sealed_emails(database)[pledge_id]


def test_the_purge_takes_those_whose_time_is_over_and_no_more_than_asked(database: Database) -> None:
    vault = new_vault()
    dates = [NOW - timedelta(days=1), NOW, NOW + timedelta(seconds=1), NOW - timedelta(days=2)]
    made = pledges_with_donors(database, vault, dates)
    with database.transaction() as connection:
        assert donors.purge(connection, NOW, limit=2) == 2
    assert set(sealed_emails(database)) == {made[1], made[2]}, "the oldest go first"
    with database.transaction() as connection:
        assert donors.purge(connection, NOW, limit=2) == 1
        assert donors.purge(connection, NOW, limit=2) == 0
    assert set(sealed_emails(database)) == {made[2]}


def test_sealing_anew_leaves_nothing_that_needs_the_old_key(database: Database) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    made = pledges_with_donors(database, Vault([old]), [NOW + RETENTION] * 5)
    after, reached = 0, []
    while True:
        with database.transaction() as connection:
            page = donors.reseal(connection, Vault([new, old]), after, limit=2)
        if not page:
            break
        reached += page
        after = page[-1]
    assert reached == made
    with database.reading() as connection:
        for number, pledge_id in enumerate(made):
            assert donors.email_of(connection, Vault([new]), pledge_id) == f"donor{number}@example.org"


def test_sealing_anew_without_the_old_key_changes_nothing(database: Database) -> None:
    pledges_with_donors(database, new_vault(), [NOW + RETENTION] * 2)
    before = sealed_emails(database)
    with pytest.raises(CannotOpen), database.transaction() as connection:
        donors.reseal(connection, new_vault(), 0, limit=10)
    assert sealed_emails(database) == before


# Rows of many lengths, dates in no order: pages are split and merged, and copies of rows are left behind.
def test_no_byte_of_an_erased_address_is_left_in_the_file(sqlite_url: str) -> None:
    database, chance = Database(sqlite_url), random.Random(3)
    assert database.path is not None
    vault = new_vault()
    with database.transaction() as connection:
        campaign_id = a_campaign(connection)
        made = [a_pledge(connection, campaign_id, zloty("50")) for _ in range(1500)]
        chance.shuffle(made)
        for pledge_id in made:
            email = "a" * chance.randrange(1, 240) + "@example.org"
            donors.keep(connection, vault, pledge_id, email, NOW + timedelta(days=chance.choice((-1, 1))))
    before = sealed_emails(database)
    with database.transaction() as connection:
        donors.purge(connection, NOW, limit=2000)
    assert database.cut_log()
    kept = sealed_emails(database)
    gone = [email for pledge_id, email in before.items() if pledge_id not in kept]
    database.close()
    content = b"".join(file.read_bytes() for file in Path(database.path).parent.glob(Path(database.path).name + "*"))
    assert all(email.encode() in content for email in kept.values())
    assert [email for email in gone if email.encode()[40:70] in content] == []
    assert len(gone) > 600
