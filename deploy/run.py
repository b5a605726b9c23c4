"""What `make run` runs: keys, database and demo data where they are missing, then the server and its jobs.

With arguments it runs one command of the program on the demo instead: `deploy/run.py books check`.
The environment wins over everything written here. Only the standard library is imported, and of the program
only its commands are used: `flask database upgrade`, `flask demo seed`, `flask demo staff`, `flask jobs run`.
"""

import base64
import errno
import ipaddress
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

CHECKOUT = Path(__file__).resolve().parents[1]
DATA = CHECKOUT / ".data"
KEYS = DATA / "keys.env"
DATABASE = DATA / "campaigns.sqlite3"

FLASK = (sys.executable, "-m", "flask", "--app", str(CHECKOUT / "app.py"))
JOBS = (*FLASK, "jobs", "run", "--every", "15")
STAFF = (*FLASK, "demo", "staff")  # says with what one signs in
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Numbers that pass every check and belong to nobody.
DEMO_ORGANISATION = {
    "ORG_NAME": "Fundacja Przykład",
    "ORG_EMAIL": "kontakt@example.org",
    "ORG_ADDRESS": "ul. Przykładowa 1, 00-001 Warszawa",
    "ORG_KRS": "0000000000",
    "ORG_NIP": "0000000000",
    "ORG_IBAN": "PL04" + 24 * "0",
}


class CannotStart(Exception):
    """Why the demo cannot start, as a sentence for the person at the terminal."""


def main() -> int:
    """The exit code: 0 when a signal ended it, 1 when something else did."""
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)
    try:
        host, port = address(os.environ)
        if command := sys.argv[1:]:
            environment = settings(os.environ, host, port)
            return subprocess.run([*FLASK, *command], env=environment, check=False).returncode
        must_be_free(host, port)
        environment = settings(os.environ, host, port)
        prepare(environment)
        return serve(environment, host, port)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def address(given: Mapping[str, str]) -> tuple[str, int]:
    """HOST and PORT, or 127.0.0.1 and 8000."""
    port = given.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return given.get("HOST") or "127.0.0.1", int(port)


def must_be_free(host: str, port: int) -> None:
    """Raises CannotStart where nothing could listen at this address."""
    try:
        family, kind, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = f"Port {port} is in use. Stop what uses it, or choose another: make run PORT={port + 1}"
        elif error.errno == errno.EACCES:
            sentence = f"Port {port} is reserved for root. Choose one above 1023: make run PORT=8000"
        else:
            sentence = f"Nothing can listen on {host}, port {port}: {error.strerror}."
        raise CannotStart(sentence) from None


def settings(given: Mapping[str, str], host: str, port: int) -> dict[str, str]:
    """The whole environment of the program: what is given, then the kept keys, then the demo's values."""
    DATA.mkdir(exist_ok=True)
    DATA.chmod(0o700)
    browsed = "127.0.0.1" if is_wildcard(host) else host
    defaults = {
        "DEMO": "1",
        "PAYMENT_GATEWAY": "sandbox",
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "BASE_URL": f"http://{bracketed(browsed)}:{port}",
        "TRUSTED_HOSTS": ",".join(dict.fromkeys([browsed, "127.0.0.1", "localhost"])),
        "PYTHONUNBUFFERED": "1",
        **DEMO_ORGANISATION,
    }
    return defaults | keys() | dict(given)


def is_wildcard(host: str) -> bool:
    """Whether this stands for every address of the machine, and so for none that a browser could open."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def bracketed(host: str) -> str:
    """The host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def keys() -> dict[str, str]:
    """SECRET_KEY and PII_KEYS, made once and never replaced: what they sealed, no other key opens."""
    if not KEYS.exists():
        if DATABASE.exists():
            raise CannotStart(
                f"{DATABASE} is there, but {KEYS}, which opens it, is not. Bring the keys back, "
                "or remove the database to begin anew."
            )
        write_once(
            KEYS,
            f"SECRET_KEY={secrets.token_hex(32)}\n"
            f"PII_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}\n",
        )
    lines = [line.partition("=") for line in KEYS.read_text().splitlines() if not line.startswith("#")]
    found = {name: value for name, _, value in lines if value}
    if missing := {"SECRET_KEY", "PII_KEYS"} - found.keys():
        raise CannotStart(f"{KEYS} lacks {', '.join(sorted(missing))}. Bring back the file as it was.")
    return found


