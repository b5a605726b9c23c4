"""Bodies that come in chunks, without a length: they get one, so that one that is too large is refused like any other.

Werkzeug would cut such a body off at the limit and go on with what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment


def measured(app: WSGIApplication, limit_of: Callable[[str], int]) -> WSGIApplication:
    """The application, which now gets every body with its length, or with one byte more than its path may have."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
            body = _read(environ["wsgi.input"], limit_of(environ.get("PATH_INFO", "")) + 1)
            del environ["HTTP_TRANSFER_ENCODING"]
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = BytesIO(body)
        return app(environ, start_response)

    return call


def _read(stream: InputStream, most: int) -> bytes:
    """All of the stream, or its first `most` bytes."""
    parts: list[bytes] = []
    left = most
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
