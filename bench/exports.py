"""Exports to CSV: postings a second, and how large a process grows by it, without the web and as a whole program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from bench import ledgers, world
from bench.servers import ROOT
from campaigns.domain.selection import Selection
from campaigns.payments.sandbox import SandboxGateway
from campaigns.services.exporting import Format, Order, export_books
from campaigns.services.keys import Keys, utc_now
from campaigns.storage.database import Database
from campaigns.storage.sandbox_memory import StoredSandbox
from campaigns.storage.vault import Vault
from tests.postgresql import PostgreSQL

_KIB_OF_MB = 1024
_PROGRAM = ("-m", "flask", "--app", "app", "books", "export", "--format", "csv", "--force", "--out")


def measure(folder: Path, rounds: int, entries: int) -> dict[str, float]:
    """Of a ledger with so many entries, and twice as many postings, on each database: the best rate, and megabytes."""
    numbers: dict[str, float] = {}
    for kind, url in _databases(folder):
        ledgers.build(url, entries)
        given, file = {**world.environment(folder), "DATABASE_URL": url}, folder / "ledger.csv"
        runs = [_ran(("-m", "bench.exports", str(file)), given) for _ in range(rounds)]
        if any(json.loads(said)["lines"] < 2 * entries for said, _ in runs):
            raise RuntimeError("not every posting was exported")
        numbers[f"export.csv.{kind}.rows_per_second"] = max(json.loads(said)["rate"] for said, _ in runs)
        numbers[f"export.csv.{kind}.rows_per_cpu_second"] = max(json.loads(said)["cpu_rate"] for said, _ in runs)
        numbers[f"export.csv.{kind}.megabytes"] = max(size for _, size in runs)
        numbers[f"export.csv.{kind}.command_megabytes"] = _ran((*_PROGRAM, str(file)), given)[1]
    return numbers


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "sqlite", f"sqlite:///{folder}/exports.sqlite3"
    with closing(PostgreSQL()) as server:
        yield "postgresql", server.url()


def _ran(arguments: tuple[str, ...], given: Mapping[str, str]) -> tuple[str, float]:
    """What a new process says, and its largest size in megabytes.

    Not what `wait4` tells: that counts in how large we ourselves are, from whom it was forked.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True
    )
    status, largest = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        largest = max(largest, *map(int, found), 0)
        time.sleep(0.02)
    said, _ = process.communicate()
    if process.returncode != 0:
        raise RuntimeError("the export failed")
    return said, largest / _KIB_OF_MB


def main() -> None:
    """In a process of its own: export everything into a file, and say how many lines there were, at which rate."""
    settings = world.settings(dict(os.environ))
    with closing(Database(settings.database_url)) as database:
        gateway = SandboxGateway(("unused",), StoredSandbox(database), settings.base_url, utc_now)
        keys = Keys(settings, database, gateway, Vault(settings.pii_keys))
        began, worked = time.perf_counter(), time.process_time()
        with Path(sys.argv[1]).open("wb") as out:
            totals = export_books(keys, None, Order(Selection(), Format.CSV), out)
        rate, cpu_rate = (totals.lines / took for took in (time.perf_counter() - began, time.process_time() - worked))
    print(json.dumps({"lines": totals.lines, "rate": rate, "cpu_rate": cpu_rate}))


if __name__ == "__main__":
    main()
