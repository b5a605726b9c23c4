"""/account/passkeys: making, naming and removing one's own passkeys."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaigns.domain.people import Permission
from campaigns.language import gettext
from campaigns.services import own_factors, passkeys
from campaigns.services.keys import Keys
from campaigns.services.own_factors import LastFactor
from campaigns.services.passkeys import MOST, Problem, Refused
from campaigns.storage.passkeys import Passkey
from campaigns.web.doors import Room, who
from campaigns.web.forms.account import PasskeyForm, PasskeyNameForm
from campaigns.web.passkey_place import passkeys_elsewhere
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done, refusal

_P = Permission


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""
    views = Passkeys(keys)
    room.page("/account/passkeys/add", "new_passkey", _P.CHANGE_FACTORS, views.before_adding)
    room.deed("/account/passkeys/add", "add_passkey", _P.CHANGE_FACTORS, views.add)
    room.page("/account/passkeys/<int:number>", "passkey", _P.CHANGE_FACTORS, views.one)
    room.deed("/account/passkeys/<int:number>/rename", "rename_passkey", _P.CHANGE_FACTORS, views.rename)
    room.deed("/account/passkeys/<int:number>/remove", "remove_passkey", _P.CHANGE_FACTORS, views.remove)


class Passkeys:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def before_adding(self) -> ResponseReturnValue:
        return self._new(PasskeyForm(name=gettext("My device")))

    def add(self) -> ResponseReturnValue:
        form = PasskeyForm(request.form)
        name = form.read()
        if name is None:
            return self._new(form, 422)
        try:
            passkeys.add(self._keys, who(), form.token.data or "", form.answer.data or "", name)
        except Refused as refused:
            return refusal(422, gettext("No passkey was added"), _why(refused.problem), "/account/passkeys/add")
        return done("/account", "saved")

    def one(self, number: int) -> ResponseReturnValue:
        passkey = self._own(number)
        return self._page(passkey, PasskeyNameForm(name=passkey.name))

    def rename(self, number: int) -> ResponseReturnValue:
        form, passkey = PasskeyNameForm(request.form), self._own(number)
        name = form.read()
        if name is None:
            return self._page(passkey, form, 422)
        own_factors.rename_passkey(self._keys, who(), number, name)
        return done("/account", "saved")

    def remove(self, number: int) -> ResponseReturnValue:
        try:
            found = own_factors.remove_passkey(self._keys, who(), number)
        except LastFactor:
            return _last()
        if not found:
            raise NotFound
        return done("/account", "saved")

    def _own(self, number: int) -> Passkey:
        passkey = own_factors.own_passkey(self._keys, who(), number)
        if passkey is None:
            raise NotFound
        return passkey

    def _new(self, form: PasskeyForm, status: int = 200) -> Response:
        elsewhere = passkeys_elsewhere(self._keys)
        question = passkeys.ask_for_new(self._keys, who()) if elsewhere == "" else None
        return private_page("account/new-passkey.html", status, form=form, question=question, origin=elsewhere)

    def _page(self, passkey: Passkey, form: PasskeyNameForm, status: int = 200) -> Response:
        spare = own_factors.factors_of(self._keys, who()).can_spare_a_passkey(who())
        return private_page("account/passkey.html", status, form=form, passkey=passkey, spare=spare)


def _why(problem: Problem) -> str:
    match problem:
        case Problem.STALE:
            return gettext("The page was open for too long, or was used already. Go back to it and try once more.")
        case Problem.TAKEN:
            return gettext("This passkey is known here already.")
        case Problem.TOO_MANY:
            sentence = gettext("You have {count} passkeys already. Remove one that you no longer use.")
            return sentence.format(count=MOST)
        case Problem.UNKNOWN:
            return gettext("The browser’s answer could not be verified.")


def _last() -> Response:
    return refusal(
        409,
        gettext("This passkey is the last one"),
        gettext(
            "Your role needs a second factor. Set up one-time codes or another passkey first, then remove this one."
        ),
        "/account",
    )
