"""Whom somebody invites to work here."""

from __future__ import annotations

from wtforms import Form, StringField

from campaigns.domain.people import Role
from campaigns.language import DEFAULT, LANGUAGES, gettext
from campaigns.services.people import Newcomer
from campaigns.web.forms.gift import looks_like_email, visible

LONGEST_NAME = 100


class NewcomerForm(Form):
    """Name, address, role and language."""

    name = StringField()
    email = StringField()
    role = StringField(default=Role.EDITOR.value)
    language = StringField(default=DEFAULT)

    def read(self) -> Newcomer | None:
        """Who is to be invited; None after noting at the fields what is wrong."""
        name = " ".join(visible(self.name.data or "").split())
        email = (self.email.data or "").strip()
        if not name or len(name) > LONGEST_NAME:
            self.name.errors = [gettext("Type the person’s name, up to 100 characters.")]
        if not looks_like_email(email):
            self.email.errors = [gettext("This does not look like an e-mail address.")]
        if self.role.data not in list(Role):
            self.role.errors = [gettext("Choose a role.")]
        if self.language.data not in LANGUAGES:
            self.language.errors = [gettext("Choose a language.")]
        if self.errors:
            return None
        return Newcomer(name, email, Role(self.role.data or ""), self.language.data or DEFAULT)

    def complain_of_account(self) -> None:
        self.email.errors = [gettext("Somebody with this address is among the people already.")]
