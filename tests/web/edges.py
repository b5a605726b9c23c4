"""For tests of the edge: a small site behind it that tells what it was asked, and a visitor in front of it."""

import base64
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from campaigns.config import Settings
from campaigns.web.edge import Bounds, Edge

HOST = "give.example.org"
PUBLIC = "public, max-age=1, stale-while-revalidate=5"


def settings(**environment: str) -> Settings:
    """Settings of a site at HOST; `environment` changes what a test is about."""
    return Settings.from_environment(
        {
            "DEMO": "1",
            "DATABASE_URL": "sqlite:////nowhere/campaigns.sqlite3",
            "SECRET_KEY": secrets.token_hex(32),
            "PII_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "BASE_URL": f"https://{HOST}",
            "PAYMENT_GATEWAY": "sandbox",
            "ORG_NAME": "Fundacja Przykład",
            "ORG_EMAIL": "kontakt@example.org",
        }
        | environment
    )


@dataclass
class Site:
    """A WSGI application that counts its answers, so that no two are alike. `before` runs before each."""

    status: str = "200 OK"
    type: str = "text/plain; charset=utf-8"
    headers: list[tuple[str, str]] = field(default_factory=lambda: [("Cache-Control", PUBLIC)])
    body: Callable[[WSGIEnvironment], bytes] | None = None
    before: Callable[[], object] = lambda: None
    asked: list[WSGIEnvironment] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ)
        number = len(self.asked)
        self.before()
        start_response(self.status, [("Content-Type", self.type), *self.headers])
        yield self.body(environ) if self.body else f"answer {number}".encode()


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Got:
    """What a visitor got; names of headers are in lower case."""

    status: str
    headers: dict[str, str]
    body: bytes


def edge(site: WSGIApplication, clock: Clock | None = None, bounds: Bounds | None = None) -> Edge:
    return Edge(site, settings(), clock or Clock(), bounds)


def visit(
    app: WSGIApplication,
    path: str = "/pl/",
    query: str = "",
    method: str = "GET",
    **given: str,
) -> Got:
    """One request, checked against PEP 3333. `given` are further keys of the environment (HTTP_COOKIE ...)."""
    environ: WSGIEnvironment = {"HTTP_HOST": HOST, **given}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    seen: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        seen.append((status, headers))
        return lambda _: None

    parts = validator(app)(environ, start_response)
    body = b"".join(parts)
    parts.close()  # type: ignore[attr-defined]  # the validator insists on it
    status, headers = seen[-1]
    return Got(status, {name.lower(): value for name, value in headers}, body)


def together(number: int, act: Callable[[], Got]) -> list[Got]:
    """What so many visitors get who come at the same moment."""
    got: list[Got] = []
    gate = threading.Barrier(number)

    def come() -> None:
        gate.wait()
        got.append(act())

    threads = [threading.Thread(target=come) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return got
