"""The journal in books of a thousand entries and in large ones, page beside page, on both databases.

A page is asked for as a browser asks for it, of the whole program but for the server: signed in, found, written out.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from flask import Flask

from bench import ledgers, world
from campaigns.application import create_app
from campaigns.domain.people import Role
from campaigns.services import sessions
from campaigns.services.keys import Keys
from campaigns.storage import staff
from campaigns.web.doors import cookie_name
from tests.postgresql import PostgreSQL

SMALL = 1_000
_JOURNAL = "/treasury/ledger"
_NEXT = re.compile(r'href="([^"]+)" rel="next"')

QUERIES = {
    "all": "",
    "days": "from=2024-03-01&to=2024-05-15",
    "campaign": "campaign=office",
    "account": "account=income%3Adonations",
    "account_few": "account=income%3Arefunds",
    "kind": "kind=fee",
    "kind_few": "kind=refund",
    "gateway": "gateway=stripe",
    "amount": "least=50&most=50",
    "amount_wide": "least=10",
    "amount_few": "least=123.45&most=123.45",
    "words": f"words={ledgers.COMMON}",
    "words_few": f"words={ledgers.RARE}",
    "words_none": "words=nowhere",
    "number": "words=777",
    "none_of_many": "kind=fee&campaign=office",
    "few_of_many": "kind=refund&campaign=office",
    "words_of_kind": f"words={ledgers.COMMON}&kind=refund",
}


class Reader:
    """A treasurer in front of one ledger."""

    def __init__(self, url: str) -> None:
        settings = world.settings({**world.environment(Path("unused")), "DATABASE_URL": url})
        app: Flask = create_app(settings)
        self.keys: Keys = app.extensions["keys"]
        self._client = app.test_client(use_cookies=False)
        with self.keys.database.transaction() as connection:
            number = staff.add(connection, "reader@example.org", "Reader", Role.TREASURER, "pl", self.keys.now())
            found = staff.by_id(connection, number)
            assert found is not None
            token = sessions.begin(connection, found.person, self.keys.now())
        self._headers = {"Cookie": f"{cookie_name(self.keys)}={token}", "Host": world.HOST}

    def ask(self, path: str) -> tuple[float, str]:
        """How long the page took, in milliseconds, and the page."""
        began = time.perf_counter()
        answer = self._client.get(path, headers=self._headers, base_url=f"http://{world.HOST}")
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}")
        return took, answer.text


def measure(folder: Path, rounds: int, number: int) -> dict[str, float]:
    """Milliseconds of every page in both books, how they compare, and the worst of that by database.

    Of all rounds the quickest counts: what a page takes when nothing else is in its way.
    """
    logging.getLogger("campaigns").setLevel(logging.WARNING)
    numbers: dict[str, float] = {}
    with _databases(folder) as urls:
        for kind, (small, large) in urls.items():
            ledgers.build(small, SMALL)
            ledgers.build(large, number)
            numbers |= _compared(kind, Reader(small), Reader(large), rounds)
    return numbers


def _compared(kind: str, small: Reader, large: Reader, rounds: int) -> dict[str, float]:
    paths = dict(_paths(small, large))
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in paths}
    for turn in range(rounds + 1):  # the first one warms up
        for name, (in_small, in_large) in paths.items():
            took = small.ask(in_small)[0], large.ask(in_large)[0]
            if turn:
                for place in (0, 1):
                    times[name][place].append(took[place])
    found = {}
    for name, (of_small, of_large) in times.items():
        found[f"ledger.{kind}.{name}.small_ms"] = min(of_small)
        found[f"ledger.{kind}.{name}.large_ms"] = min(of_large)
        found[f"ledger.{kind}.{name}.ratio"] = min(of_large) / min(of_small)
    found[f"ledger.{kind}.worst_ratio"] = max(found[name] for name in found if name.endswith(".ratio"))
    small.keys.database.close()
    large.keys.database.close()
    return found


def _paths(small: Reader, large: Reader) -> Iterator[tuple[str, tuple[str, str]]]:
    """The first page of every selection, and the next one where both books have one."""
    for name, query in QUERIES.items():
        first = f"{_JOURNAL}?{query}"
        yield name, (first, first)
        nexts = [_NEXT.search(reader.ask(first)[1]) for reader in (small, large)]
        if all(nexts):
            in_small, in_large = (found[1].replace("&amp;", "&") for found in nexts if found)
            yield f"{name}.next", (in_small, in_large)
    oldest = f"{_JOURNAL}?after=2000-01-01:0"
    yield "all.oldest", (oldest, oldest)


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """Empty databases of each kind, one for small books and one for large ones."""
    with ExitStack() as stack:
        server = stack.enter_context(closing(PostgreSQL()))
        files = [folder / f"ledger-{size}.sqlite3" for size in ("small", "large")]
        for file in files:
            file.touch()
        small, large = (f"sqlite:///{file}" for file in files)
        with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE DATABASE small")
            connection.execute("CREATE DATABASE large")
        yield {"sqlite": (small, large), "postgresql": (server.url("small"), server.url("large"))}


def table(numbers: dict[str, float]) -> str:
    """One line per page."""
    lines = [f"{'journal':40}{'1 000 ms':>10}{'large ms':>10}{'ratio':>8}"]
    for name in numbers:
        if name.endswith(".ratio"):
            page = name.removesuffix(".ratio")
            small, large = numbers[f"{page}.small_ms"], numbers[f"{page}.large_ms"]
            lines.append(f"{page:40}{small:10.1f}{large:10.1f}{numbers[name]:8.2f}")
    return "\n".join(lines)
