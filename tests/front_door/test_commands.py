"""The commands: each says in one sentence what it did or why it could not, and its exit code says the same."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.services.keys import Keys
from campaigns.storage import donors
from campaigns.storage.models import campaign_totals
from tests.databases import SQLiteDatabases
from tests.gifts import a_receipt
from tests.served import ORGANISATION, fernet_key

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
KEY, SECRET = fernet_key(), fernet_key()


class Desk:
    """An operator at the terminal of a demo site."""

    def __init__(self, database_url: str, pii_keys: str = KEY) -> None:
        self.now = NOW
        settings = {
            "DEMO": "1",
            "PAYMENT_GATEWAY": "sandbox",
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "PII_KEYS": pii_keys,
            "BASE_URL": "http://127.0.0.1:8000",
            **ORGANISATION,
        }
        self._app = create_app(Settings.from_environment(settings), now=lambda: self.now)
        self.keys: Keys = self._app.extensions["keys"]

    def say(self, command: str) -> Result:
        """What the terminal shows; an exception that nobody caught is raised here."""
        result = self._app.test_cli_runner().invoke(args=command.split())
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


Sit = Callable[..., Desk]


@pytest.fixture
def sit() -> Iterator[Sit]:
    """Desks, which are tidied at the end."""
    desks: list[Desk] = []

    def sit_down(database_url: str, pii_keys: str = KEY) -> Desk:
        desks.append(Desk(database_url, pii_keys))
        return desks[-1]

    yield sit_down
    for each in desks:
        each.keys.database.close()


@pytest.fixture(scope="module")
def demo(sqlite_databases: SQLiteDatabases) -> Path:
    """The database of a demo; made once, to be copied, for hashing the passwords of its staff is slow on purpose."""
    ready = Desk(sqlite_databases.migrated())
    assert ready.say("demo seed").output == "Demo campaigns created: 2.\n"
    ready.keys.database.cut_log()
    ready.keys.database.close()
    return Path(ready.keys.database.path or "")


@pytest.fixture
def desk(sit: Sit, sqlite_url: str, demo: Path) -> Desk:
    """A desk whose database is ready, with the demo's campaigns."""
    shutil.copy(demo, sqlite_url.removeprefix("sqlite:///"))
    return sit(sqlite_url)


def refused(result: Result, words: str) -> None:
    """Exit code 1, and one sentence with these words."""
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: \S.*[.]\n", result.stderr), result.stderr
    assert words in result.stderr


def test_the_demo_says_with_what_each_role_signs_in(desk: Desk) -> None:
    head, *rows, where = desk.say("demo staff").output.splitlines()
    assert re.split("  +", head) == ["Role", "E-mail", "Password", "Key of one-time codes", "Code now"]
    assert [row.split()[0] for row in rows] == ["admin", "treasurer", "auditor", "editor"]
    assert all(re.fullmatch(r"\w+ +\w+@example\.org +[a-z2-7-]{19} +[A-Z2-7]{32} +\d{6}", row) for row in rows)
    assert where == "Sign in at http://127.0.0.1:8000/sign-in"


def test_the_emergency_switch_is_at_the_terminal_too(desk: Desk) -> None:
    assert desk.say("site halt").output == "All widgets are empty and giving is paused.\n"
    assert desk.say("site halt").output == "It was halted already.\n"
    assert desk.say("site resume").output == "Widgets and giving are back.\n"
    assert desk.say("site resume").output == "It was not halted.\n"


def test_the_demo_is_made_once(desk: Desk) -> None:
    assert desk.say("demo seed").output == "Demo campaigns created: 0.\n"
    assert re.fullmatch(r"The database is at \S+\.\n", desk.say("database upgrade").output)


