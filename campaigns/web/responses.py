"""How a page is answered: rendered, and either kept for a second for everybody or not at all."""

from __future__ import annotations

from flask import Response, make_response, render_template

# Figures are at most this old; the edge and browsers may show the last ones while they fetch new ones.
FRESH = "public, max-age=1, stale-while-revalidate=5"


def public_page(template: str, **context: object) -> Response:
    """A page that is the same for everybody."""
    return public(render_template(template, **context))


def public(html: str) -> Response:
    """The same, already rendered."""
    response = make_response(html)
    response.headers["Cache-Control"] = FRESH
    return response


def private_page(template: str, status: int = 200, **context: object) -> Response:
    """A page for one donor: kept nowhere and listed nowhere."""
    response = make_response(render_template(template, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
