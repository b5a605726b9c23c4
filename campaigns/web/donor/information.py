"""The front door, which chooses a language, and the pages that tell how it all works."""

from __future__ import annotations

from flask import Response

from campaigns.language import current
from campaigns.services.giving import EMAIL_KEPT
from campaigns.web.responses import public_page

# The last part of the address, which is the template's name too.
PAGES = ("how-we-count", "privacy", "contact", "accessibility")


def front_door() -> Response:
    """On to the campaigns, in the language that the browser asks for; nothing is remembered."""
    response = public_page("donor/front-door.html")
    response.status_code = 302
    response.headers["Location"] = f"/{current().code}/"
    response.headers["Vary"] = "Accept-Language"
    return response


def information(lang: str, name: str) -> Response:  # noqa: ARG001 - the language is spoken already
    """One of PAGES."""
    return public_page(f"donor/{name}.html", email_kept=EMAIL_KEPT)
