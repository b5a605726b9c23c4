"""Settlement: notices a second through HTTP, signature included, beside the same SQL through Core without HTTP.

The same SQL is found by listening: the statements of every notice, with their values, as the program sends them. They
are then executed again, by one writer, on a copy of the database as it was before.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeVar, cast

from flask import Flask
from sqlalchemy import Connection, Engine, Executable, event

from bench import load, world
from bench.servers import Server
from campaigns.application import create_app
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.signature import sign
from campaigns.services.keys import Keys
from campaigns.services.settlement import receive
from campaigns.storage import campaigns, pledges
from campaigns.storage.database import Database
from campaigns.storage.pledges import NewPledge

# One for each worker. More only wait for one another: SQLite has one writer at a time.
CONNECTIONS = 2
_AMOUNT = Money.of(50, "PLN")
_PATH = "/webhooks/sandbox"

# The statements of one notice, each with its values.
Transaction = list[tuple[Executable, Any]]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Site:
    """A database with pledges that wait for their money, and the notices that bring it."""

    environment: dict[str, str]
    file: Path
    bodies: list[bytes]

    @contextmanager
    def copied(self) -> Iterator[dict[str, str]]:
        """The settings of a copy in the state before any notice."""
        copy = self.file.with_suffix(".copy")
        shutil.copyfile(self.file, copy)
        try:
            yield {**self.environment, "DATABASE_URL": f"sqlite:///{copy}"}
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{copy}{suffix}").unlink(missing_ok=True)


def measure(folder: Path, rounds: int, notices: int) -> dict[str, float]:
    """Medians, in notices a second, and their ratio."""
    site = _site(folder / "settling.sqlite3", notices)
    transactions = _heard(site)
    http: list[float] = []
    sql: list[float] = []
    for _ in range(rounds):
        sql.append(_replayed(site, transactions))
        http.append(_through_http(site))
    return {
        "settlement.http.notices_per_second": median(http),
        "settlement.sql.notices_per_second": median(sql),
        "settlement.statements_per_notice": sum(map(len, transactions)) / len(transactions),
        "settlement.vs_sql": median(http) / median(sql),
    }


def _site(file: Path, notices: int) -> _Site:
    environment = world.environment(file)
    world.build(world.settings(environment))
    references = [secrets.token_hex(16) for _ in range(notices)]
    database = Database(environment["DATABASE_URL"])
    now = datetime.now(UTC)
    with database.transaction() as connection:
        campaign = campaigns.by_slug(connection, world.SLUG)
        assert campaign is not None
        for reference in references:
            pledges.add(connection, _pledge(reference, campaign.id, now))
    database.cut_log()
    database.close()
    return _Site(environment, file, [_notice(reference) for reference in references])


def _pledge(reference: str, campaign_id: int, now: datetime) -> NewPledge:
    return NewPledge(
        reference=reference,
        thanks_token=secrets.token_hex(16),
        form_hash=None,
        campaign_id=campaign_id,
        amount=_AMOUNT,
        method=Method.BLIK,
        language="pl",
        gateway="sandbox",
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )


def _notice(reference: str) -> bytes:
    """The sandbox says that a gift was paid."""
    money = {"minor": _AMOUNT.minor, "currency": _AMOUNT.currency}
    subject = {"id": secrets.token_hex(8), "payment": secrets.token_hex(8), "reference": reference, "amount": money}
    message = {"id": secrets.token_hex(8), "mode": "sandbox", "at": 0, "kind": "checkout.paid", "object": subject}
    return json.dumps(message).encode()


def _heard(site: _Site) -> list[Transaction]:
    """What the program says to the database for each notice."""
    heard: list[Transaction] = []

    def listen(_: Connection, statement: Executable, many: Sequence[Any], one: Any, *__: object) -> None:
        heard[-1].append((statement, many or one))

    with site.copied() as environment, _running(environment) as keys:
        event.listen(Engine, "before_execute", listen)
        try:
            for body in site.bodies:
                heard.append([])
                receive(keys, body, _signature(keys, body))
        finally:
            event.remove(Engine, "before_execute", listen)
    return heard


def _replayed(site: _Site, transactions: list[Transaction]) -> float:
    with site.copied() as environment, _running(environment) as keys:
        first, rest = _parted(transactions)
        _execute(keys.database, first)
        began = time.perf_counter()
        _execute(keys.database, rest)
        took = time.perf_counter() - began
        _must_have_come(keys.database, len(transactions))
    return len(rest) / took


def _execute(database: Database, transactions: list[Transaction]) -> None:
    for transaction in transactions:
        with database.transaction() as connection:
            for statement, values in transaction:
                result = connection.execute(statement, values)
                if result.returns_rows:
                    result.all()


def _parted(items: list[_T]) -> tuple[list[_T], list[_T]]:
    """The first tenth warms up whoever works; only the rest counts."""
    tenth = len(items) // 10
    return items[:tenth], items[tenth:]


def _through_http(site: _Site) -> float:
    with site.copied() as environment:
        server = Server("ours", environment, site.file.parent)
        try:
            with _running(environment) as keys:
                first, rest = _parted([_request(keys, body) for body in site.bodies])
                _sent(server, first)
                seen = _sent(server, rest)
                _must_have_come(keys.database, len(site.bodies))
        finally:
            server.stop()
    return seen.rate


def _sent(server: Server, requests: list[bytes]) -> load.Load:
    seen = load.run(server.port, requests, CONNECTIONS, None)
    if seen.refused:
        raise RuntimeError(f"{seen.refused} of {seen.requests} notices were not taken")
    return seen


def _request(keys: Keys, body: bytes) -> bytes:
    headers = {keys.gateway.signature_header: _signature(keys, body), "Content-Type": "application/json"}
    return load.post(world.HOST, _PATH, headers, body)


def _signature(keys: Keys, body: bytes) -> str:
    # Only whoever holds the secret can sign, and nobody else needs to see it.
    return sign(body, cast(SandboxGateway, keys.gateway)._secrets, datetime.now(UTC))  # noqa: SLF001


def _must_have_come(database: Database, gifts: int) -> None:
    """A figure for work that was not done would be worth nothing."""
    with database.reading() as connection:
        shown = campaigns.shown(connection, world.SLUG, "pl")
    if shown is None or shown.booked.gifts != world.GIFTS + gifts:
        raise RuntimeError("not every notice was booked")


@contextmanager
def _running(environment: dict[str, str]) -> Iterator[Keys]:
    """The program in this process."""
    app: Flask = create_app(world.settings(environment))
    keys: Keys = app.extensions["keys"]
    try:
        yield keys
    finally:
        keys.database.close()
