"""The entrance: signing in and out, invitations, new passwords."""

from __future__ import annotations

from flask import Blueprint

from campaigns.domain.people import Permission
from campaigns.services.keys import Keys
from campaigns.web.doors import Room
from campaigns.web.sign_in import passkeys
from campaigns.web.sign_in.again import Again
from campaigns.web.sign_in.entering import Entering
from campaigns.web.sign_in.invited import Invited
from campaigns.web.sign_in.new_password import NewPassword

__all__ = ["create_blueprint"]


def create_blueprint(keys: Keys) -> Blueprint:
    """All pages under /sign-in and /invitation, and /sign-out."""
    room = Room("sign_in", "")
    entering, again, invited, new_password = Entering(keys), Again(keys), Invited(keys), NewPassword(keys)

    room.page("/sign-in", "page", None, entering.page)
    room.deed("/sign-in", "password", None, entering.password)
    room.page("/sign-in/code", "code_again", None, entering.begin_again)
    room.deed("/sign-in/code", "code", None, entering.code)
    room.page("/sign-in/set-up", "set_up_again", None, entering.begin_again)
    room.deed("/sign-in/set-up", "set_up", None, entering.set_up)
    room.deed("/sign-out", "out", None, entering.leave)

    room.page("/sign-in/again", "again", Permission.SIGNED_IN, again.page)
    room.deed("/sign-in/again", "prove_again", Permission.SIGNED_IN, again.prove)

    room.page("/sign-in/forgotten", "forgotten", None, new_password.forgotten)
    room.deed("/sign-in/forgotten", "ask", None, new_password.ask)
    room.page("/sign-in/reset/<token>", "reset", None, new_password.page)
    room.deed("/sign-in/reset/<token>", "choose", None, new_password.choose)

    room.page("/invitation/<token>", "invitation", None, invited.page)
    room.deed("/invitation/<token>", "accept", None, invited.accept)

    passkeys.furnish(room, keys)
    return room.blueprint
