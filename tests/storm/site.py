"""The real server and its jobs, as processes that can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60


class Site:
    """Granian with two workers, and `flask jobs run`, in one group of processes."""

    def __init__(self, environment: Mapping[str, str], port: int, log: Path, app: str = "app:app") -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {**os.environ, **environment}
        self._port = port
        self._log = log
        self._app = app
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start it, and return when it is well; RuntimeError with its log if it is not within a minute."""
        where = ("--host", "127.0.0.1", "--port", str(self._port), "--interface", "wsgi", "--no-ws")
        how = ("--workers", "2", "--blocking-threads", "8", "--no-access-log", "--log-level", "error")
        self._launch("granian", *where, *how, self._app)
        self._launch("flask", "--app", self._app, "jobs", "run", "--every", "1")
        until = time.monotonic() + SECONDS_TO_START
        while not self._is_well():
            if time.monotonic() > until or any(process.poll() is not None for process in self._processes):
                raise RuntimeError(f"the site does not start: {self.log()[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """What a power cut does to it: all of it is gone at once, in the middle of whatever it does."""
        for process in self._processes:
            os.killpg(process.pid, signal.SIGKILL)
        for process in self._processes:
            process.wait()
        self._processes.clear()

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def _launch(self, *command: str) -> None:
        with self._log.open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=ROOT,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _is_well(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
