"""`flask books export` and `flask audit check`: what is written where, and what is refused."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.services.audit_trail import Action
from campaigns.services.keys import Keys
from campaigns.storage import audit_log
from campaigns.storage.database import Database
from tests.exports import an_awkward_ledger, read_csv, sums_of_postings
from tests.world import environment


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """A site with an awkward ledger."""
    now = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    built = create_app(Settings.from_environment(environment(database_url)), now=lambda: now)
    keys: Keys = built.extensions["keys"]
    with closing(keys.database):
        an_awkward_ledger(keys.database)
        yield built


def say(app: Flask, *words: object) -> Result:
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def database(app: Flask) -> Database:
    keys: Keys = app.extensions["keys"]
    return keys.database


def noted(app: Flask) -> list[str]:
    with database(app).reading() as connection:
        return [record.detail for record in audit_log.of_action(connection, Action.EXPORTED)]


def test_the_books_are_written_and_the_totals_said(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    result = say(app, "books", "export", "--format", "csv", "--out", file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(f"Exported 220 entries with {len(read_csv(file)[0])} lines to {file}.\n")
    with database(app).reading() as connection:
        assert read_csv(file)[1] == sums_of_postings(connection)
    assert "assets:bank: debit " in result.stdout
    assert noted(app) == ["csv, 220 entries: all"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "hledger", "beancount"])
def test_only_its_owner_can_read_the_file(app: Flask, tmp_path: Path, form: str) -> None:
    file = tmp_path / "ledger"
    assert say(app, "books", "export", "--format", form, "--out", file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["ledger"]


def test_it_takes_the_words_of_the_ledger_s_address(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    chosen = {"--from": "2025-11-10", "--to": "2025-12-20", "--campaign": "spring", "--kind": "gift",
              "--account": "income:donations", "--gateway": "stripe", "--separator": ","}  # fmt: skip
    say(app, "books", "export", "--format", "csv", "--out", file, *(part for pair in chosen.items() for part in pair))
    lines, _ = read_csv(file, ",")
    assert {(line["kind"], line["gateway"]) for line in lines} == {("gift", "stripe")}
    assert all("2025-11-10" <= line["day"] <= "2025-12-20" for line in lines)
    assert noted(app)[0].endswith(
        " entries: from 2025-11-10, to 2025-12-20, campaign spring, account income:donations, kind gift, gateway stripe"
    )


def test_a_file_that_is_there_is_replaced_only_by_force(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ledger.journal"
    file.write_text("mine")
    refused = say(app, "books", "export", "--format", "hledger", "--out", file)
    assert (refused.exit_code, file.read_text(), noted(app)) == (1, "mine", [])
    assert re.fullmatch(r"Error: There is a file .+ already: .+\n", refused.stderr)
    assert say(app, "books", "export", "--format", "hledger", "--out", file, "--force").exit_code == 0
    assert "account assets:bank" in file.read_text()


@pytest.mark.parametrize(
    "words,complaint",
    [
        (["--from", "22.11.2026"], "We cannot read this date"),
        (["--from", "2026-02-01", "--to", "2026-01-01"], "The last day is before the first"),
        (["--account", "assets:gold"], "There is no such account"),
        (["--kind", "present"], "There is no such kind of entry"),
        (["--campaign", "fnud"], "There is no campaign fnud"),
        (["--separator", "|"], "is not one of"),
    ],
)
def test_what_cannot_be_meant_is_refused(app: Flask, tmp_path: Path, words: list[str], complaint: str) -> None:
    result = say(app, "books", "export", "--format", "csv", "--out", tmp_path / "ledger.csv", *words)
    assert result.exit_code != 0
    assert complaint in result.stderr
    assert list(tmp_path.iterdir()) == []
    assert noted(app) == []


def test_a_folder_that_is_not_there_is_said(app: Flask, tmp_path: Path) -> None:
    result = say(app, "books", "export", "--format", "csv", "--out", tmp_path / "nowhere" / "ledger.csv")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: The file cannot be used: .+nowhere.+\n", result.stderr)


def test_how_far_it_is_is_told_on_the_terminal(app: Flask, tmp_path: Path) -> None:
    result = say(app, "books", "export", "--format", "csv", "--out", tmp_path / "ledger.csv", "--progress")
    assert re.search(r"\r220 of 220 entries, [\d,]+ a second\n$", result.stderr)


def test_an_honest_audit_log_is_said_to_be_so(app: Flask, tmp_path: Path) -> None:
    say(app, "books", "export", "--format", "csv", "--out", tmp_path / "ledger.csv")
    result = say(app, "audit", "check")
    assert result.exit_code == 0
    assert re.fullmatch(r"Records: 1\. Head: [0-9a-f]{64}\.\nThe audit log is as it was written\.\n", result.output)
    head = result.output.split()[3].rstrip(".")
    assert say(app, "audit", "check", "--head", head).exit_code == 0


def test_a_record_that_was_changed_is_named_and_the_exit_code_tells(app: Flask, tmp_path: Path) -> None:
    say(app, "books", "export", "--format", "csv", "--out", tmp_path / "ledger.csv")
    with database(app).transaction() as connection:
        sqlite = database(app).is_sqlite
        off = "DROP TRIGGER audit_log_no_update" if sqlite else "ALTER TABLE audit_log DISABLE TRIGGER ALL"
        connection.execute(text(off))
        connection.execute(text("UPDATE audit_log SET detail = 'nothing'"))
    result = say(app, "audit", "check")
    assert result.exit_code == 1
    assert result.stderr == "FAULT: record 1 was changed or put in, or one was removed just before it\n"


def test_a_head_that_nothing_bears_says_that_records_were_cut_off(app: Flask) -> None:
    result = say(app, "audit", "check", "--head", "a" * 64)
    assert (result.exit_code, "cut off" in result.stderr) == (1, True)
