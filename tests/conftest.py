"""What holds for every test: the fixtures, and no network but this machine's own."""

import ipaddress
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

pytest_plugins = ["tests.databases", "tests.mail"]

# A busy machine is no fault of the program. What failed once is tried first the next time.
set_hypothesis_home_dir("build/hypothesis")
settings.register_profile("campaigns", deadline=None, print_blob=True)
settings.load_profile("campaigns")

_left_this_machine: list[str] = []


def _is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _refuse_foreign_hosts(event: str, arguments: tuple[object, ...]) -> None:
    """Sees every connection, and every question for a name, that Python makes."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # A path is a Unix socket.
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        _left_this_machine.append(f"{event} {host!r}")
        raise ConnectionRefusedError(f"Tests stay on this machine; this one asked for {host!r}.")


sys.addaudithook(_refuse_foreign_hosts)


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    """Fails the test that asked for a foreign host, even where the code under test swallowed the refusal."""
    _left_this_machine.clear()
    yield
    assert _left_this_machine == []
