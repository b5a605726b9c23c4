"""Large ledgers for measuring, written past the guards of the books: booked one by one, a million would take hours."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from bench import world
from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.services.opening import bring_up_to_date
from campaigns.services.rolling_up import roll_up
from campaigns.storage import books, campaigns
from campaigns.storage.campaigns import NewCampaign
from campaigns.storage.database import Database

SLUGS = ("legal-travel-fund", "office", "print", "archive")
FIRST = date(2023, 11, 23)
DAYS = 1095
LATEST = 40
RARE, COMMON = "zebra", "bilety"

# In a hundred entries there are so many of each: kind, debit, credit, provider, and whether a campaign is named.
_MIX = (
    (58, "gift", "assets:gateway:stripe", "income:donations", "stripe", True),
    (25, "fee", "expenses:fees", "assets:gateway:stripe", "stripe", False),
    (8, "offline_gift", "assets:cash", "income:donations", None, True),
    (4, "expense", "expenses:travel", "assets:bank", None, True),
    (3, "transfer", "assets:bank", "assets:gateway:stripe", None, False),
    (2, "refund", "income:refunds", "assets:gateway:stripe", "stripe", True),
)
_COUNTED = {"income:donations", "income:refunds"}
_ENTRY = [
    "id",
    "kind",
    "effect",
    "lines",
    "day",
    "booked_at",
    "campaign_id",
    "gateway",
    "amount_minor",
    "currency",
    "memo",
]
_POSTING = ["entry_id", "line", "lines", "day", "account", "campaign_id", "amount_minor", "currency"]


def build(url: str, number: int) -> None:
    """A migrated database at this address with so many entries over three years; all but the latest are rolled up."""
    settings = world.settings({**world.environment(Path("unused")), "DATABASE_URL": url})
    with closing(Database(url)) as database:
        bring_up_to_date(settings, database)
        with database.transaction() as connection:
            funds = [campaigns.create(connection, _campaign(slug)) for slug in SLUGS]
        fill = _fill_sqlite if database.is_sqlite else _fill_postgresql
        fill(url, number, funds)
        roll_up(database, piece=50_000)
        _the_latest(database, funds)


def _the_latest(database: Database, funds: list[int]) -> None:
    """What was booked since the jobs ran."""
    now = datetime.combine(FIRST + timedelta(days=DAYS), datetime.min.time(), UTC)
    with database.transaction() as connection:
        for number in range(LATEST):
            amount = Money.of(20 + number, "PLN")
            books.book(connection, offline_gift_entry(f"late:{number}", amount, Method.CASH, funds[0]), now)


def _rows(number: int, funds: list[int]) -> Iterator[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
    """Entries and their postings, the same ones in every run; one in a hundred is booked some days late."""
    chance = random.Random(7)
    shares = [share for share, *_ in _MIX]
    for entry in range(1, number + 1):
        _, kind, debit, credit, gateway, named = chance.choices(_MIX, shares)[0]
        late = chance.randrange(20) if chance.random() < 0.01 else 0
        day = FIRST + timedelta(days=max(entry * DAYS // (number + 1) - late, 0))
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
        fund = chance.choice(funds) if named else None
        minor = chance.choice((2_000, 5_000, 10_000, chance.randrange(500, 100_000)))
        yield (
            (entry, kind, f"bench:{entry}", 2, day, at, fund, gateway, minor, "PLN", _memo(entry, number, chance)),
            [
                (entry, 1, 2, day, debit, fund if debit in _COUNTED else None, minor, "PLN"),
                (entry, 2, 2, day, credit, fund if credit in _COUNTED else None, -minor, "PLN"),
            ],
        )


def _memo(entry: int, number: int, chance: random.Random) -> str | None:
    if entry % max(number // 20, 1) == 3:
        return f"rachunek {entry}, {RARE}"
    return chance.choice((None, None, None, f"{COMMON} PKP, {entry}", f"druk ulotek, FV/{entry}/2026"))


def _fill_sqlite(url: str, number: int, funds: list[int]) -> None:
    with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as connection:
        run = connection.execute
        guards = run(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('entries', 'postings')"
        )
        kept = guards.fetchall()
        run("PRAGMA synchronous = OFF")
        run("PRAGMA cache_size = -200000")
        run("BEGIN")
        for name, _ in kept:
            run(f"DROP TRIGGER {name}")
        entries, postings = (_insert(table, names) for table, names in (("entries", _ENTRY), ("postings", _POSTING)))
        for entry, lines in _rows(number, funds):
            run(entries, [str(value) if isinstance(value, date) else value for value in entry])
            connection.executemany(postings, [[str(v) if isinstance(v, date) else v for v in line] for line in lines])
        run("INSERT INTO entry_words (rowid, memo) SELECT id, memo FROM entries WHERE memo IS NOT NULL")
        for _, guard in kept:
            run(guard)
        run("COMMIT")


def _insert(table: str, names: list[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


def _fill_postgresql(url: str, number: int, funds: list[int]) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("CREATE TEMPORARY TABLE lines (LIKE postings)")
        # Two tables cannot be copied into at once over one line.
        with psycopg.connect(address) as another, another.cursor() as second:
            second.execute("SET session_replication_role = replica")
            with (
                cursor.copy(f"COPY entries ({', '.join(_ENTRY)}) FROM STDIN") as to_entries,
                second.copy(f"COPY postings ({', '.join(_POSTING)}) FROM STDIN") as to_postings,
            ):
                for entry, lines in _rows(number, funds):
                    to_entries.write_row(entry)
                    for line in lines:
                        to_postings.write_row(line)
        cursor.execute("SELECT setval(pg_get_serial_sequence('entries', 'id'), %s)", [number])


def _campaign(slug: str) -> NewCampaign:
    return NewCampaign(
        slug, Kind.FUND, "PLN", None, Money.of(5, "PLN"), Money.of(10_000, "PLN"), Figures.LIVE,
        {code: (slug.title(), slug, slug) for code in ("pl", "en")},
    )  # fmt: skip
