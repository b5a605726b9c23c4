"""Sites for tests: the real server, its jobs and its commands, as processes on this machine, one database each."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
FLASK = (sys.executable, "-m", "flask", "--app", "app")
HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 15

ORGANISATION = {
    "ORG_NAME": "Fundacja Przykład",
    "ORG_EMAIL": "kontakt@example.org",
    "ORG_ADDRESS": "ul. Przykładowa 1, 00-001 Warszawa",
    "ORG_KRS": "0000000000",
}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Answer:
    """What the server said; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """A site in a folder of its own. `given` are settings that differ from a demo's; all output goes into `log`."""

    folder: Path
    given: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def database_url(self) -> str:
        return self.settings["DATABASE_URL"]

    @property
    def log(self) -> Path:
        return self.folder / "site.log"

    @property
    def settings(self) -> dict[str, str]:
        """All that this site's processes are told; the keys are made once."""
        keys = self.folder / "keys"
        if not keys.exists():
            keys.write_text(f"{secrets.token_hex(32)} {fernet_key()}")
        secret_key, pii_keys = keys.read_text().split()
        return {
            "DEMO": "1",
            "PAYMENT_GATEWAY": "sandbox",
            "DATABASE_URL": f"sqlite:///{self.folder / 'campaigns.sqlite3'}",
            "SECRET_KEY": secret_key,
            "PII_KEYS": pii_keys,
            "BASE_URL": self.url,
            **ORGANISATION,
            **self.given,
        }

    def flask(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A command as an operator would give it; `settings` for this once."""
        return subprocess.run(
            [*FLASK, *command],
            cwd=ROOT,
            env=bare_environment() | self.settings | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def prepare(self) -> None:
        """The newest schema and the demo's campaigns."""
        done = self.flask("demo", "seed")
        assert done.returncode == 0, done.stderr

    def serve(self, workers: int = 2) -> None:
        """Start the server as `make run` does, and return when it is well."""
        where = ("--host", HOST, "--port", str(self.port), "--interface", "wsgi", "--no-ws")
        size = ("--workers", str(workers), "--blocking-threads", "16", "--respawn-failed-workers")
        # A worker that is told to stop while it starts would go on for ever.
        rest = ("--workers-kill-timeout", "2", "--no-access-log", "--log-level", "error")
        self.start(sys.executable, "-m", "granian", *where, *size, *rest, "app:app")
        until = time.monotonic() + SECONDS_TO_START
        while not self._is_well():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def work(self, every: int = 1) -> None:
        """Start the jobs, with so many seconds between the rounds."""
        self.start(*FLASK, "jobs", "run", "--every", str(every))

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A process of this site, which stop() ends."""
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=bare_environment() | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self._children.append(child)
        return child

    def processes(self) -> dict[int, int]:
        """The memory in KiB of every process that was started here, by its number; the server's workers too."""
        groups = {child.pid for child in self._children}
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid=,rss="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        rows = (map(int, line.split()) for line in listed)
        return {pid: memory for pid, group, memory in rows if group in groups}

    def stop(self) -> None:
        """End every process, grandchildren included."""
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(SECONDS_TO_STOP)
            finally:
                end_group(child.pid)
        self._children.clear()

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; a body that is no `bytes` goes in chunks, without a length."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        chunked = body is not None and not isinstance(body, bytes)
        sent = {**({"Transfer-Encoding": "chunked"} if chunked else {}), **(headers or {})}
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it need not read all before it answers
                connection.request(method, path, body, sent, encode_chunked=chunked)
            got = connection.getresponse()
            named = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, named, got.read())
        finally:
            connection.close()

    def send(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """A form from a page of this site."""
        sent = {"Origin": self.url, "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.ask(path, "POST", urlencode(form).encode(), sent)

    def begin_gift(self, slug: str, address: str = "") -> Answer:
        """Both steps of a gift of 50 zł by BLIK, by a donor whose proxy says that this is the address."""
        said = {"X-Forwarded-For": address} if address else {}
        step = self.send(f"/en/{slug}/give", {"amount": "50"}, said).text
        token = re.findall('name="token" value="([^"]+)"', step)[0]
        return self.send("/en/give/confirm", {"token": token, "method": "blik"}, said)

    def give(self, slug: str, address: str = "") -> None:
        """A gift that is paid at once at the sandbox."""
        page = self.begin_gift(slug, address).headers["location"]
        assert self.send(page.removeprefix(self.url), {"outcome": "pay"}).status == 303

    def _is_well(self) -> bool:
        assert all(child.poll() is None for child in self._children), self.log.read_text()
        try:
            return self.ask("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False


def fernet_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


def bare_environment() -> dict[str, str]:
    """This process's environment without anything that sets up a site."""
    ours = {"DEMO", "DATABASE_URL", "SECRET_KEY", "PII_KEYS", "BASE_URL", "PAYMENT_GATEWAY", "MAIL_URL", "GIVE_LIMITS",
            "TRUSTED_HOSTS", "TRUSTED_PROXIES", "HOST", "PORT"}  # fmt: skip
    foreign = ("STRIPE_", "ORG_", "FLASK_")
    return {name: value for name, value in os.environ.items() if name not in ours and not name.startswith(foreign)}


def end_group(group: int) -> None:
    """Kill what is left of a process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
