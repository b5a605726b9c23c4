"""Houses for these tests: the whole program in this process, each on a fresh copy of the demo's database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.services import demo
from campaigns.services.opening import bring_up_to_date
from campaigns.storage.database import Database
from tests.databases import SQLiteDatabases
from tests.hardening.houses import House, settings_of
from tests.served import Served


@pytest.fixture(scope="session")
def demo_file(sqlite_databases: SQLiteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo's campaigns; to be copied, not to be used."""
    house = House(settings_of(sqlite_databases.migrated()))
    bring_up_to_date(house.keys.settings, house.keys.database)
    demo.seed(house.keys)
    assert house.keys.database.cut_log()
    house.close()
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    shutil.copyfile(str(house.keys.database.path), file)
    return file


@pytest.fixture
def demo_url(demo_file: Path, tmp_path: Path) -> str:
    """A demo's database of this test's own."""
    file = tmp_path / "campaigns.sqlite3"
    shutil.copyfile(demo_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def house(demo_url: str) -> Iterator[House]:
    """The program on that database."""
    opened = House(settings_of(demo_url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quiet_house(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The program for visits that change nothing, shared by a module's tests."""
    file = tmp_path_factory.mktemp("quiet") / "campaigns.sqlite3"
    shutil.copyfile(demo_file, file)
    opened = House(settings_of(f"sqlite:///{file}"))
    before = opened.rows()
    yield opened
    assert opened.rows() == before
    opened.close()


@pytest.fixture
def database(demo_url: str) -> Iterator[Database]:
    """That database, seen past the program."""
    opened = Database(demo_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def site(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The program behind its real server, with a demo's database."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(demo_file, folder / "campaigns.sqlite3")
    served = Served(folder)
    try:
        served.serve()
        yield served
    finally:
        served.stop()
