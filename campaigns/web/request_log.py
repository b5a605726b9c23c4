"""One line of JSON per request: what was answered and how fast, and nothing that could lead to a person."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

LOG = logging.getLogger("campaigns.requests")


def install(app: Flask) -> None:
    """Log every request of the application: the view's name, never the address, its parameters or who asked."""
    app.before_request(_start)
    app.after_request(_write)


def _start() -> None:
    g.began = time.perf_counter()


def _write(response: Response) -> Response:
    if LOG.isEnabledFor(logging.INFO):
        line = {
            "endpoint": request.endpoint,
            "method": request.method if request.url_rule else None,  # an unknown method could be any text
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.began) * 1000, 1),
        }
        LOG.info("answered", extra={"facts": line})
    return response
