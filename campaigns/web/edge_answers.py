"""Answers as the edge holds them: taken from the application whole, and given out again with an ETag."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from types import TracebackType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of the application."""

    status: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The header's value (the name in lower case); None where it is missing."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def is_personal(self) -> bool:
        return self.header("set-cookie") is not None

    @property
    def may_be_kept(self) -> bool:
        words = {word.strip() for word in (self.header("cache-control") or "").lower().split(",")}
        return (
            self.status.startswith("200")
            and "public" in words
            and not words & {"private", "no-store"}
            and not self.is_personal
        )

    def send(self, method: str, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers.copy())
        return [] if method == "HEAD" else [self.body]


@dataclass(slots=True)
class Kept:
    """A kept answer, ready to be given out. Moments are the edge's clock; `used` moves with every use."""

    body: bytes
    etag: str
    headers: Headers
    unchanged_headers: Headers
    fresh_until: float
    stale_until: float
    used: float
    size: int = field(init=False)

    def __post_init__(self) -> None:
        # Both lists share their strings; an entry's own objects come to about a kilobyte.
        self.size = len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 1024

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """200, or 304 to whoever has these very bytes already."""
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and (known == self.etag or _names(known, self.etag)):
            start_response("304 Not Modified", self.unchanged_headers.copy())
            return []
        start_response("200 OK", self.headers.copy())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


def keep(answer: Answer, begun: float, fresh: float, stale: float) -> Kept:
    """The answer in its kept form: it is as old as the moment at which its making began."""
    etag = _etag(answer)
    headers = [(name, value) for name, value in answer.headers if name.lower() not in ("etag", "content-length")]
    headers.append(("ETag", etag))
    unchanged = [(name, value) for name, value in headers if name.lower() != "content-type"]  # no content, no type
    headers.append(("Content-Length", str(len(answer.body))))
    return Kept(answer.body, etag, headers, unchanged, begun + fresh, begun + stale, begun)


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """The application's whole answer; whatever it raises is raised here."""
    started: list[tuple[str, Headers]] = []
    chunks: list[bytes] = []

    def start_response(
        status: str, headers: Headers, _exc_info: _ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return chunks.append

    parts = app(environ, start_response)
    try:
        chunks.extend(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    return Answer(status, headers, b"".join(chunks))


def _etag(answer: Answer) -> str:
    """A strong validator: other bytes, another type or another language, another tag; the same on every node."""
    digest = blake2b(digest_size=16)
    for text in (answer.header("content-type"), answer.header("content-language")):
        digest.update((text or "").encode() + b"\0")
    digest.update(answer.body)
    return f'"{digest.hexdigest()}"'


def _names(if_none_match: str, etag: str) -> bool:
    """Whether If-None-Match names this tag (weak comparison, RFC 9110 13.1.2). Our tags hold no comma."""
    if if_none_match.strip() == "*":
        return True
    return etag in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
