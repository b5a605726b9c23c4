"""The figures on paper: a table for people, and one flat object of name to number for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench.reads import Row

# What is wanted, and whether more or less of it is better.
WANTED = {
    "edge.campaign_page.vs_bare": (0.7, "at least"),
    "edge.embed.vs_bare": (0.7, "at least"),
    "edge.json.vs_bare": (0.7, "at least"),
    "edge.svg.vs_bare": (0.7, "at least"),
    "miss.campaign_page.vs_flask_constant": (8.0, "at most"),
    "miss.embed.vs_flask_constant": (5.0, "at most"),
    "settlement.vs_sql": (0.5, "at least"),
    "ledger.sqlite.worst_ratio": (4.0, "at most"),
    "ledger.postgresql.worst_ratio": (4.0, "at most"),
    "export.csv.sqlite.rows_per_second": (100_000, "at least"),
    "export.csv.sqlite.megabytes": (100, "at most"),
    "export.csv.postgresql.rows_per_second": (100_000, "at least"),
    "export.csv.postgresql.megabytes": (100, "at most"),
}
_NAMES = {
    "bare": "bare function",
    "constant": "constant Flask view",
    "ours": "ours, from the edge",
    "missing": "ours, on a miss",
}


def table(rows: list[Row]) -> str:
    """One line per subject."""
    lines = [f"{'':15}{'':22}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs/request':>16}"]
    lines += [
        f"{row.what:15}{_NAMES[row.subject]:22}{row.rate:11,.0f}{row.p50:9.2f}{row.p99:9.2f}{row.cpu:16.1f}"
        for row in rows
    ]
    return "\n".join(lines)


def verdicts(numbers: Mapping[str, float]) -> str:
    """What was wanted, what there is."""
    lines = []
    for name, (bound, sense) in WANTED.items():
        if name in numbers:
            good = numbers[name] >= bound if sense == "at least" else numbers[name] <= bound
            lines.append(f"{name:40}{numbers[name]:10,.2f}   wanted {sense} {bound:g}   {'yes' if good else 'NO'}")
    return "\n".join(lines)


def flat(rows: list[Row]) -> dict[str, float]:
    """The absolute figures under names such as `ours.embed.requests_per_second`."""
    numbers = {}
    for row in rows:
        name = f"{row.subject}.{row.what}"
        numbers[f"{name}.requests_per_second"] = row.rate
        numbers[f"{name}.p50_ms"] = row.p50
        numbers[f"{name}.p99_ms"] = row.p99
        numbers[f"{name}.cpu_us"] = row.cpu
    return numbers


def write(file: Path, numbers: Mapping[str, float]) -> None:
    file.parent.mkdir(exist_ok=True)
    rounded = {name: round(number, 3) for name, number in sorted(numbers.items())}
    file.write_text(json.dumps(rounded, indent=2) + "\n")
