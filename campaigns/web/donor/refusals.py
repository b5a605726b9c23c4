"""Pages for a gift that cannot go on: why, and where to go from there."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from campaigns.language import gettext, ngettext
from campaigns.web.errors import explain

_HOUR = timedelta(hours=1)
_COME_BACK = timedelta(minutes=5)


def altered(lang: str) -> Response:
    """The form's token is not ours."""
    return explain(
        400,
        gettext("This form is damaged"),
        gettext("A hidden part of it was changed or cut off on the way, so we did nothing with it, and nothing was "
                "charged. Please choose the campaign and the amount once more."),
        back=f"/{lang}/",
    )  # fmt: skip


def closed(lang: str, slug: str) -> Response:
    """The campaign takes no gifts, or none any more."""
    return explain(
        409,
        gettext("This campaign takes no gifts now"),
        gettext("It has ended, or has not begun. Nothing was charged. Its page tells more."),
        back=f"/{lang}/{slug}",
    )


def paused(lang: str, slug: str) -> Response:
    """The emergency switch is turned."""
    response = explain(
        503,
        gettext("Giving is paused"),
        gettext("We have stopped taking gifts for a while. Nothing was charged, and what was given before is safe with "
                "us. Please come back later: this page’s address and the campaign’s stay the same."),
        back=f"/{lang}/{slug}",
    )  # fmt: skip
    response.headers["Retry-After"] = str(round(_COME_BACK.total_seconds()))
    return response


def too_many(lang: str, slug: str, retry_after: timedelta) -> Response:
    """Past the limit against card testing; says in words too how long to wait."""
    response = explain(429, gettext("Too many tries"), _wait(retry_after), back=f"/{lang}/{slug}")
    response.headers["Retry-After"] = str(max(1, round(retry_after.total_seconds())))
    return response


def _wait(time: timedelta) -> str:
    if time > _HOUR:
        hours = -(-time // _HOUR)
        return ngettext(
            "Too many payments were begun from your connection. Nothing was charged. Try again in %(count)s hour.",
            "Too many payments were begun from your connection. Nothing was charged. Try again in %(count)s hours.",
            hours,
        ) % {"count": hours}
    minutes = -(-time // timedelta(minutes=1))
    return ngettext(
        "Too many payments were begun from your connection. Nothing was charged. Try again in %(count)s minute.",
        "Too many payments were begun from your connection. Nothing was charged. Try again in %(count)s minutes.",
        minutes,
    ) % {"count": minutes}
