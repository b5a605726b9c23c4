"""/admin/people: who works here, as what, and who may no longer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from campaigns.domain.people import Permission, Role
from campaigns.language import gettext
from campaigns.services import people
from campaigns.services.keys import Keys
from campaigns.services.people import Objection, Refused
from campaigns.web.doors import Room, who
from campaigns.web.forms.newcomer import NewcomerForm
from campaigns.web.responses import private_page
from campaigns.web.role_words import role_hint, role_name
from campaigns.web.staff_page import done, refusal

_HERE = "/admin/people"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""
    views, needs = People(keys), Permission.MANAGE_PEOPLE
    room.page("/people", "people", needs, views.everybody)
    room.page("/people/invite", "before_inviting", needs, views.before_inviting)
    room.deed("/people/invite", "invite", needs, views.invite)
    room.page("/people/<int:number>", "person", needs, views.somebody)
    room.deed("/people/<int:number>/role", "change_role", needs, views.change_role)
    room.deed("/people/<int:number>/invite", "invite_anew", needs, views.invite_anew)
    room.deed("/people/<int:number>/disable", "disable", needs, views.disable)
    room.deed("/people/<int:number>/enable", "enable", needs, views.enable)


class People:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def everybody(self) -> ResponseReturnValue:
        return private_page("admin/people.html", everybody=people.everybody(self._keys), role_name=role_name)

    def somebody(self, number: int) -> ResponseReturnValue:
        listed = people.somebody(self._keys, number)
        if listed is None:
            raise NotFound
        role, is_me = role_name(listed.person.role), number == who().id
        return private_page(
            "admin/person.html", listed=listed, person=listed.person, is_me=is_me, role=role, roles=_roles()
        )

    def before_inviting(self) -> ResponseReturnValue:
        return self._form(NewcomerForm())

    def invite(self) -> ResponseReturnValue:
        form = NewcomerForm(request.form)
        newcomer = form.read()
        if newcomer is None:
            return self._form(form, 422)
        try:
            number, link = people.invite(self._keys, who(), newcomer)
        except Refused as refused:
            if refused.objection is Objection.TAKEN:
                form.complain_of_account()
                return self._form(form, 422)
            return _refused(refused.objection)
        return _invited(number, link)

    def invite_anew(self, number: int) -> ResponseReturnValue:
        try:
            return _invited(number, people.invite_anew(self._keys, who(), number))
        except Refused as refused:
            return _refused(refused.objection)

    def change_role(self, number: int) -> ResponseReturnValue:
        wished = request.form.get("role", "")
        if wished not in list(Role):
            raise BadRequest
        return _changed(number, lambda: people.change_role(self._keys, who(), number, Role(wished)))

    def disable(self, number: int) -> ResponseReturnValue:
        return _changed(number, lambda: people.disable(self._keys, who(), number))

    def enable(self, number: int) -> ResponseReturnValue:
        return _changed(number, lambda: people.enable(self._keys, who(), number))

    def _form(self, form: NewcomerForm, status: int = 200) -> Response:
        has_mail = self._keys.settings.mail_url is not None
        return private_page("admin/invite.html", status, form=form, has_mail=has_mail, roles=_roles())


def _roles() -> list[tuple[Role, str, str]]:
    """Every role, its name and what it may do."""
    return [(role, role_name(role), role_hint(role)) for role in Role]


def _changed(number: int, change: Callable[[], None]) -> ResponseReturnValue:
    try:
        change()
    except Refused as refused:
        return _refused(refused.objection)
    return done(f"{_HERE}/{number}", "saved")


def _invited(number: int, link: str) -> ResponseReturnValue:
    """On to the person's page; where no letter can go out, the link itself, this once."""
    if link:
        return private_page("admin/invited.html", link=link)
    return done(f"{_HERE}/{number}", "invited")


def _refused(objection: Objection) -> ResponseReturnValue:
    if objection is Objection.UNKNOWN:
        raise NotFound
    return refusal(409, gettext("Nothing was changed"), _why(objection), _HERE)


def _why(objection: Objection) -> str:
    if objection is Objection.ONESELF:
        return gettext("Nobody changes their own role or shuts themselves out. Ask another administrator.")
    if objection is Objection.DISABLED:
        return gettext("This account is closed. Open it first.")
    return gettext("Somebody else has changed the people at this moment. Look at the list again.")
