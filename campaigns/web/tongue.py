"""Which language a request is answered in: its address decides, else what the browser asks for."""

from __future__ import annotations

from urllib.parse import quote

from flask import request

from campaigns.language import LANGUAGES, negotiate, speak


def speak_for_request() -> None:
    """Runs before every request, since a worker's thread would go on in the last one's language."""
    speak(asked_for())


def asked_for() -> str:
    """The code of the language in the address; without one, the best for the Accept-Language header."""
    code = request.path.split("/", 2)[1]
    return code if code in LANGUAGES else negotiate(request.headers.get("Accept-Language", ""))


def elsewhere() -> dict[str, str]:
    """This page's path in every language; nothing for a page whose address has no language.

    The answer to a form has no page of its own: there it is the page that the form was on.
    """
    code, _, rest = request.path[1:].partition("/")
    if code not in LANGUAGES:
        return {}
    if request.method == "POST":
        rest = "" if rest == "give/confirm" else rest.removesuffix("/give")
    return {other: f"/{other}/{quote(rest)}" for other in LANGUAGES}
