"""`make run`, from a bare folder: serves, says where, keeps keys and data, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.served import HOST, ROOT, Served, bare_environment, free_port

FUND = "legal-travel-fund"
PARTS = ("app.py", "campaigns", "migrations", "templates")
SECONDS_TO_START = 60
# What a person at the terminal waits for without wondering.
SECONDS_TO_START_AGAIN = 15
SECONDS_TO_STOP = 15


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The program as if just cloned: its own starter and data folder, the rest where it is."""
    starter = tmp_path / "deploy" / "run.py"
    starter.parent.mkdir()
    starter.write_text((ROOT / "deploy" / "run.py").read_text())
    for part in PARTS:
        (tmp_path / part).symlink_to(ROOT / part)
    return tmp_path


def start(checkout: Path, **given: str) -> subprocess.Popen[str]:
    """What `make run` starts. A session of its own, as a terminal's."""
    return subprocess.Popen(
        [sys.executable, "deploy/run.py"],
        cwd=checkout,
        env=bare_environment() | given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said(checkout: Path, **given: str) -> tuple[int, str]:
    """The exit code and the complaint of a start that fails."""
    run = start(checkout, **given)
    _, complaint = run.communicate(timeout=SECONDS_TO_START)
    return run.returncode, complaint


@contextmanager
def started(checkout: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A start that has printed its address; whatever the test left of it is killed."""
    run = start(checkout, PORT=str(port))
    family = {run.pid}
    try:
        assert run.stdout is not None
        address = next(line for line in run.stdout if line.startswith("Campaigns: "))
        assert address == f"Campaigns: http://{HOST}:{port} (Ctrl-C stops it)\n"
        family |= descendants(run.pid)
        assert len(family) >= 5  # this starter, granian and its two workers, the jobs
        yield run
        assert family & alive() == set()
    finally:
        for left in (family | descendants(run.pid)) & alive():
            os.kill(left, signal.SIGKILL)
        run.communicate()


@contextmanager
def running(checkout: Path, port: int, ending: signal.Signals = signal.SIGINT) -> Iterator[Served]:
    """The site from when its address is printed until Ctrl-C, which must leave no process and no complaint."""
    with started(checkout, port) as run:
        yield Served(checkout, port=port)
        run.send_signal(ending)
        _, complaints = run.communicate(timeout=SECONDS_TO_STOP)
        assert (run.returncode, [line for line in complaints.splitlines() if not is_log(line)]) == (0, [])


def test_a_site_is_served_with_its_data_and_keys_kept_from_one_run_to_the_next(checkout: Path) -> None:
    port, keys = free_port(), checkout / ".data" / "keys.env"
    with running(checkout, port) as site:
        assert site.ask("/healthz").status == 200
        assert site.ask("/static/campaigns.css").status == 200
        before = raised(site)
        site.give(FUND)
    assert mode(keys) == 0o600
    assert mode(keys.parent) == 0o700
    assert {file.name for file in keys.parent.iterdir()} >= {"keys.env", "campaigns.sqlite3"}
    first = keys.read_text()
    assert len(set(re.findall("=(.+)", first))) == 2
    began = time.monotonic()
    with running(checkout, port, signal.SIGTERM) as site:
        assert time.monotonic() - began < SECONDS_TO_START_AGAIN
        assert raised(site) == before + 5000
        time.sleep(1)  # as somebody who looks at the page; told to stop while it starts, a worker takes eight seconds
    assert keys.read_text() == first


def test_where_the_jobs_die_the_rest_ends_too(checkout: Path) -> None:
    with started(checkout, free_port()) as run:
        (jobs,) = [pid for pid in descendants(run.pid) if "jobs run" in commands().get(pid, "")]
        os.kill(jobs, signal.SIGKILL)
        _, complaints = run.communicate(timeout=SECONDS_TO_STOP)
        assert run.returncode == 1
        assert "The jobs ended with code -9; stopping.\n" in complaints


def test_a_port_that_is_taken_is_said_in_one_sentence(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = f"Port {port} is in use. Stop what uses it, or choose another: make run PORT={port + 1}\n"
        assert said(checkout, PORT=str(port)) == (1, sentence)
    assert not (checkout / ".data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 80", "８０００"])
def test_a_port_that_is_none_is_said_in_one_sentence(checkout: Path, port: str) -> None:
    assert said(checkout, PORT=port) == (1, f"PORT must be a number from 1 to 65535, not {port!r}.\n")


def test_a_database_without_its_keys_is_not_given_new_ones(checkout: Path) -> None:
    (checkout / ".data").mkdir()
    (checkout / ".data" / "campaigns.sqlite3").touch()
    code, complaint = said(checkout, PORT=str(free_port()))
    assert code == 1
    assert re.fullmatch(r"\S+campaigns.sqlite3 is there, but \S+keys.env, which opens it, is not\. .+\n", complaint)
    assert not (checkout / ".data" / "keys.env").exists()


def test_keys_that_were_damaged_are_not_replaced(checkout: Path) -> None:
    keys = checkout / ".data" / "keys.env"
    keys.parent.mkdir()
    keys.write_text("SECRET_KEY=\n")
    code, complaint = said(checkout, PORT=str(free_port()))
    assert (code, complaint) == (1, f"{keys} lacks PII_KEYS, SECRET_KEY. Bring back the file as it was.\n")
    assert keys.read_text() == "SECRET_KEY=\n"


def test_a_setting_that_is_unsafe_stops_the_start(checkout: Path) -> None:
    code, complaint = said(checkout, PORT=str(free_port()), DEMO="0")
    assert code == 1
    assert "PAYMENT_GATEWAY=sandbox takes no real money and needs DEMO=1." in complaint
    assert "Traceback" not in complaint


def raised(site: Served) -> int:
    return int(json.loads(site.ask(f"/api/campaigns/{FUND}.json").body)["raised_minor"])


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def is_log(line: str) -> bool:
    return line.startswith("{")


def listed(columns: str) -> list[list[str]]:
    """What `ps` tells of every process, the last column with its spaces."""
    lines = subprocess.run(["ps", "-A", "-ww", "-o", columns], capture_output=True, text=True, check=True).stdout
    return [line.split(None, 1) for line in lines.splitlines()]


def commands() -> dict[int, str]:
    """The command of every process."""
    return {int(row[0]): row[1] for row in listed("pid=,args=") if len(row) == 2}


def alive() -> set[int]:
    """Every process that has not ended."""
    return {int(pid) for pid, state in listed("pid=,stat=") if not state.startswith("Z")}


def descendants(parent: int) -> set[int]:
    """The processes that this one started, and those that they did."""
    rows = [(int(pid), int(ppid)) for pid, ppid in listed("pid=,ppid=")]
    found: set[int] = set()
    fresh = {parent}
    while fresh:
        fresh = {pid for pid, ppid in rows if ppid in fresh} - found
        found |= fresh
    return found
