"""A forgotten password: asking for a link, and choosing a new one by it. Nothing tells who has an account here."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Person
from campaigns.services import resets
from campaigns.services.invitations import LinkOver, Weak
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries
from campaigns.web.forms.entrance import ForgottenForm, NewPasswordForm
from campaigns.web.responses import private_page
from campaigns.web.sign_in.answers import address, link_over, too_many
from campaigns.web.sign_in.entering import go_on


class NewPassword:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def forgotten(self) -> ResponseReturnValue:
        return private_page("sign_in/forgotten.html", form=ForgottenForm())

    def ask(self) -> ResponseReturnValue:
        form = ForgottenForm(request.form)
        try:
            resets.ask_for_reset(self._keys, form.email.data or "", address(self._keys))
        except TooManyTries as refused:
            return too_many(refused, "/sign-in")
        return private_page("sign_in/asked.html")

    def page(self, token: str) -> ResponseReturnValue:
        try:
            person = resets.whose_reset(self._keys, token)
        except LinkOver:
            return link_over()
        return _form(NewPasswordForm(), token, person.email)

    def choose(self, token: str) -> ResponseReturnValue:
        form = NewPasswordForm(request.form)
        try:
            person = resets.whose_reset(self._keys, token)
        except LinkOver:
            return link_over()
        return self._choose(form, token, person)

    def _choose(self, form: NewPasswordForm, token: str, person: Person) -> ResponseReturnValue:
        try:
            half = resets.reset(self._keys, token, form.password.data or "")
        except LinkOver:
            return link_over()
        except Weak as weak:
            form.complain_of(weak.weakness)
            return _form(form, token, person.email, 422)
        return go_on(self._keys, half)


def _form(form: NewPasswordForm, token: str, email: str, status: int = 200) -> Response:
    return private_page("sign_in/reset.html", status, form=form, token=token, email=email)