def test_right_books_are_said_to_be_right(desk: Desk) -> None:
    result = desk.say("books check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "legal-travel-fund: raised 2235.00 PLN, pledged 0.00 PLN, 17 supporters, 19 gifts\n" in result.stdout
    assert result.stdout.endswith("The books are right.\n")


def test_a_planted_lie_is_found_and_named(desk: Desk) -> None:
    total = campaign_totals.c
    with desk.keys.database.transaction() as connection:
        connection.execute(update(campaign_totals).where(total.gifts > 0).values(raised_minor=total.raised_minor + 1))
    result = desk.say("books check")
    assert result.exit_code == 1
    assert "The books are right" not in result.stdout
    assert re.search(r"^FAULT: .*legal-travel-fund", result.stderr, re.MULTILINE)


def test_donors_are_erased_when_their_time_is_over(desk: Desk) -> None:
    a_receipt(desk.keys.database, desk.keys.vault, "donor@example.org")
    assert desk.say("donors purge").output == "Donors erased: 0.\n"
    desk.now += timedelta(days=31)
    result = desk.say("donors purge")
    assert (result.exit_code, result.output) == (0, "Donors erased: 1.\n")
    assert desk.say("books check").exit_code == 0


def test_donors_are_sealed_anew_and_the_old_key_can_go(desk: Desk, sit: Sit) -> None:
    a_receipt(desk.keys.database, desk.keys.vault, "donor@example.org")
    url, fresh = desk.keys.settings.database_url, fernet_key()
    assert sit(url, f"{fresh},{KEY}").say("donors reseal").output == "Donors sealed anew: 1.\n"
    alone = sit(url, fresh)
    assert alone.say("donors reseal").exit_code == 0
    with alone.keys.database.reading() as connection:
        assert [email for _, email in donors.addresses(connection, alone.keys.vault)] == ["donor@example.org"]


def test_donors_that_no_key_opens_are_not_touched(desk: Desk, sit: Sit) -> None:
    a_receipt(desk.keys.database, desk.keys.vault, "donor@example.org")
    refused(sit(desk.keys.settings.database_url, fernet_key()).say("donors reseal"), "PII_KEYS")
    assert desk.say("donors reseal").output == "Donors sealed anew: 1.\n"


def test_a_backup_is_restored_into_an_empty_database(
    desk: Desk, sit: Sit, sqlite_databases: SQLiteDatabases, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    saved = desk.say(f"backup {file}")
    assert saved.exit_code == 0
    assert re.fullmatch(rf"Backed up [1-9]\d* rows to {file}\.\n", saved.output)
    other = sit(sqlite_databases.migrated())
    restored = other.say(f"restore {file}")
    assert restored.exit_code == 0
    assert restored.output == saved.output.replace("Backed up", "Restored").replace(" to ", " from ")
    assert other.say("books check").stdout == desk.say("books check").stdout


def test_a_backup_is_not_restored_over_anything(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    desk.say(f"backup {file}")
    before = desk.say("books check").stdout
    refused(desk.say(f"restore {file}"), "not empty")
    assert desk.say("books check").stdout == before


def test_what_is_no_backup_is_refused(sit: Sit, sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_bytes(b"no backup at all")
    refused(sit(sqlite_url).say(f"restore {file}"), "is not a whole backup")
    assert sit(sqlite_url).say(f"restore {file}.missing").exit_code == 2


def test_a_backup_without_a_place_is_refused(desk: Desk, tmp_path: Path) -> None:
    refused(desk.say(f"backup {tmp_path}/nowhere/backup.zip"), "nowhere")


def test_the_jobs_run_once_and_say_what_they_did(desk: Desk) -> None:
    result = desk.say("jobs run")
    assert result.exit_code == 0
    assert re.fullmatch(r"([a-z ]+ \d+, )*[a-z ]+ \d+\n", result.output)


def test_a_job_that_fails_is_named_and_the_exit_code_tells(desk: Desk) -> None:
    Path(str(desk.keys.database.path)).unlink()
    result = desk.say("jobs run")
    assert result.exit_code == 1
    assert "pledges expired -1" in result.stdout


def test_letters_need_somewhere_to_go(desk: Desk) -> None:
    a_receipt(desk.keys.database, desk.keys.vault, "donor@example.org")
    result = desk.say("mail send")
    assert result.exit_code == 1
    assert "MAIL_URL" in result.stderr
    assert "donor@example.org" not in result.output


@pytest.mark.parametrize(
    "command", ["books check", "site halt", "donors purge", "donors reseal", "mail send", "backup {}", "restore {}"]
)
@pytest.mark.parametrize("fate", ["gone", "without tables"])
def test_no_command_works_without_a_database_and_each_says_so(
    sit: Sit, sqlite_databases: SQLiteDatabases, tmp_path: Path, command: str, fate: str
) -> None:
    url = f"sqlite:///{tmp_path}/gone.sqlite3" if fate == "gone" else sqlite_databases.empty()
    file = tmp_path / "file"
    if command.startswith("restore"):
        assert sit(sqlite_databases.migrated()).say(f"backup {file}").exit_code == 0
    refused(sit(url).say(command.format(file)), "database")
