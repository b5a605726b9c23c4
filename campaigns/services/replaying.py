"""Asking the provider again: for a notice that did not fit, or for a gift of which nothing more was heard."""

from __future__ import annotations

from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.services.settlement import Outcome, replay
from campaigns.storage import gift_life, inbox


class CannotReplay(Exception):
    """There is no such thing, or it is of a provider that is not selected."""


def replay_notice(keys: Keys, person: Person, notice_id: int) -> list[Outcome]:
    """Ask for the present state of what a notice was about, and act on it; harmless if all of it is booked.

    CannotReplay; GatewayDown or GatewayError from the provider.
    """
    with keys.database.transaction() as connection:
        found = inbox.by_id(connection, notice_id)
        if found is None or found.gateway != keys.gateway.name:
            raise CannotReplay(notice_id)
        note(connection, keys, person, Action.NOTICE_REPLAYED, f"notice:{notice_id}", found.kind)
    return replay(keys, found.object_id)


def replay_gift(keys: Keys, person: Person, pledge_id: int) -> list[Outcome]:
    """The same for all that the provider knows of a pledge: its page, and every payment for it."""
    with keys.database.transaction() as connection:
        objects = gift_life.objects_of(connection, pledge_id, keys.gateway.name)
        if not objects:
            raise CannotReplay(pledge_id)
        note(connection, keys, person, Action.NOTICE_REPLAYED, f"pledge:{pledge_id}")
    return [outcome for object_id in objects for outcome in replay(keys, object_id)]
