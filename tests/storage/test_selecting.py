"""The same selection finds the same entries on both databases."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import select, text

from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.pledge import Method
from campaigns.domain.selection import Selection
from campaigns.storage import books
from campaigns.storage.books import Voucher
from campaigns.storage.database import Database
from campaigns.storage.journal import conditions, in_memo
from campaigns.storage.models import entries
from tests.databases import Databases
from tests.gifts import NOW, a_campaign, a_gift, a_pledge, zloty

MEMOS = ("Bilety PKP, Łódź – Białystok", "FV/12/2026 druk ulotek", "Zażółć gęślą jaźń", "wpłata 12", None)


@pytest.fixture
def noted(database: Database) -> Database:
    """Entries 1 to 5 with these memos, and 6 of a provider."""
    with database.transaction() as connection:
        fund = a_campaign(connection)
        for number, memo in enumerate(MEMOS):
            entry = offline_gift_entry(f"offline:{number}", zloty("70"), Method.CASH, fund)
            books.book(connection, entry, NOW, Voucher(memo=memo))
        a_gift(connection, a_pledge(connection, fund, zloty("50")), "pi_abc123", zloty("50"))
    return database


@pytest.mark.parametrize(
    "words,found",
    [
        ("bilety", [1]),
        ("BIAŁYSTOK łódź", [1]),
        ("bialystok LODZ", [1]),
        ("bilety ulotek", []),
        ("12", [2, 4]),
        ("fv/12/2026", [2]),
        ("2026", [2]),
        ("zazolc", [3]),
        ("Gęśl", [3]),
        ("3", [3]),
        ("#4", [4]),
        ("pi_abc123", [6]),
        ("pi_abc", []),
        ('"', []),
        ("* OR bilety", []),
        ("!&|:'()", []),
        ("99999999999999999999999", []),
    ],
)
def test_words_find_memos_numbers_and_ids(noted: Database, words: str, found: list[int]) -> None:
    with noted.reading() as connection:
        wanted = conditions(connection, Selection(words=words))
        assert list(connection.scalars(select(entries.c.id).where(*wanted).order_by(entries.c.id))) == found


def test_postgresql_finds_words_through_its_index(postgresql_databases: Databases) -> None:
    url = postgresql_databases.migrated()
    with closing(Database(url)) as database, database.reading() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        asked = select(entries.c.id).where(in_memo(["bilety", "lodz"]))
        written = asked.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN {written}").all()
        assert "ix_entries_words" in str(plan)
    postgresql_databases.drop(url)
