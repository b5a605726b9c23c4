"""Pages, widgets and figures: from the edge and on a miss, beside a bare function and a constant Flask view."""

from __future__ import annotations

import http.client
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import load, world
from bench.servers import ROOT, Server

CONNECTIONS = 32

PATHS = {
    "campaign_page": f"/pl/{world.SLUG}",
    "embed": f"/embed/{world.SLUG}",
    "json": f"/api/campaigns/{world.SLUG}.json",
    "svg": f"/embed/{world.SLUG}.svg",
}
_STATIC = ROOT / "campaigns" / "static"
MISSES = ("campaign_page", "embed")


@dataclass(frozen=True, slots=True)
class Row:
    """Medians of one subject: requests a second, milliseconds, microseconds of the server's CPU a request."""

    subject: str
    what: str
    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True, slots=True)
class _Sample:
    load: load.Load
    cpu: float


def measure(folder: Path, rounds: int, seconds: float) -> tuple[list[Row], dict[str, int]]:
    """All rows, and the weight of each answer in bytes. Subjects take turns in every round."""
    database = folder / "reads.sqlite3"
    environment = world.environment(database)
    world.build(world.settings(environment))
    servers = {"ours": Server("ours", environment, folder), "missing": Server("missing", environment, folder)}
    try:
        answers = _answers(servers["ours"].port)
        kept = folder / "answers"
        kept.write_bytes(pickle.dumps(answers))
        for name in ("bare", "constant"):
            servers[name] = Server(name, {**environment, "BENCH_ANSWERS": str(kept)}, folder)
        rows = _rows(servers, rounds, seconds)
    finally:
        for server in servers.values():
            server.stop()
    weights = {what: len(answers[path][1]) for what, path in PATHS.items()}
    # With its stylesheet, its script and its icon: what a first visit loads.
    weights["campaign_page_in_all"] = weights["campaign_page"] + sum(file.stat().st_size for file in _STATIC.iterdir())
    return rows, weights


def _rows(servers: Mapping[str, Server], rounds: int, seconds: float) -> list[Row]:
    subjects = [(name, what) for what in PATHS for name in ("bare", "constant", "ours")]
    subjects += [("missing", what) for what in MISSES]
    for name, what in subjects:
        _sample(servers[name], what, 0.3)
    samples: dict[tuple[str, str], list[_Sample]] = {subject: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            samples[subject].append(_sample(servers[subject[0]], subject[1], seconds))
    return [_row(name, what, samples[name, what]) for name, what in subjects]


def _sample(server: Server, what: str, seconds: float) -> _Sample:
    before = server.cpu()
    seen = load.run(server.port, [load.get(world.HOST, PATHS[what])], CONNECTIONS, seconds)
    if seen.refused:
        raise RuntimeError(f"{seen.refused} of {seen.requests} requests for {what} were not answered with 200")
    return _Sample(seen, (server.cpu() - before) / seen.requests * 1e6)


def _row(name: str, what: str, samples: list[_Sample]) -> Row:
    return Row(
        name,
        what,
        median(sample.load.rate for sample in samples),
        median(sample.load.p50 for sample in samples),
        median(sample.load.p99 for sample in samples),
        median(sample.cpu for sample in samples),
    )


def _answers(port: int) -> dict[str, tuple[list[tuple[str, str]], bytes]]:
    """What ours says, to be repeated by the others; without the headers that the server itself adds."""
    answers = {}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for path in PATHS.values():
        line.request("GET", path, headers={"Host": world.HOST})
        answer = line.getresponse()
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in ("date", "server")]
        answers[path] = (headers, answer.read())
    line.close()
    return answers


def ratios(rows: list[Row]) -> dict[str, float]:
    """The ratios that are wanted: requests a second at the edge, CPU a request on a miss."""
    found = {(row.subject, row.what): row for row in rows}
    result = {}
    for what in PATHS:
        ours, bare = found["ours", what], found["bare", what]
        result[f"edge.{what}.vs_bare"] = ours.rate / bare.rate
        result[f"edge.{what}.cpu_vs_bare"] = ours.cpu / bare.cpu
    for what in MISSES:
        missing, constant = found["missing", what], found["constant", what]
        result[f"miss.{what}.vs_flask_constant"] = missing.cpu / constant.cpu
        result[f"miss.{what}.rate_vs_flask_constant"] = missing.rate / constant.rate
    return result
