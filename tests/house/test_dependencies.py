"""The locked dependencies: complete, pinned, hashed, and the same for the program and for its tests."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = ROOT / "deploy" / "requirements.txt"
TEST = ROOT / "deploy" / "requirements-dev.txt"


def locked(lock: Path) -> dict[str, tuple[str, str]]:
    """Of every package in a lock, its version and what follows it: markers and hashes."""
    pins = re.findall(r"^([\w.-]+)==(\S+)((?:.*\\\n)*.*)$", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): (version, rest) for name, version, rest in pins}


@pytest.mark.parametrize(
    "lock,wanted",
    [(RUN, PYPROJECT["project"]["dependencies"]), (TEST, PYPROJECT["dependency-groups"]["dev"])],
    ids=["run", "test"],
)
def test_what_is_wanted_is_locked_at_a_version_that_is_wanted(lock: Path, wanted: list[str]) -> None:
    pins = locked(lock)
    for requirement in map(Requirement, wanted):
        version, _ = pins[canonicalize_name(requirement.name)]
        assert version in requirement.specifier, requirement


@pytest.mark.parametrize("lock", [RUN, TEST], ids=["run", "test"])
def test_every_package_has_a_hash_and_none_an_address(lock: Path) -> None:
    pins = locked(lock)
    assert all("--hash=sha256:" in rest for _, rest in pins.values())
    assert "://" not in lock.read_text()
    assert len(pins) == len(re.findall(r"^\S", lock.read_text(), re.MULTILINE))


def test_the_program_is_tested_with_the_packages_that_it_runs_with() -> None:
    assert locked(RUN).items() <= locked(TEST).items()


def test_every_dependency_says_why_it_is_here() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text().lower()
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]
    assert [name for name in (Requirement(line).name for line in wanted) if name.lower() not in page] == []
