"""How the entrance answers: on to where one wanted to go, or why not."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission, Person
from campaigns.language import gettext, ngettext, speak
from campaigns.services import one_time_codes
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries
from campaigns.services.sign_in import Entry
from campaigns.web.access import client_address
from campaigns.web.doors import cookie_name, let_in, local_path
from campaigns.web.qr import qr_code
from campaigns.web.responses import private_page
from campaigns.web.staff_page import refusal

_MINUTE = timedelta(minutes=1)


def address(keys: Keys) -> str:
    """Where the request comes from, for the limits."""
    return client_address(request.environ, keys.settings.trusted_proxies)


def shown(keys: Keys) -> str:
    """The token of a sign-in that the browser came with; "" where there is none."""
    return request.cookies.get(cookie_name(keys), "")


def home_of(person: Person) -> str:
    """Where this person's work begins."""
    return "/treasury/" if person.may(Permission.SEE_BOOKS) else "/account"


def entered(keys: Keys, entry: Entry, wished: str = "") -> ResponseReturnValue:
    """Signed in: on to the page that was wished for, by way of new recovery codes, which are shown this once."""
    path = local_path(wished, home_of(entry.person))
    if entry.codes:
        speak(entry.person.language)
        return let_in(private_page("sign_in/recovery-codes.html", codes=entry.codes, next=path), keys, entry.token)
    return let_in(make_response(redirect(path, 303)), keys, entry.token)


def app_to_set_up(keys: Keys, person: Person, sealed: str = "") -> dict[str, object]:
    """What a page needs to show a person the key for an app: as a QR code and as text."""
    offer = one_time_codes.offer(keys, person, sealed)
    groups = [offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4)]
    return {"offer": offer, "qr": qr_code(offer.address), "secret_groups": groups}


def too_many(refused: TooManyTries, back: str) -> Response:
    """Past a limit; says in words too how long to wait."""
    minutes = -(-refused.retry_after // _MINUTE)
    sentence = ngettext(
        "Too many tries came from your connection. Nothing was changed. Try again in %(count)s minute.",
        "Too many tries came from your connection. Nothing was changed. Try again in %(count)s minutes.",
        minutes,
    )
    response = refusal(429, gettext("Too many tries"), sentence % {"count": minutes}, back)
    response.headers["Retry-After"] = str(max(1, round(refused.retry_after.total_seconds())))
    return response


def took_too_long() -> Response:
    """Half a sign-in that is worth nothing (any more)."""
    return refusal(
        409,
        gettext("Please sign in from the start"),
        gettext("Signing in was not finished within five minutes, or was finished already. Nothing was changed."),
        "/sign-in",
    )


def link_over() -> Response:
    """A link that does nothing (any more)."""
    return refusal(
        410,
        gettext("This link no longer works"),
        gettext(
            "It works once and for a limited time, or a part of it was cut off. Ask for a new password, or ask "
            "whoever manages people here for a new invitation."
        ),
        "/sign-in",
    )
