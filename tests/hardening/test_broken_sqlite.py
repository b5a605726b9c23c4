"""A SQLite database that is read-only, full, locked or gone: said plainly, nothing is half-done, and it heals alone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from campaigns.storage.database import Database
from tests.hardening.houses import FUND, House, complaint, settings_of, spoken, title, value_of
from tests.wording import in_language

PAGES = (f"/{{lang}}/{FUND}", "/{lang}/", f"/embed/{FUND}?lang={{lang}}", f"/embed/{FUND}.svg?lang={{lang}}")


@dataclass
class Disk:
    """What every connection of the program finds from now on."""

    read_only: bool = False
    full: bool = False
    patience: int = 5000

    def watch(self, database: Database) -> None:
        event.listen(database._engine, "checkout", self._prepare)

    def _prepare(self, connection: sqlite3.Connection, _record: Any, _proxy: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages if self.full else 2**30}")
        connection.execute(f"PRAGMA query_only = {int(self.read_only)}")
        connection.execute(f"PRAGMA busy_timeout = {self.patience}")


@pytest.fixture
def house(demo_url: str) -> Iterator[House]:
    """A house that takes any number of tries."""
    opened = House(settings_of(demo_url, GIVE_LIMITS="1000/1h"))
    yield opened
    opened.close()


@pytest.fixture
def disk(house: House) -> Disk:
    """The disk of this house's database."""
    found = Disk(patience=100)
    found.watch(house.keys.database)
    return found


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_while_nothing_can_be_written_pages_go_on_and_a_gift_waits(house: House, disk: Disk, lang: str) -> None:
    form = house.offer("50", lang) | {"email": "donor@example.org"}
    before = house.rows()
    disk.read_only = True
    assert house.visit(f"/{lang}/{FUND}").status_code == 200
    answer = house.confirm(form, lang)
    assert (answer.status_code, spoken(answer.text), answer.headers["Retry-After"]) == (503, lang, "30")
    assert in_language(lang, "The payment page could not be opened") in complaint(answer.text)
    assert value_of(answer.text, "email") == "donor@example.org"
    assert house.rows() == before
    disk.read_only = False
    assert house.confirm(form | {"token": value_of(answer.text, "token")}, lang).status_code == 303
    assert house.begun == 1


def test_notices_that_cannot_be_kept_are_asked_for_again(house: House, disk: Disk) -> None:
    raised, notices = house.raised, house.notices()
    before = house.rows()
    disk.read_only = True
    assert [house.tell(*notice).status_code for notice in notices] == [503] * len(notices)
    assert house.rows() == before
    disk.read_only = False
    assert {house.tell(*notice).status_code for notice in notices} == {200}
    assert house.raised == raised + 5000


def test_a_disk_that_runs_full_stops_gifts_between_two_of_them(house: House, disk: Disk) -> None:
    disk.full = True
    forms = [house.offer("50") for _ in range(60)]
    statuses = [house.confirm(form).status_code for form in forms]
    assert set(statuses) == {303, 503}
    assert house.raised
    disk.full = False
    assert {house.confirm(form).status_code for form in forms} == {303}
    assert house.begun == len(forms)


def test_a_disk_that_runs_full_books_whole_gifts_or_none(house: House, disk: Disk) -> None:
    raised, notices = house.raised, house.notices(60)
    disk.full = True
    statuses = [house.tell(*notice).status_code for notice in notices]
    assert set(statuses) == {200, 503}
    assert house.raised < raised + 60 * 5000
    disk.full = False
    assert {house.tell(*notice).status_code for notice in notices} == {200}
    assert house.raised == raised + 60 * 5000


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_while_another_writes_pages_go_on_and_a_gift_waits(house: House, disk: Disk, lang: str) -> None:
    form, notices = house.offer("50", lang), house.notices()
    assert disk.patience == 100
    with closing(sqlite3.connect(file_of(house), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert house.visit(f"/{lang}/{FUND}").status_code == 200
        assert house.visit("/healthz").status_code == 200
        assert (answer := house.confirm(form, lang)).status_code == 503
        assert spoken(answer.text) == lang
        assert house.tell(*notices[0]).status_code == 503
        other.execute("ROLLBACK")
    assert house.confirm(form, lang).status_code == 303
    assert house.tell(*notices[0]).status_code == 200


def test_a_database_that_is_locked_up_is_said_to_be_so_and_comes_back(house: House) -> None:
    house.keys.database.close()
    with closing(sqlite3.connect(file_of(house), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert house.visit(f"/pl/{FUND}").status_code == 503
        other.execute("ROLLBACK")
    in_order(house, "pl")


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_database_that_is_gone_is_said_to_be_so_and_comes_back(house: House, lang: str) -> None:
    raised, notices, form = house.raised, house.notices(), house.offer("50", lang)
    file = file_of(house)
    copy = file.with_name("copy")
    assert house.keys.database.cut_log()
    shutil.copyfile(file, copy)
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    out_of_order(house, lang)
    assert house.tell(*notices[0]).status_code == 503
    assert house.confirm(form, lang).status_code == 503
    assert list(file.parent.glob(f"{file.name}*")) == []
    copy.rename(file)
    in_order(house, lang)
    assert house.confirm(form, lang).status_code == 303
    assert {house.tell(*notice).status_code for notice in notices} == {200}
    assert house.raised == raised + 5000


def test_a_database_that_was_replaced_under_the_program_is_the_one_that_counts(house: House, demo_file: Path) -> None:
    house.confirm(house.offer())
    assert house.begun == 1
    for part in file_of(house).parent.glob("campaigns.sqlite3-*"):
        part.unlink()
    fresh = file_of(house).with_name("fresh")
    shutil.copyfile(demo_file, fresh)
    fresh.replace(file_of(house))
    assert house.begun == 0


def out_of_order(house: House, lang: str) -> None:
    """Every page says in its language, and in plain words, that it cannot be shown; nothing keeps it."""
    for path in PAGES:
        answer = house.visit(path.format(lang=lang))
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store"), path
        assert int(answer.headers["Retry-After"]) > 0
    page = house.visit(f"/{lang}/{FUND}")
    assert (spoken(page.text), title(page.text)) == (lang, in_language(lang, "This page cannot be shown right now"))
    assert house.visit(f"/api/campaigns/{FUND}.json").get_json() == {"error": "unavailable"}
    assert house.visit("/healthz").status_code == 503


def in_order(house: House, lang: str) -> None:
    """Every page is shown again."""
    for path in (*PAGES, f"/api/campaigns/{FUND}.json", "/healthz"):
        assert house.visit(path.format(lang=lang)).status_code == 200


def file_of(house: House) -> Path:
    return Path(str(house.keys.database.path))
