"""Error pages: what happened, that nothing is lost, and what to do now, in the reader's language."""

from __future__ import annotations

import logging

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from campaigns.language import gettext
from campaigns.services.faults import way_to
from campaigns.storage.database import DatabaseUnavailable
from campaigns.web.responses import private_page

LOG = logging.getLogger("campaigns.errors")
RETRY_AFTER = "30"


def _(text: str) -> str:
    """Marks a text for translation; it is translated when the page is made."""
    return text


_BUSY = _("This page cannot be shown right now")
_WORDS: dict[int, tuple[str, str]] = {
    400: (
        _("We could not read that"),
        _("Something in the request was missing or damaged. Nothing was changed and nothing was charged."),
    ),
    403: (
        _("We could not accept this form"),
        _(
            "We could not make sure that this form came from our own page, so we did nothing with it, and nothing was "
            "charged. Please open the page here and fill it in again. If your browser hides where a form comes from, "
            "allow it for this site."
        ),
    ),
    404: (
        _("Page not found"),
        _("There is nothing at this address. The link may be old, or a letter in it may be wrong."),
    ),
    405: (
        _("This address works only with a form"),
        _("It has no page of its own to show. Please start from the campaign."),
    ),
    413: (
        _("That was too much at once"),
        _("The form was larger than any gift needs, so we did not read it. Nothing was charged."),
    ),
    429: (
        _("Too many tries"),
        _("Too many payments were begun from your connection. Nothing was charged. Please wait a while and try again."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("It is not your fault, and we have been told. If you were just paying, wait a few minutes before you try "
          "again: your payment may have arrived all the same."),
    ),
    503: (
        _BUSY,
        _("Our system is busy or being repaired. Nothing was changed. Please try again in a minute."),
    ),
}  # fmt: skip


def explain(status: int, title: str = "", text: str = "", *, back: str | None = None) -> Response:
    """An error page; without words of its own it says what is usual for this status. `back` is where to go on."""
    usual_title, usual_text = _WORDS.get(status) or _WORDS[500 if status >= 500 else 400]
    words = {"title": title or gettext(usual_title), "text": text or gettext(usual_text)}
    return private_page("errors/page.html", status, back=back, **words)


def install(app: Flask) -> None:
    """Answer every error of the application with a page of ours."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(DatabaseUnavailable, _unavailable)
    app.register_error_handler(Exception, _unknown)


def _known(error: HTTPException) -> HTTPException | Response:
    code = error.code or 500
    if code < 400:  # a redirect that routing has raised
        return error
    response = explain(code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unavailable(error: DatabaseUnavailable) -> Response:
    LOG.error("database unavailable: %s", error)
    response = explain(503)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _unknown(error: Exception) -> Response:
    LOG.error("%s", way_to(error))
    return explain(InternalServerError.code)
