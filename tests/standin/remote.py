"""The same control over HTTP, of a stand-in that runs as a process of its own."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tests.standin.clock import Clock
from tests.standin.control import Control
from tests.standin.errors import Refused
from tests.standin.switchboard import VERBS, write_arguments

_ROOT = Path(__file__).parents[2]


class RemoteStandIn(Control):
    """The verbs of a stand-in elsewhere: each goes to its control, under the same name."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self.api_key = api_key
        self.clock = Clock()

    @classmethod
    @contextmanager
    def spawn(cls, *options: str) -> Iterator[Self]:
        """Start `python -m tests.standin` with these options; it ends with the block."""
        command = [sys.executable, "-m", "tests.standin", *options]
        with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                line = process.stdout.readline() if process.stdout else ""
                if not line:
                    raise RuntimeError(f"the stand-in did not start: {' '.join(command)}")
                known = json.loads(line)
                yield cls(known["url"], known["api_key"])
            finally:
                process.terminate()

    def call(self, verb: str, arguments: dict[str, Any]) -> Any:
        """Call the control and return its answer; Refused for whatever it refuses."""
        parts = urlsplit(self.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        headers = {"Authorization": f"Bearer {self.api_key}"}
        try:
            connection.request("POST", f"/_control/{verb}", json.dumps(write_arguments(arguments)), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise Refused(answer["refused"])
        return answer["result"]


def _forwarder(verb: str) -> Callable[..., Any]:
    signature = inspect.signature(getattr(Control, verb))

    def forward(self: RemoteStandIn, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        arguments = {name: value for name, value in bound.arguments.items() if name != "self"}
        changes = arguments.pop("changes", {})
        return self.call(verb, arguments | changes)

    forward.__name__ = verb
    return forward


# Written out, these would be forty copies of the same two lines, and one day not the same.
for _verb in sorted(VERBS):
    setattr(RemoteStandIn, _verb, _forwarder(_verb))
