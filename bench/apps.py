"""What the server serves when it is measured: ours, ours without the edge, and the least that could answer.

The server imports `app` from here; BENCH_APP says which one it is, BENCH_ANSWERS where the answers to repeat are.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response

from campaigns.application import create_app
from campaigns.web.edge import Edge

# Path to headers and body, as ours gave them.
Answers = dict[str, tuple[list[tuple[str, str]], bytes]]


def bare() -> WSGIApplication:
    """A function that returns the same bytes with the same headers."""
    answers = _answers()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers, body = answers[environ["PATH_INFO"]]
        start_response("200 OK", headers)
        return [body]

    return answer


def constant() -> WSGIApplication:
    """A Flask application whose views return the same bytes with the same headers, and do nothing else."""
    app = Flask("constant")

    def view_of(headers: list[tuple[str, str]], body: bytes) -> Callable[[], Response]:
        return lambda: Response(body, 200, headers)

    for path, (headers, body) in _answers().items():
        app.add_url_rule(path, path.replace(".", "-"), view_of(headers, body))
    return app


def ours() -> WSGIApplication:
    """The program as it is."""
    return create_app()


def missing() -> WSGIApplication:
    """The program with the edge taken out, so that every request is a miss."""
    app = create_app()
    app.wsgi_app = cast(Edge, app.wsgi_app).app  # type: ignore[method-assign, assignment]  # what was put in, taken out
    return app


def _answers() -> Answers:
    # Written a moment ago by the process that started this one.
    return cast(Answers, pickle.loads(Path(os.environ["BENCH_ANSWERS"]).read_bytes()))  # noqa: S301


app = {"bare": bare, "constant": constant, "ours": ours, "missing": missing}[os.environ["BENCH_APP"]]()
