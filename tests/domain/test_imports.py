"""The domain stands alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOREIGN = {
    "flask",
    "werkzeug",
    "jinja2",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "stripe",
    "babel",
    "wtforms",
    "cryptography",
}
MODULES = [f"campaigns.domain.{file.stem}" for file in (ROOT / "campaigns/domain").glob("[!_]*.py")]


def test_importing_the_domain_loads_no_web_no_database_and_no_provider() -> None:
    program = f"import sys, {', '.join(MODULES)}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert set(MODULES) <= set(loaded)
    assert FOREIGN.isdisjoint(loaded)
