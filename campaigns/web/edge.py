"""The edge: stands in front of the application and answers hot public reads from memory, for a second.

What it keeps depends on nothing but its key: the application is asked by a request that carries the key alone,
so a cookie, a header or an unknown parameter cannot leak into what others get.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from campaigns.config import Settings
from campaigns.web.edge_answers import Answer, Kept, ask, keep
from campaigns.web.edge_keys import Key, allowed_hosts, impersonal, is_public, key_of
from campaigns.web.edge_shelf import Flight, Flights, Shelf

_REFUSAL = b"400: unknown host\n"
_REFUSAL_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(_REFUSAL))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long (seconds) and how much the edge keeps. `stale` counts from the same moment as `fresh`.

    `patience`: how long a request waits for another's answer before it asks for itself.
    """

    fresh: float = 1.0
    stale: float = 5.0
    patience: float = 5.0
    entries: int = 512
    size: int = 16 * 1024 * 1024


class Edge:
    """A WSGI application in front of another one."""

    def __init__(
        self,
        app: WSGIApplication,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        bounds: Bounds | None = None,
    ) -> None:
        self.app = app
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._hosts = allowed_hosts(settings.trusted_hosts, settings.base_url)
        self.shelf = Shelf(self._bounds.entries, self._bounds.size)
        self.flights = Flights()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_HOST", "")
        host = self._hosts.get(given) or self._hosts.get(given.lower())
        if host is None:
            start_response("400 Bad Request", _REFUSAL_HEADERS.copy())
            return [_REFUSAL]
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return self.app(environ, start_response)
        key = key_of(host, environ)
        kept = self.shelf.get(key)
        if kept is not None:
            now = self._clock()
            if now < kept.fresh_until:
                kept.used = now
                return kept.send(environ, start_response)
        elif not is_public(key.path):
            return self.app(environ, start_response)
        answer = self._renewed(key, environ)
        if isinstance(answer, Kept):
            return answer.send(environ, start_response)
        return answer.send(method, start_response)

    def _renewed(self, key: Key, environ: WSGIEnvironment) -> Answer | Kept:
        """A fresh answer, fetched by one request at a time; who comes meanwhile gets the last one, or waits."""
        flight, leads = self.flights.board(key)
        if leads:
            return self._lead(key, flight, environ)
        kept = self.shelf.get(key)
        if kept is not None and self._clock() < kept.stale_until:
            return kept
        answer = flight.wait(self._bounds.patience)
        if answer is None:
            self.flights.end(key, flight)  # who leads may hang; nobody else shall wait for it
            return self._fetch(key, environ)
        return answer

    def _lead(self, key: Key, flight: Flight, environ: WSGIEnvironment) -> Answer | Kept:
        kept = self.shelf.get(key)
        answer: Answer | Kept | None = None
        try:
            # Between looking and leading, another request may have fetched it.
            fresh = kept is not None and self._clock() < kept.fresh_until
            answer = kept if fresh and kept else self._fetch(key, environ)
            return answer
        finally:
            self.flights.end(key, flight)
            flight.land(None if isinstance(answer, Answer) and answer.is_personal else answer)

    def _fetch(self, key: Key, environ: WSGIEnvironment) -> Answer | Kept:
        begun = self._clock()
        answer = ask(self.app, impersonal(environ, key))
        if not answer.may_be_kept:
            return answer
        kept = keep(answer, begun, self._bounds.fresh, self._bounds.stale)
        self.shelf.put(key, kept)
        return kept
