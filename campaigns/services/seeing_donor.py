"""Seeing who gave, which is written down before it is shown, and forgetting it."""

from __future__ import annotations

from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.erasure import Erased, forget_everywhere
from campaigns.services.keys import Keys
from campaigns.storage import donors


def see_donor(keys: Keys, person: Person, pledge_id: int) -> str | None:
    """The address that a pledge's donor left; None where none is kept (any more), and then nothing was seen.

    It is not given out unless the audit trail has it. CannotOpen if no key fits.
    """
    with keys.database.transaction() as connection:
        email = donors.email_of(connection, keys.vault, pledge_id)
        if email is not None:
            note(connection, keys, person, Action.DONOR_SEEN, f"pledge:{pledge_id}")
    return email


def forget_donor(keys: Keys, person: Person, pledge_id: int) -> Erased:
    """Erase the address of a pledge's donor, wherever it is kept. CannotOpen, with nothing erased, if no key fits."""
    with keys.database.transaction() as connection:
        email = donors.email_of(connection, keys.vault, pledge_id)
        if email is None:
            return Erased(0, traceless=True)
        erased = forget_everywhere(connection, keys.vault, email)
        note(connection, keys, person, Action.DONOR_FORGOTTEN, f"pledge:{pledge_id}")
    return Erased(erased, keys.database.cut_log())
