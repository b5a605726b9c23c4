"""What staff type to sign in, and what they are told when it does not fit."""

from __future__ import annotations

from wtforms import Form, HiddenField, PasswordField, StringField

from campaigns.language import gettext
from campaigns.services.one_time_codes import DIGITS
from campaigns.services.passwords import LONGEST, SHORTEST, Weakness


class SignInForm(Form):
    """The first step. `next`: where to go on."""

    email = StringField()
    password = PasswordField()
    next = HiddenField()

    def complain(self) -> None:
        """Say that nothing fits, and not which of the two."""
        self.password.errors = [gettext("The e-mail address or the password is wrong.")]


class CodeForm(Form):
    """The second step: a code of the app, or one of the recovery codes. `token`: half a sign-in."""

    token = HiddenField()
    code = StringField()
    recovery = StringField()
    next = HiddenField()

    @property
    def typed(self) -> str:
        return (self.code.data or "").strip() or self.recovery.data or ""

    def complain(self) -> None:
        self.code.errors = [wrong_code()]


class AppForm(Form):
    """Setting up an app. `token`: half a sign-in; `key`: what was offered, sealed."""

    token = HiddenField()
    key = HiddenField()
    code = StringField()
    next = HiddenField()

    def complain(self) -> None:
        self.code.errors = [wrong_first_code()]


class AgainForm(CodeForm):
    """Both steps at once, for somebody who is signed in."""

    password = PasswordField()

    def complain(self) -> None:
        self.password.errors = [gettext("The password or the code is wrong. A code works once, for half a minute.")]


class ForgottenForm(Form):
    """For whom a new password is asked."""

    email = StringField()


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField()

    def complain_of(self, weakness: Weakness) -> None:
        self.password.errors = [about_password(weakness)]


class InvitationForm(NewPasswordForm):
    """A password, and the app that shows codes."""

    key = HiddenField()
    code = StringField()

    def complain(self) -> None:
        self.code.errors = [wrong_first_code()]


def about_password(weakness: Weakness) -> str:
    """The sentence for a new password that is not good enough."""
    match weakness:
        case Weakness.TOO_SHORT:
            sentence = gettext("The password is too short. It needs at least {count} characters: a few words will do.")
            return sentence.format(count=SHORTEST)
        case Weakness.TOO_LONG:
            return gettext("The password is too long. It may have up to {count} characters.").format(count=LONGEST)
        case Weakness.COMMON:
            return gettext("This password is one of the first that anybody would try. Choose another.")
        case Weakness.ONES_OWN:
            return gettext("This is your own name or address. Choose a password that nobody can guess.")


def wrong_code() -> str:
    """The sentence for a second step that failed, whatever the reason: nothing may tell which."""
    return gettext(
        "We could not sign you in with this. Each code works once, for half a minute: wait for the next one. If that "
        "does not help, sign in with a recovery code or a passkey, or ask for a new password."
    )


def wrong_first_code() -> str:
    """The sentence for an app whose first code is wrong or missing."""
    return gettext(
        "This is not the code that the app should show now. Type the {count} digits that it shows for this account. "
        "If they are right, the clock of your phone is wrong."
    ).format(count=DIGITS)
