#!/bin/sh
# Makes .venv and puts the locked packages into it; the second time there is nothing to do, and no network is needed.
#   deploy/setup.sh run     what the program needs
#   deploy/setup.sh test    and what its tests need: tools, PostgreSQL (a package), Chromium, hledger
# PYTHON=/path/to/python chooses the interpreter of a new .venv.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

recent_enough() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; }

choose_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if recent_enough "$candidate"; then say "$candidate"; return; fi
    done
    stop "Python 3.11 to 3.14 is needed and was not found. Install one, then run the same command again."
}

# Debian and Ubuntu keep the half of venv that brings pip in a package of its own.
need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package="$(basename "$1")-venv"
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "Installing $package, which this Python lacks."
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq "$package" >/dev/null 2>&1 ||
            { apt-get update -qq && apt-get install -y -qq "$package" >/dev/null; } ||
            stop "$package could not be installed. Install it by hand, then run the same command again."
    else
        stop "This Python cannot make virtual environments. Run: sudo apt-get install $package
Then run the same command again."
    fi
}

need_environment() {
    # Without the mark of a finished installation, what is there may be half of one.
    if [ -e .venv/installed-run.txt ] && "$python" -c '' 2>/dev/null; then return; fi
    chosen=$(choose_python)
    need_venv_module "$chosen"
    say "Making .venv with $("$chosen" --version)."
    "$chosen" -m venv --clear .venv
}

# The mark is a copy of the lock that was installed, so an older or newer checkout is noticed as well.
need_packages() {
    lock=$1 mark=$2
    if cmp -s "$lock" "$mark"; then return; fi
    say "Installing the packages locked in $lock."
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
        --requirement "$lock" ||
        stop "The packages could not be installed. Is the network there? Then run the same command again."
    cp "$lock" "$mark"
}

# Two makes at once (run in one window, test in another) take turns.
mkdir -p build
if command -v flock >/dev/null; then exec 9>build/setup.lock; flock 9; fi

need_environment
need_packages deploy/requirements.txt .venv/installed-run.txt
case ${1:-run} in
    run) ;;
    test)
        need_packages deploy/requirements-dev.txt .venv/installed-test.txt
        "$python" -m tests.browser.chromium
        "$python" -m tests.hledger
        ;;
    *) stop "Usage: deploy/setup.sh run|test" ;;
esac
