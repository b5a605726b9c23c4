"""/account: who one is here, how one proves it, and where one is signed in."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from campaigns.domain.people import Permission
from campaigns.language import LANGUAGES
from campaigns.services import own_account, own_factors, own_sessions
from campaigns.services.keys import Keys
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.role_words import role_name
from campaigns.web.staff_page import done


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def account() -> ResponseReturnValue:
        person = who()
        return private_page(
            "account/account.html",
            person=person,
            role=role_name(person.role),
            factors=own_factors.factors_of(keys, person),
            sessions=own_sessions.open_sessions(keys, person),
        )

    def speak() -> ResponseReturnValue:
        language = request.form.get("language", "")
        if language not in LANGUAGES:
            raise BadRequest
        own_account.change_language(keys, who(), language)
        return done("/account", "saved")

    room.page("/account", "account", Permission.SIGNED_IN, account)
    room.deed("/account/language", "language", Permission.SIGNED_IN, speak)
