"""The benchmark runs from end to end, at sizes that prove nothing but that."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WANTED = {
    "edge.campaign_page.vs_bare", "edge.embed.vs_bare", "edge.json.vs_bare", "edge.svg.vs_bare",
    "miss.campaign_page.vs_flask_constant", "miss.embed.vs_flask_constant", "settlement.vs_sql",
    "ledger.sqlite.worst_ratio", "ledger.postgresql.worst_ratio",
    "export.csv.sqlite.rows_per_second", "export.csv.postgresql.megabytes",
}  # fmt: skip


def test_the_benchmark_measures_all_that_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    sizes = ["--rounds", "1", "--seconds", "0.1", "--notices", "20", "--entries", "200", "--ledger", "2000"]
    sizes += ["--out", str(file)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.bench", *sizes], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    numbers = json.loads(file.read_text())
    assert numbers.keys() >= WANTED
    assert all(number > 0 for number in numbers.values())
    assert numbers["weight.embed.bytes"] <= 14_000
    assert numbers["weight.svg.bytes"] <= 4_000
    assert numbers["weight.campaign_page_in_all.bytes"] <= 40_000
    assert all(name in done.stdout for name in WANTED)
