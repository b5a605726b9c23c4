"""Finding the Chromium that the browser tests drive, and getting one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOADED = Path(__file__).resolve().parents[2] / ".venv" / "chromium"
APT_GET = ("apt-get", "install", "--yes", "--quiet", "chromium")
BY_HAND = f"""\
The browser tests need Chromium, and none could be had. Get one in either of these ways,
then run the same command again:
    sudo {" ".join(APT_GET)}
    PLAYWRIGHT_BROWSERS_PATH=.venv/chromium .venv/bin/python -m playwright install --with-deps chromium"""


class NoBrowser(Exception):
    """There is no Chromium on this machine; the message says how to get one."""


def find() -> Path:
    """The browser to start: one on the PATH, else the one downloaded into .venv.

    Raises NoBrowser where there is neither: a browser test fails then, it is never skipped.
    """
    for name in ON_THE_PATH:
        if (found := shutil.which(name)) and _starts(Path(found)):
            return Path(found)
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
        for downloaded in sorted(DOWNLOADED.glob(pattern), reverse=True):
            return downloaded
    raise NoBrowser(BY_HAND)


def _starts(browser: Path) -> bool:
    """Ubuntu's chromium-browser is, without snap, a script that only says so."""
    return subprocess.run([browser, "--version"], capture_output=True, check=False).returncode == 0


def ways_to_get_one() -> list[tuple[str, list[str]]]:
    """What may be tried here, in order: a sentence for the person who waits, and the command."""
    ways = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append(("Installing the system's package chromium.", list(APT_GET)))
        ways.append(("Refreshing the list of packages.", ["apt-get", "update", "--quiet"]))
        ways.append(("Installing the system's package chromium.", list(APT_GET)))
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    ways.append(("Downloading Playwright's Chromium into .venv.", download))
    return ways


def main() -> int:
    """Makes sure that there is a browser; 0 if there is."""
    environment = os.environ | {
        "DEBIAN_FRONTEND": "noninteractive",
        "PLAYWRIGHT_BROWSERS_PATH": str(DOWNLOADED),
    }
    for sentence, command in [("", []), *ways_to_get_one()]:
        if command:
            print(sentence, flush=True)
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        try:
            find()
        except NoBrowser:
            continue
        return 0
    print(BY_HAND, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
