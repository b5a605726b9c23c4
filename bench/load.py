"""The load: one process with many kept-alive connections, one request at a time on each.

Runs as a process of its own, so that its work is not the server's. It writes what it saw as JSON.
"""

from __future__ import annotations

import json
import pickle
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench.servers import ROOT

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Load:
    """What was answered in `seconds`; latencies are in milliseconds, and `refused` are answers other than `wanted`."""

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def get(host: str, path: str) -> bytes:
    """A request for a page, as bytes on the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def post(host: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A request that brings something, as bytes on the wire."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def run(port: int, requests: list[bytes], connections: int, seconds: float | None) -> Load:
    """Send the requests, over and over for so many seconds, or each of them once where that is None."""
    with tempfile.TemporaryDirectory() as folder:
        order = Path(folder) / "order"
        order.write_bytes(pickle.dumps((port, requests, connections, seconds)))
        command = [sys.executable, "-m", "bench.load", str(order)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Load(**json.loads(done.stdout))


def _drive(port: int, requests: Iterable[bytes], connections: int, seconds: float | None) -> Load:
    waiting = iter(cycle(requests) if seconds is not None else requests)
    lines = {}
    poll = select.epoll()
    for _ in range(connections):
        line = _Line(port)
        lines[line.number] = line
        poll.register(line.number, select.EPOLLIN)
    latencies: deque[float] = deque()
    refused = 0
    began = time.perf_counter()
    until = began + seconds if seconds is not None else float("inf")
    busy = sum(line.ask(waiting) for line in lines.values())
    while busy:
        for number, _ in poll.poll():
            line = lines[number]
            if not line.hear():
                continue
            latencies.append(line.latency)
            refused += not line.is_good
            if time.perf_counter() >= until or not line.ask(waiting):
                busy -= 1
    took = time.perf_counter() - began
    ordered = sorted(latencies)
    p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
    return Load(len(ordered), took, p50, p99, refused)


class _Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self._socket.fileno()
        self._heard = b""
        self._asked = 0.0
        self.latency = 0.0
        self.is_good = True

    def ask(self, waiting: Iterable[bytes]) -> bool:
        """Send the next request; False where there is none."""
        request = next(iter(waiting), None)
        if request is None:
            return False
        self._heard = b""
        self._asked = time.perf_counter()
        self._socket.sendall(request)
        return True

    def hear(self) -> bool:
        """Read what has come; whether the answer is complete."""
        part = self._socket.recv(262_144)
        if not part:
            raise ConnectionError("the server closed a connection")
        self._heard += part
        end = self._heard.find(_END)
        if end < 0:
            return False
        at = self._heard.find(_LENGTH, 0, end) + len(_LENGTH)
        length = int(self._heard[at : self._heard.find(b"\r", at)])
        if len(self._heard) < end + len(_END) + length:
            return False
        self.latency = time.perf_counter() - self._asked
        self.is_good = self._heard.startswith(b"HTTP/1.1 200")
        return True


if __name__ == "__main__":
    # Written a moment ago by the process that started this one.
    load = _drive(*pickle.loads(Path(sys.argv[1]).read_bytes()))  # noqa: S301
    print(json.dumps({name: getattr(load, name) for name in Load.__slots__}))
