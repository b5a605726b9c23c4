"""What staff type to change their own account."""

from __future__ import annotations

from wtforms import Form, HiddenField, PasswordField, StringField

from campaigns.language import gettext
from campaigns.services.passkeys import LONGEST_NAME
from campaigns.web.forms.entrance import NewPasswordForm
from campaigns.web.forms.gift import visible


class PasswordForm(NewPasswordForm):
    """The password of before, and a new one."""

    old = PasswordField()

    def complain_of_old(self) -> None:
        self.old.errors = [gettext("This is not the password that you have now.")]


class PasskeyNameForm(Form):
    """What one calls a passkey."""

    name = StringField()

    def read(self) -> str | None:
        """The name; None after noting that there is none."""
        name = " ".join(visible(self.name.data or "").split())[:LONGEST_NAME]
        if not name:
            self.name.errors = [gettext("Give the passkey a name by which you will know it, for example “Phone”.")]
        return name or None


class PasskeyForm(PasskeyNameForm):
    """A new passkey. `token`: our question; `answer`: the browser’s."""

    token = HiddenField()
    answer = HiddenField()
