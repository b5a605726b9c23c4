"""Measures everything in one run: prints a table, writes build/bench.json.

python -m bench.bench [--rounds 5] [--seconds 2] [--only reads|settlement|exports|ledger]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench import exports, ledger, reads, report, settling
from bench.servers import ROOT


def main() -> None:
    options = _options()
    numbers: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="campaigns-bench-") as name:
        folder = Path(name)
        if options.only in (None, "reads"):
            rows, weights = reads.measure(folder, options.rounds, options.seconds)
            numbers |= report.flat(rows) | reads.ratios(rows)
            numbers |= {f"weight.{what}.bytes": size for what, size in weights.items()}
            print(report.table(rows))
            print("\n".join(f"{what:22}{size:8,} bytes" for what, size in weights.items()))
        if options.only in (None, "settlement"):
            numbers |= settling.measure(folder, options.rounds, options.notices)
            print("\n".join(f"{name:40}{numbers[name]:10,.1f}" for name in numbers if name.startswith("settlement.")))
        if options.only in (None, "exports"):
            numbers |= exports.measure(folder, options.rounds, options.entries)
            print("\n".join(f"{name:40}{numbers[name]:10,.0f}" for name in numbers if name.startswith("export.")))
        if options.only in (None, "ledger"):
            found = ledger.measure(folder, options.rounds, options.ledger)
            numbers |= found
            print(ledger.table(found))
    print(report.verdicts(numbers))
    report.write(options.out, numbers)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast the program is, side by side with the least possible.")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything takes its turn")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long one turn of a page lasts")
    parser.add_argument("--notices", type=int, default=1000, help="how many notices one turn of settlement has")
    parser.add_argument("--entries", type=int, default=500_000, help="how many entries the exported ledger has")
    parser.add_argument("--ledger", type=int, default=100_000, help="how many entries large books have")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json", help="the file for the figures")
    parser.add_argument("--only", choices=["reads", "settlement", "exports", "ledger"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
