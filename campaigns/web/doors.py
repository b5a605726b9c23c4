"""Who may enter: every address of the program is open to all or needs a permission, or the program does not start."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from campaigns.domain.people import FRESH, Permission, Person, Session
from campaigns.language import gettext, speak
from campaigns.services.keys import Keys
from campaigns.services.sessions import resume
from campaigns.web.access import require_same_origin
from campaigns.web.staff_page import not_for_you, refusal

# Rooms in which nobody is asked who they are, and the files that go with every page.
OPEN_ROOMS = frozenset({"donor", "embed", "hooks", "health", "sandbox", "static"})

View = Callable[..., ResponseReturnValue]


class Undecided(Exception):
    """An address for which nobody has said who may enter."""


class Room:
    """A room for staff: a blueprint whose every address says what it needs; None lets in whoever is not signed in."""

    def __init__(self, name: str, url_prefix: str) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix=url_prefix)

    def page(self, rule: str, name: str, needs: Permission | None, view: View) -> None:
        """An address to look at."""
        self._add(rule, name, needs, view, "GET")

    def deed(self, rule: str, name: str, needs: Permission | None, view: View) -> None:
        """An address that changes something: only for forms of our own pages."""
        self._add(rule, name, needs, view, "POST")

    def _add(self, rule: str, name: str, needs: Permission | None, view: View, method: str) -> None:
        endpoint = f"{self.blueprint.name}.{name}"
        self.blueprint.record(lambda state: state.app.extensions["doors"].update({endpoint: needs}))
        self.blueprint.add_url_rule(rule, name, view, methods=[method])


def install(app: Flask, keys: Keys) -> None:
    """Put a guard before every address; call it before any blueprint is registered."""
    app.extensions["doors"] = {}

    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None or _room(request.endpoint) in OPEN_ROOMS:
            return None
        if request.method == "POST":
            require_same_origin()
        needs: Permission | None = app.extensions["doors"][request.endpoint]
        g.session = resume(keys.database, request.cookies.get(cookie_name(keys), ""), keys.now())
        if g.session is not None:
            speak(g.session.person.language)
        return None if needs is None else _stopped(g.session, needs, keys)

    app.before_request(guard)
    app.jinja_env.globals["signed_in"] = signed_in


def check(app: Flask) -> None:
    """Undecided, if there is an address of which it is not said who may enter; call it when all are there."""
    decided = app.extensions["doors"]
    for rule in app.url_map.iter_rules():
        if _room(rule.endpoint) not in OPEN_ROOMS and rule.endpoint not in decided:
            raise Undecided(rule.rule)


def _room(endpoint: str) -> str:
    return endpoint.partition(".")[0]


def _stopped(session: Session | None, needs: Permission, keys: Keys) -> ResponseReturnValue | None:
    """What is answered instead of the page; None for whoever may enter."""
    if session is None:
        return _prove("/sign-in")
    if not session.person.may(needs):
        return not_for_you()
    if needs in FRESH and not session.is_fresh(keys.now()):
        return _prove("/sign-in/again")
    return None


def _prove(where: str) -> ResponseReturnValue:
    """On to proving who one is, and back. A form cannot be taken along: its page still has it all."""
    if request.method in ("GET", "HEAD"):
        return redirect(f"{where}?next={quote(request.full_path.rstrip('?'))}", 303)
    return refusal(
        401,
        gettext("Please sign in again"),
        gettext(
            "Too much time has passed since you signed in, so nothing was done. What you typed is not lost: sign in "
            "in another tab, come back to this one, go back to the form and send it again."
        ),
        where,
    )


def signed_in() -> Session | None:
    """Who is signed in on a page for staff; None on every other page, and for strangers."""
    session: Session | None = g.get("session")
    return session


def own_session() -> Session:
    """The sign-in that this page is for; only behind a door that needs a permission."""
    session = signed_in()
    if session is None:
        raise Forbidden
    return session


def who() -> Person:
    """The person that this page is for; only behind a door that needs a permission."""
    return own_session().person


def cookie_name(keys: Keys) -> str:
    """`__Host-` where the site is served by https: no other host and no plain connection can then set it."""
    return "__Host-session" if keys.settings.is_https else "session"


def let_in(response: Response, keys: Keys, token: str) -> Response:
    """Give the browser the token of a sign-in that has just begun."""
    response.set_cookie(
        cookie_name(keys), token, path="/", secure=keys.settings.is_https, httponly=True, samesite="Lax"
    )
    return response


def show_out(response: Response, keys: Keys) -> Response:
    """Take the token away again."""
    response.delete_cookie(cookie_name(keys), path="/", secure=keys.settings.is_https, httponly=True, samesite="Lax")
    return response


def local_path(wished: str, otherwise: str) -> str:
    """Where to go on: a path of our own, or `otherwise` for anything that could lead elsewhere."""
    plain = wished.isascii() and wished.isprintable() and "\\" not in wished
    return wished if plain and wished.startswith("/") and not wished.startswith("//") else otherwise
