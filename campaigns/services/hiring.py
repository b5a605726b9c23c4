"""Accounts from the terminal: for the first people, and for the day when nobody can sign in any more."""

from __future__ import annotations

from campaigns.domain.people import Person, Role
from campaigns.services import invitations
from campaigns.services.keys import Keys
from campaigns.storage import staff
from campaigns.storage.database import lock


class Impossible(Exception):
    """Nothing was changed; the message is one sentence for the person at the terminal."""


def open_account(keys: Keys, email: str, name: str, role: Role, language: str) -> str:
    """Open an account and return the link by which its owner takes it. Impossible if the address has one."""
    with keys.database.transaction() as connection:
        lock(connection, "people")
        if staff.by_email(connection, email) is not None:
            raise Impossible("This address has an account: flask staff invite makes a new link for it.")
        person = Person(staff.add(connection, email, name, role, language, keys.now()), email, name, role, language)
        return _link(keys, invitations.invite(connection, keys, person, None, letter=False))


def invite_again(keys: Keys, email: str) -> str:
    """A new link for somebody who has lost the first, or everything. Impossible if nobody open has this address.

    What they sign in with now goes on working until the link is taken; then only what they choose there does.
    """
    with keys.database.transaction() as connection:
        found = staff.by_email(connection, email)
        if found is None or found.person.disabled:
            raise Impossible("Nobody has an open account under this address.")
        return _link(keys, invitations.invite(connection, keys, found.person, None, letter=False))


def _link(keys: Keys, token: str) -> str:
    return invitations.address_of(keys, token)
