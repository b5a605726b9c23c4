"""Finding the hledger that reads exports back, and getting one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

APT_GET = ("apt-get", "install", "--yes", "--quiet", "hledger")
BY_HAND = f"""\
The tests of exports need hledger, and none could be had. Get it, then run the same command again:
    sudo {" ".join(APT_GET)}
or put a program from https://hledger.org/install.html on the PATH."""


class NoHledger(Exception):
    """There is no hledger on this machine; the message says how to get one."""


def find() -> Path:
    """The program on the PATH. NoHledger where there is none: a test fails then, it is never skipped."""
    if found := shutil.which("hledger"):
        return Path(found)
    raise NoHledger(BY_HAND)


def run(journal: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What hledger says to these arguments about a journal."""
    environment = os.environ | {"LANG": "C.UTF-8"}
    command = [str(find()), "--file", str(journal), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def main() -> int:
    """Makes sure that there is hledger, where that can be done without asking; 0 if there is."""
    ways = [list(APT_GET), ["apt-get", "update", "--quiet"], list(APT_GET)]
    for command in [[], *(ways if os.geteuid() == 0 and shutil.which("apt-get") else [])]:
        if command:
            print("Installing the system's package hledger.", flush=True)
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if shutil.which("hledger"):
            return 0
    print(BY_HAND, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
