"""Settings that are missing, wrong or unsafe stop the real programs: one sentence, exit code 1, no stack trace."""

from __future__ import annotations

import re
import secrets
import shutil
import sys
from pathlib import Path

import pytest

from tests.served import HOST, Served

WRONG = {
    "SECRET_KEY is not set": {"SECRET_KEY": ""},
    "SECRET_KEY is too short": {"SECRET_KEY": "tiny"},
    "PII_KEYS must be Fernet keys": {"PII_KEYS": "nonsense"},
    "needs DEMO=1": {"DEMO": "0", "BASE_URL": "https://give.example.org"},
    "must begin with https": {"DEMO": "0", "BASE_URL": "http://give.example.org"},
    "TRUSTED_PROXIES must be addresses": {"TRUSTED_PROXIES": "everybody"},
    "DATABASE_URL must be": {"DATABASE_URL": "mysql://root@localhost/campaigns"},
}
# With which it would start with real money.
LIVE = {
    "DEMO": "0",
    "BASE_URL": "https://give.example.org",
    "PAYMENT_GATEWAY": "stripe",
    "STRIPE_SECRET_KEY": "_".join(("rk", "live", secrets.token_hex(12))),
    "STRIPE_WEBHOOK_SECRET": secrets.token_hex(16),
}


@pytest.mark.parametrize("sentence,given", WRONG.items(), ids=WRONG)
def test_the_jobs_do_not_start(tmp_path: Path, sentence: str, given: dict[str, str]) -> None:
    done = Served(tmp_path).flask("jobs", "run", **given)
    assert (done.returncode, done.stdout) == (1, "")
    assert is_one_sentence(done.stderr)
    assert sentence in done.stderr


@pytest.mark.parametrize("sentence,given", [*WRONG.items()][:2], ids=[*WRONG][:2])
def test_the_server_does_not_start(tmp_path: Path, sentence: str, given: dict[str, str]) -> None:
    site = Served(tmp_path, given)
    where = ("--host", HOST, "--port", str(site.port), "--interface", "wsgi", "--log-level", "critical")
    server = site.start(sys.executable, "-m", "granian", *where, "--workers", "1", "app:app")
    assert server.wait(30) == 1
    said = site.log.read_text()
    assert sentence in said
    assert is_one_sentence("".join(line for line in said.splitlines(True) if not line.startswith("[ERROR]")))
    site.stop()


def test_no_secret_stands_in_what_is_said_of_it(tmp_path: Path) -> None:
    secret = secrets.token_hex(8)
    for name in ("SECRET_KEY", "PII_KEYS", "STRIPE_SECRET_KEY"):
        done = Served(tmp_path).flask("jobs", "run", **{"PAYMENT_GATEWAY": "stripe", name: secret})
        assert done.returncode == 1
        assert secret not in done.stderr + done.stdout


@pytest.mark.parametrize("command", [("jobs", "run"), ("database", "upgrade"), ("books", "check")])
def test_play_money_never_counts_on_a_live_site(tmp_path: Path, demo_file: Path, command: tuple[str, ...]) -> None:
    shutil.copyfile(demo_file, tmp_path / "campaigns.sqlite3")
    done = Served(tmp_path).flask(*command, **LIVE)
    assert (done.returncode, done.stdout) == (1, "")
    assert is_one_sentence(done.stderr)
    assert "names a demo database, and this is a live site" in done.stderr


def test_real_money_never_comes_into_a_demo(tmp_path: Path) -> None:
    site = Served(tmp_path)
    assert site.flask("database", "upgrade", **LIVE).returncode == 0
    done = site.flask("jobs", "run")
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert "names a live database, and this is a demo site" in done.stderr


def is_one_sentence(said: str) -> bool:
    """One line of a person's language, however many processes say it."""
    lines = set(said.splitlines())
    return len(lines) == 1 and re.fullmatch(r"[A-Z].*[.]", lines.pop()) is not None
