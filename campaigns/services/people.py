"""Managing people: who may come in, as what, and who may no longer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from campaigns.domain.people import Permission, Person, Role
from campaigns.services import invitations, one_time_codes
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import passkeys, people, staff, staff_links
from campaigns.storage.database import Connection, lock
from campaigns.storage.people import Listed


class Objection(StrEnum):
    """Why a change of people is refused."""

    ONESELF = "oneself"
    NOT_ALLOWED = "not_allowed"  # by now: the role of whoever asks has just been changed
    UNKNOWN = "unknown"
    TAKEN = "taken"
    DISABLED = "disabled"


class Refused(Exception):
    """Nothing was changed; `objection` says why."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection)
        self.objection = objection


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to be invited."""

    name: str
    email: str
    role: Role
    language: str


def everybody(keys: Keys) -> list[Listed]:
    """All staff by name, with how they stand."""
    with keys.database.reading() as connection:
        return people.everybody(connection)


def somebody(keys: Keys, staff_id: int) -> Listed | None:
    """One of the staff, with how they stand."""
    with keys.database.reading() as connection:
        return people.one(connection, staff_id)


def invite(keys: Keys, admin: Person, newcomer: Newcomer) -> tuple[int, str]:
    """Open an account and send its invitation; returns its number, and the link where no letter can carry it."""
    with keys.database.transaction() as connection:
        _must_manage(connection, admin)
        if staff.by_email(connection, newcomer.email) is not None:
            raise Refused(Objection.TAKEN)
        number = staff.add(connection, newcomer.email, newcomer.name, newcomer.role, newcomer.language, keys.now())
        return number, _send_link(connection, keys, admin, number)


def invite_anew(keys: Keys, admin: Person, staff_id: int) -> str:
    """Invite somebody again who lost the letter, the phone or the passkey. Returns the link as above.

    Password, codes and passkeys are worthless at once, and every sign-in ends: only the new link leads in.
    """
    with keys.database.transaction() as connection:
        person = _subject(connection, admin, staff_id)
        if person.disabled:
            raise Refused(Objection.DISABLED)
        people.forget_password(connection, person.id)
        one_time_codes.drop(connection, person)
        passkeys.remove_all(connection, person.id)
        _shut_out(connection, person)
        return _send_link(connection, keys, admin, person.id)


def change_role(keys: Keys, admin: Person, staff_id: int, role: Role) -> None:
    """Give somebody another role. They sign in anew: the new one may need a second factor that the old one did not."""
    with keys.database.transaction() as connection:
        person = _subject(connection, admin, staff_id)
        if person.role is role:
            return
        people.set_role(connection, person.id, role)
        staff.end_sessions_of(connection, person.id)
        _note_change(connection, keys, admin, person, f"role {person.role} to {role}")


def disable(keys: Keys, admin: Person, staff_id: int) -> None:
    """Let somebody in no longer: their sign-ins end at once, and their links are worthless."""
    with keys.database.transaction() as connection:
        person = _subject(connection, admin, staff_id)
        people.set_disabled(connection, person.id, keys.now())
        _shut_out(connection, person)
        _note_change(connection, keys, admin, person, "disabled")


def enable(keys: Keys, admin: Person, staff_id: int) -> None:
    """Let somebody in again, with the password and second factor of before."""
    with keys.database.transaction() as connection:
        person = _subject(connection, admin, staff_id)
        people.set_disabled(connection, person.id, None)
        _note_change(connection, keys, admin, person, "enabled")


def _must_manage(connection: Connection, admin: Person) -> None:
    """One change of people at a time, by somebody who may make it at this moment.

    So a site is never left without an admin: nobody changes themselves, and of two who would shut each other out at
    the same moment the second is no admin any more.
    """
    lock(connection, "people")
    found = staff.by_id(connection, admin.id)
    if found is None or not found.person.may(Permission.MANAGE_PEOPLE):
        raise Refused(Objection.NOT_ALLOWED)


def _subject(connection: Connection, admin: Person, staff_id: int) -> Person:
    """Whom the change is about."""
    _must_manage(connection, admin)
    if staff_id == admin.id:
        raise Refused(Objection.ONESELF)
    found = staff.by_id(connection, staff_id)
    if found is None:
        raise Refused(Objection.UNKNOWN)
    return found.person


def _shut_out(connection: Connection, person: Person) -> None:
    staff.end_sessions_of(connection, person.id)
    staff_links.remove(connection, person.id)


def _send_link(connection: Connection, keys: Keys, admin: Person, staff_id: int) -> str:
    """Invites by letter, and returns ""; without a mail server the link itself is returned, to be shown once."""
    found = staff.by_id(connection, staff_id)
    if found is None:
        raise Refused(Objection.UNKNOWN)
    has_mail = keys.settings.mail_url is not None
    token = invitations.invite(connection, keys, found.person, admin, letter=has_mail)
    return "" if has_mail else invitations.address_of(keys, token)


def _note_change(connection: Connection, keys: Keys, admin: Person, person: Person, detail: str) -> None:
    note(connection, keys, admin, Action.PERSON_CHANGED, f"staff:{person.id}", detail)
