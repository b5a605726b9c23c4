"""Whatever a donor leaves behind stands in no log, and in no table in clear."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.hardening.houses import FUND, value_of
from tests.mail import MailServer
from tests.served import Served


def canary(kind: str) -> str:
    """A word that stands nowhere else."""
    return f"canary{kind}{secrets.token_hex(6)}"


@pytest.fixture
def talking(demo_file: Path, tmp_path: Path, mail_server: MailServer) -> Iterator[Served]:
    """Server and jobs, with letters that a mail server refuses; it quotes what it was given, as real ones do."""
    shutil.copyfile(demo_file, tmp_path / "campaigns.sqlite3")
    served = Served(tmp_path, {"MAIL_URL": mail_server.url, "PYTHONUNBUFFERED": "1"})
    try:
        served.serve()
        yield served
    finally:
        served.stop()


def test_nothing_that_a_donor_leaves_stands_in_a_log_or_in_clear_in_a_table(
    talking: Served, mail_server: MailServer
) -> None:
    planted = {
        name: canary(name) for name in ("email", "amount", "query", "agent", "referer", "forwarded", "path", "cookie")
    }
    email = f"{planted['email']}@example.org"
    mail_server.refused[email] = f"550 no such user {email}"
    headers = {
        "User-Agent": planted["agent"],
        "Referer": f"https://{planted['referer']}.example/",
        "X-Forwarded-For": planted["forwarded"],
        "Cookie": f"session={planted['cookie']}",
        "Accept-Language": f"en;q={planted['agent']}",
    }
    thanks = give(talking, headers, planted, email)
    time.sleep(0.1)
    for _ in range(2):
        done = talking.flask("jobs", "run")
        talking.log.write_text(talking.log.read_text() + done.stdout + done.stderr)
    break_things(talking, headers)
    planted |= {"thanks": thanks, "secret key": talking.settings["SECRET_KEY"], "pii key": talking.settings["PII_KEYS"]}
    said = talking.log.read_text()
    assert {"donor.confirm", "sandbox.choose", "letters sent failed"} <= set(
        re.findall("letters sent failed|[a-z]+[.][a-z]+", said)
    )
    assert {name for name, word in planted.items() if word in said} == set()
    del planted["thanks"]
    kept = b"".join(part.read_bytes() for part in talking.folder.glob("campaigns.sqlite3*"))
    assert {name for name, word in planted.items() if word.encode() in kept} == set()
    assert mail_server.connections


def give(site: Served, headers: Mapping[str, str], planted: Mapping[str, str], email: str) -> str:
    """A gift with a receipt, after mistakes that could all be quoted; returns the token of its thank-you address."""
    query = f"?utm={planted['query']}"
    site.ask(f"/en/{FUND}{query}", headers=headers)
    site.ask(f"/en/{planted['path']}{query}", headers=headers)
    site.send(f"/en/{FUND}/give{query}", {"amount": "own", "own_amount": planted["amount"]}, headers)
    step = site.send(f"/en/{FUND}/give{query}", {"amount": "50"}, headers)
    token = value_of(step.text, "token")
    site.send(f"/en/give/confirm{query}", {"token": planted["path"], "method": "blik", "email": email}, headers)
    site.send(f"/en/give/confirm{query}", {"token": token, "method": "none", "email": email}, headers)
    page = site.send("/en/give/confirm", {"token": token, "method": "blik", "email": email}, headers)
    paid = site.send(page.headers["location"].removeprefix(site.url) + query, {"outcome": "pay"}, headers)
    thanks = paid.headers["location"].removeprefix(site.url)
    assert site.ask(thanks + query, headers=headers).status == 200
    site.ask("/webhooks/sandbox", "POST", planted["path"].encode(), {**headers, "Sandbox-Signature": planted["agent"]})
    return thanks.rpartition("/")[2]


def break_things(site: Served, headers: Mapping[str, str]) -> None:
    """The database is lost in the middle of a gift: errors are what quotes best."""
    step = site.send(f"/en/{FUND}/give", {"amount": "50"}, headers)
    for part in site.folder.glob("campaigns.sqlite3*"):
        part.rename(part.with_name("lost-" + part.name))
    form = {"token": value_of(step.text, "token"), "method": "blik", "email": "somebody@example.org"}
    assert site.send("/en/give/confirm", form, headers).status == 503
    done = site.flask("jobs", "run")
    site.log.write_text(site.log.read_text() + done.stdout + done.stderr)
    for part in site.folder.glob("lost-*"):
        part.rename(part.with_name(part.name.removeprefix("lost-")))
