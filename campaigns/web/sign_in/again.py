"""Proving a second time who one is, before what must not be done from a browser that was left open."""

from __future__ import annotations

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from campaigns.services import sign_in
from campaigns.services.halfway import Worthless
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries
from campaigns.services.sign_in import Wrong
from campaigns.web.doors import let_in, local_path, signed_in, who
from campaigns.web.forms.entrance import AgainForm
from campaigns.web.responses import private_page
from campaigns.web.sign_in.answers import address, home_of, too_many, took_too_long


class Again:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def page(self) -> ResponseReturnValue:
        return self._form(AgainForm(next=local_path(request.args.get("next", ""), "")))

    def prove(self) -> ResponseReturnValue:
        form, session = AgainForm(request.form), signed_in()
        if session is None:
            return took_too_long()
        try:
            token = sign_in.prove_again(self._keys, session, form.password.data or "", form.typed, address(self._keys))
        except Worthless:
            return took_too_long()
        except TooManyTries as refused:
            return too_many(refused, "/sign-in/again")
        except Wrong:
            form.complain()
            return self._form(form, 422)
        onward = make_response(redirect(local_path(form.next.data or "", home_of(session.person)), 303))
        return let_in(onward, self._keys, token)

    def _form(self, form: AgainForm, status: int = 200) -> Response:
        has_codes = sign_in.asks_for_code(self._keys, who())
        return private_page("sign_in/again.html", status, form=form, has_codes=has_codes)
