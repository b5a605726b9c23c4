"""After a storm the bar, the books and the provider say the same to the grosz, and nothing forged was believed.

300 gifts and four kills -9 of the server on each database. `LONG=1`: 3 000 gifts, ten kills, and on PostgreSQL three
of the database as well. `SEED=` chooses another storm than the usual one.
"""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.databases import PostgreSQLDatabases
from tests.postgresql import PostgreSQL
from tests.storm.damage import damage
from tests.storm.storm import Weather, Wreck, storm

LONG = bool(os.environ.get("LONG"))
SEED = int(os.environ.get("SEED", "20261122"))
USUAL = Weather(gifts=3000, kills=10, seed=SEED) if LONG else Weather(gifts=300, kills=4, seed=SEED)

pytestmark = pytest.mark.timeout(0 if LONG else 300)


def losses(wreck: Wreck, weather: Weather) -> list[str]:
    """What is not as it must be; says how large the storm was, too."""
    print(
        f"{weather}: {len(wreck.provider.events())} notices, {len(wreck.provider.deliveries())} deliveries, "
        f"{len(wreck.forged)} forged, {wreck.seconds:.0f} s"
    )
    return damage(wreck, weather.gifts)


def test_a_storm_leaves_the_books_right_on_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    with storm(sqlite_url, tmp_path, USUAL) as wreck:
        assert losses(wreck, USUAL) == []


def test_a_storm_leaves_the_books_right_on_postgresql(tmp_path: Path) -> None:
    """On a server of its own, since it may be killed."""
    weather = replace(USUAL, database_kills=3 if LONG else 0)
    with closing(PostgreSQL()) as server:
        with closing(PostgreSQLDatabases(make_url(server.url()))) as databases:
            url = databases.migrated()

        def kill_database() -> None:
            server.kill()
            server.start()

        with storm(url, tmp_path, weather, kill_database) as wreck:
            assert losses(wreck, weather) == []


@pytest.mark.parametrize(
    "mutant, loss",
    [
        ("inbox_and_entry_in_two_transactions", "the ledger is"),
        ("no_signature_is_verified", "forged notices were accepted"),
    ],
)
def test_a_storm_shows_what_a_worse_program_loses(mutant: str, loss: str, sqlite_url: str, tmp_path: Path) -> None:
    weather = Weather(gifts=60, kills=4, seed=SEED, mutant=mutant)
    with storm(sqlite_url, tmp_path, weather) as wreck:
        assert loss in "; ".join(losses(wreck, weather))
