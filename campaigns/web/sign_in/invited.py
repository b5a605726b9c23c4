"""Taking an invitation: a password, an app that shows codes, and recovery codes, on one page."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Person
from campaigns.language import speak
from campaigns.services import invitations
from campaigns.services.invitations import Chosen, LinkOver, Weak
from campaigns.services.keys import Keys
from campaigns.services.sign_in import Wrong
from campaigns.web.forms.entrance import InvitationForm
from campaigns.web.responses import private_page
from campaigns.web.sign_in.answers import app_to_set_up, entered, link_over, shown


class Invited:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def page(self, token: str) -> ResponseReturnValue:
        try:
            person = invitations.invited(self._keys, token)
        except LinkOver:
            return link_over()
        return self._form(InvitationForm(), token, person)

    def accept(self, token: str) -> ResponseReturnValue:
        try:
            person = invitations.invited(self._keys, token)
        except LinkOver:
            return link_over()
        return self._accept(InvitationForm(request.form), token, person)

    def _accept(self, form: InvitationForm, token: str, person: Person) -> ResponseReturnValue:
        chosen = Chosen(form.password.data or "", form.key.data or "", form.code.data or "")
        try:
            entry = invitations.accept(self._keys, token, chosen, shown(self._keys))
        except LinkOver:
            return link_over()
        except Weak as weak:
            form.complain_of(weak.weakness)
            return self._form(form, token, person, 422)
        except Wrong:
            form.complain()
            return self._form(form, token, person, 422)
        return entered(self._keys, entry)

    def _form(self, form: InvitationForm, token: str, person: Person, status: int = 200) -> Response:
        speak(person.language)
        app = app_to_set_up(self._keys, person, form.key.data or "")
        return private_page("sign_in/invitation.html", status, form=form, token=token, person=person, **app)
