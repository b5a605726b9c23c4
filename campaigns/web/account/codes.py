"""/account/codes and /account/recovery-codes: an app for one-time codes, and codes for the day it is lost."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.services import one_time_codes, own_factors
from campaigns.services.keys import Keys
from campaigns.web.doors import Room, who
from campaigns.web.forms.entrance import AppForm
from campaigns.web.qr import qr_code
from campaigns.web.responses import private_page


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def page() -> ResponseReturnValue:
        return _form(keys, AppForm())

    def set_up() -> ResponseReturnValue:
        form = AppForm(request.form)
        codes = own_factors.set_up_codes(keys, who(), form.key.data or "", form.code.data or "")
        if codes is None:
            form.complain()
            return _form(keys, form, 422)
        return _shown_once(codes)

    def before_renewing() -> ResponseReturnValue:
        return private_page("account/recovery-codes.html", factors=own_factors.factors_of(keys, who()))

    def renew() -> ResponseReturnValue:
        return _shown_once(own_factors.renew_recovery_codes(keys, who()))

    room.page("/account/codes", "codes", Permission.CHANGE_FACTORS, page)
    room.deed("/account/codes", "set_up_codes", Permission.CHANGE_FACTORS, set_up)
    room.page("/account/recovery-codes", "recovery_codes", Permission.CHANGE_FACTORS, before_renewing)
    room.deed("/account/recovery-codes", "renew_recovery_codes", Permission.CHANGE_FACTORS, renew)


def _form(keys: Keys, form: AppForm, status: int = 200) -> Response:
    offer = one_time_codes.offer(keys, who(), form.key.data or "")
    groups = [offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4)]
    app = {"offer": offer, "qr": qr_code(offer.address), "secret_groups": groups}
    return private_page("account/codes.html", status, form=form, **app)


def _shown_once(codes: list[str]) -> Response:
    return private_page("sign_in/recovery-codes.html", codes=codes, next="/account")