def write_once(file: Path, text: str) -> None:
    """Writes a file that only its owner reads; one that another process has written meanwhile stays."""
    draft = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        print(f"{file} was made by another process; using it.")
    finally:
        draft.unlink()


def prepare(environment: Mapping[str, str]) -> None:
    """Brings the database to the newest migration, and a demo's data into it; both may be repeated."""
    step = ("demo", "seed") if environment["DEMO"] == "1" else ("database", "upgrade")
    done = subprocess.run([*FLASK, *step], cwd=CHECKOUT, env=environment, check=False)
    if done.returncode != 0:
        raise CannotStart(f"Not started: `flask {' '.join(step)}` failed; its reason stands above.")


def serve(environment: Mapping[str, str], host: str, port: int) -> int:
    """Runs the server and the jobs until a signal comes or one of them ends; leaves no process behind."""
    told_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told_to_stop.set()

    for number in STOPPING:
        signal.signal(number, stop)
    server = start(server_command(host, port), environment, group=0)
    children = {"server": server, "jobs": start(JOBS, environment, group=server.pid)}
    try:
        announce(environment["BASE_URL"], f"http://{loopback(host)}:{port}/healthz", children, told_to_stop)
        if environment["DEMO"] == "1" and not told_to_stop.is_set():
            start(STAFF, environment, group=0).wait()
        while not told_to_stop.wait(0.2):
            if ended := [name for name, child in children.items() if child.poll() is not None]:
                name = ended[0]
                print(f"The {name} ended with code {children[name].returncode}; stopping.", file=sys.stderr)
                return 1
        return 0
    finally:
        end(children, group=server.pid)


def server_command(host: str, port: int) -> tuple[str, ...]:
    """Granian with two workers; one that dies is replaced; no address of a visitor is logged.

    Sixteen threads each: a donor who waits for the payment provider holds one, and readers must not queue.
    Granian warns of so many on a small machine, hence the log level.
    """
    where = ("--host", host, "--port", str(port), "--interface", "wsgi", "--no-ws")
    workers = ("--workers", "2", "--respawn-failed-workers", "--blocking-threads", "16")
    stopping = ("--workers-kill-timeout", str(SECONDS_TO_STOP - 2))
    logs = ("--no-access-log", "--log-level", "error")
    return (sys.executable, "-m", "granian", *where, *workers, *stopping, *logs, "app:app")


def start(command: Sequence[str], environment: Mapping[str, str], group: int) -> subprocess.Popen[bytes]:
    """A child in a process group apart: Ctrl-C reaches this process alone, which then ends them in order."""
    return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, process_group=group)


def loopback(host: str) -> str:
    """Where this machine itself reaches a server that listens on this host."""
    if not is_wildcard(host):
        return bracketed(host)
    return "[::1]" if ":" in host else "127.0.0.1"


def announce(
    address: str,
    health: str,
    children: Mapping[str, subprocess.Popen[bytes]],
    told_to_stop: threading.Event,
) -> None:
    """Says where to look as soon as the server is well; returns early where there is nothing to wait for."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if told_to_stop.is_set() or any(child.poll() is not None for child in children.values()):
            return
        if answers(health):
            print(f"Campaigns: {address} (Ctrl-C stops it)", flush=True)
            return
        told_to_stop.wait(0.1)
    print(f"{health} does not answer yet; still waiting.", file=sys.stderr)


def answers(health: str) -> bool:
    """Whether the server says that it is well."""
    try:
        with urllib.request.urlopen(health, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def end(children: Mapping[str, subprocess.Popen[bytes]], group: int) -> None:
    """Asks every child to stop, waits, and kills what is left, grandchildren included."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + SECONDS_TO_STOP
    for child in children.values():
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main())
