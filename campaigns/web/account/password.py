"""/account/password: a new password in the place of the old one."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import gettext
from campaigns.services import own_factors
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries
from campaigns.services.own_factors import TooWeak, WrongPassword
from campaigns.web.doors import Room, own_session
from campaigns.web.forms.account import PasswordForm
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done, refusal


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def page() -> ResponseReturnValue:
        return _form(PasswordForm())

    def change() -> ResponseReturnValue:
        form = PasswordForm(request.form)
        try:
            own_factors.change_password(keys, own_session(), form.old.data or "", form.password.data or "")
        except TooManyTries as refused:
            return _too_many(refused)
        except WrongPassword:
            form.complain_of_old()
        except TooWeak as weak:
            form.complain_of(weak.weakness)
        else:
            return done("/account", "saved")
        return _form(form, 422)

    room.page("/account/password", "password", Permission.CHANGE_FACTORS, page)
    room.deed("/account/password", "change_password", Permission.CHANGE_FACTORS, change)


def _form(form: PasswordForm, status: int = 200) -> Response:
    return private_page("account/password.html", status, form=form)


def _too_many(refused: TooManyTries) -> Response:
    response = refusal(
        429,
        gettext("Too many tries"),
        gettext("Your old password was typed wrong too often. Nothing was changed. Try again in ten minutes."),
        "/account",
    )
    response.headers["Retry-After"] = str(max(1, round(refused.retry_after.total_seconds())))
    return response
