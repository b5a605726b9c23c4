"""Signing in with a passkey: the button on the pages of the entrance, and what becomes of the browser's answer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import gettext
from campaigns.services import passkeys
from campaigns.services.keys import Keys
from campaigns.services.passkeys import Problem, Question, Refused
from campaigns.services.sign_in import Entry
from campaigns.web.doors import Room, own_session, signed_in
from campaigns.web.passkey_place import passkeys_elsewhere
from campaigns.web.sign_in.answers import entered, shown
from campaigns.web.staff_page import is_here, refusal


@dataclass(frozen=True, slots=True)
class Offered:
    """What the part `sign_in/passkey-button.html` shows: a question, or `origin`, where it could be asked instead."""

    question: Question | None
    origin: str
    action: str
    next: str


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the entrance; its pages include `sign_in/passkey-button.html`."""

    def offered() -> Offered:
        session = signed_in() if is_here("/sign-in/again") else None
        person, action = (session.person, "/sign-in/again/passkey") if session else (None, "/sign-in/passkey")
        elsewhere = passkeys_elsewhere(keys)
        question = passkeys.ask(keys, person) if elsewhere == "" else None
        return Offered(question, elsewhere or "", action, request.values.get("next", ""))

    def prove() -> ResponseReturnValue:
        form = request.form
        try:
            entry = passkeys.prove(keys, form.get("token", ""), form.get("answer", ""), shown(keys))
        except Refused as refused:
            return _refused(refused.problem, "/sign-in")
        return entered(keys, entry, form.get("next", ""))

    def prove_again() -> ResponseReturnValue:
        form, session = request.form, own_session()
        try:
            token = passkeys.prove_again(keys, session, form.get("token", ""), form.get("answer", ""))
        except Refused as refused:
            return _refused(refused.problem, "/sign-in/again")
        return entered(keys, Entry(session.person, token), form.get("next", ""))

    room.blueprint.record(lambda state: state.app.jinja_env.globals.update(offered_passkey=offered))
    room.deed("/sign-in/passkey", "passkey", None, prove)
    room.deed("/sign-in/again/passkey", "passkey_again", Permission.SIGNED_IN, prove_again)


def _refused(problem: Problem, back: str) -> ResponseReturnValue:
    if problem is Problem.STALE:
        text = gettext("The page was open for too long, or was used already. Go back to it and try once more.")
    else:
        text = gettext("This passkey is not known here, or could not be verified. Sign in another way.")
    return refusal(401, gettext("You are not signed in"), text, back)
