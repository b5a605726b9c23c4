"""Cancelling a promise that has not been kept: first its page at the provider is closed, then it is cancelled here."""

from __future__ import annotations

from campaigns.domain.people import Person
from campaigns.domain.pledge import Pledge, PledgeEvent, PledgeState, move
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import pledges

CANCELLABLE = frozenset({PledgeState.STARTED, PledgeState.OPEN})


class CannotCancel(Exception):
    """There is no such pledge, it is past that, or its page is at a provider that is not selected."""


def cancel(keys: Keys, person: Person, pledge_id: int) -> None:
    """Cancel a started or open pledge. Money that comes all the same is booked, and makes it fulfilled.

    CannotCancel where there is nothing to cancel (any more); GatewayDown or GatewayError, with nothing changed, if the
    provider could not close its page.
    """
    with keys.database.reading() as connection:
        found = pledges.by_id(connection, pledge_id)
    if found is None:
        raise CannotCancel(pledge_id)
    pledge, gateway = found
    if pledge.state not in CANCELLABLE or gateway != keys.gateway.name:
        raise CannotCancel(pledge_id)
    if pledge.checkout_id is not None:
        keys.gateway.close_checkout(pledge.checkout_id)
    _cancel(keys, person, pledge)


def _cancel(keys: Keys, person: Person, seen: Pledge) -> None:
    with keys.database.transaction() as connection:
        pledge = pledges.must_be(connection, seen.id)
        after = move(pledge.state, PledgeEvent.CANCELLED)
        if pledge.state not in CANCELLABLE or after is None:  # the money was faster
            raise CannotCancel(pledge.id)
        pledges.set_state(connection, pledge.id, after, keys.now())
        note(connection, keys, person, Action.PLEDGE_CANCELLED, f"pledge:{pledge.id}", pledge.state)
