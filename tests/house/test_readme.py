"""The README: what it says of settings, commands, events and sizes is so, and what it says to paste works."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from cryptography.fernet import Fernet
from flask import Flask

from campaigns import cli
from campaigns.application import create_app
from campaigns.config import Settings, UnsafeSettings
from campaigns.payments import stripe, stripe_words
from campaigns.services.keys import Keys
from campaigns.storage import donors
from campaigns.web.embed.options import PARAMETERS
from tests.gifts import a_receipt

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
UNITS = sorted((ROOT / "deploy").rglob("*.service"))
TEMPLATE = ROOT / "deploy" / "settings.env"


def section(title: str) -> str:
    """What stands in the README under a heading of any level, up to the next of the same level."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[2]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return cells[2:]


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, content: Mapping[str, str]) -> None:
        super().__init__(content)
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]  # only texts are asked for
        self.names.add(name)
        return super().get(name, default)


LIVE = {
    "DATABASE_URL": "sqlite:///some.sqlite3",
    "SECRET_KEY": "s" * 32,
    "PII_KEYS": Fernet.generate_key().decode(),
    "BASE_URL": "https://give.example.org",
    "PAYMENT_GATEWAY": "stripe",
    "STRIPE_SECRET_KEY": "_".join(("rk", "live", "0" * 24)),
    "STRIPE_WEBHOOK_SECRET": "w" * 32,
    "ORG_NAME": "Fundacja",
    "ORG_EMAIL": "kontakt@example.org",
}


def test_the_readme_lists_the_settings_that_the_program_reads_and_no_others() -> None:
    asked = Asked(LIVE)
    Settings.from_environment(asked)
    listed = [name.strip("`") for name, *_ in rows(section("Settings"))]
    assert sorted(listed) == sorted(asked.names)


@pytest.mark.parametrize("row", rows(section("Settings")), ids=lambda row: row[0].strip("`"))
def test_the_readme_says_which_settings_must_be_set(row: list[str]) -> None:
    name, default = row[0].strip("`"), row[3]
    without = {key: value for key, value in LIVE.items() if key != name}
    if default.startswith("must be set"):
        with pytest.raises(UnsafeSettings, match=name):
            Settings.from_environment(without)
    else:
        assert Settings.from_environment(without) == Settings.from_environment({**LIVE, name: ""})


def test_the_template_of_settings_names_every_setting_and_no_secret() -> None:
    text = TEMPLATE.read_text("utf-8")
    given = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    left_out = re.findall(r"[A-Z_]+", text.rpartition("Left at their defaults:")[2])
    listed = [name.strip("`") for name, *_ in rows(section("Settings"))]
    assert sorted([*given, *left_out]) == sorted(listed)
    assert [name for name in given if re.search("KEY|SECRET|MAIL", name) and given[name]] == []


def commands() -> set[str]:
    """Every command of ours, as it is typed after `flask`."""
    app = Flask("house")
    cli.install(app)
    return set(_spelt_out(app.cli.commands, ""))


def _spelt_out(known: Mapping[str, click.Command], before: str) -> Iterator[str]:
    for name, command in known.items():
        if isinstance(command, click.Group):
            yield from _spelt_out(command.commands, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_the_readme_lists_the_commands_that_there_are() -> None:
    listed = {name.strip("`").removeprefix("flask ") for name, *_ in rows(section("Commands"))}
    assert listed == commands()


@pytest.mark.parametrize("page", [*PAGES, *UNITS], ids=lambda page: page.name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    typed = re.findall(
        r"(?:(?<!from )flask(?: --app app)?|^campaigns|`campaigns|run\.py) ([a-z]+(?: [a-z]+)?)", text, re.MULTILINE
    )
    known = commands() | {"shell"}  # Flask's own
    assert [words for words in typed if words not in known and words.split()[0] not in known] == []


def test_every_target_of_make_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z-]+)", page.read_text("utf-8"))}
    assert named
    assert named <= known


def test_the_webhook_is_made_for_the_events_and_the_version_that_we_read() -> None:
    step = section("6. Stripe: the webhook")
    assert sorted(re.findall(r"enabled_events\[\]=([\w.]+)", step)) == sorted(stripe_words.EVENTS)
    assert set(re.findall(r"\d{4}-\d\d-\d\d\.\w+", step)) == {stripe.API_VERSION}


def test_the_readme_lists_the_sizes_of_the_widget() -> None:
    listed = [size.strip("`") for size, *_ in rows(section("Embed a campaign"))]
    assert sorted(listed) == sorted(PARAMETERS["size"])


@pytest.fixture
def live_site(sqlite_url: str) -> Iterator[Flask]:
    """A live site with an empty database, as whoever types `campaigns shell` has it."""
    site = create_app(Settings.from_environment({**LIVE, "DATABASE_URL": sqlite_url}))
    with site.app_context():
        yield site
    keys_of(site).database.close()


def keys_of(site: Flask) -> Keys:
    keys: Keys = site.extensions["keys"]
    return keys


def paste(title: str, **known: object) -> None:
    """Run the Python that stands in a section of the README."""
    lines = re.search(r"^```python\n(.*?)^```", section(title), re.MULTILINE | re.DOTALL)
    assert lines
    exec(lines[1], known)  # noqa: S102 - our own page


def test_the_lines_for_a_campaign_make_one_that_donors_see(live_site: Flask) -> None:
    paste("Make a campaign")
    page = live_site.test_client().get("/api/campaigns/legal-travel-fund.json", base_url=LIVE["BASE_URL"])
    assert page.get_json()["goal_minor"] == 500_000


def test_the_command_for_forgetting_a_donor_asks_and_forgets(live_site: Flask) -> None:
    keys = keys_of(live_site)
    pledge_id = a_receipt(keys.database, keys.vault, "kto@example.org")
    said = live_site.test_cli_runner().invoke(args=["donors", "forget"], input="Kto@Example.org\n")
    assert said.exit_code == 0
    with keys.database.reading() as connection:
        assert not donors.has_email(connection, pledge_id)
