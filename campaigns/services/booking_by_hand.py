"""Booking by hand: looked over first, then written down once, with everything that moves along."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.domain import accounts
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.people import Person
from campaigns.language import DEFAULT
from campaigns.services.audit_trail import Action, note
from campaigns.services.bookkeeping import gift_change, keep_gifts
from campaigns.services.drafting import Clerk, Draft, Plan, effect_of
from campaigns.services.keys import Keys
from campaigns.storage import alerts, books, figures, payments, spent, unassigned
from campaigns.storage.alerts import AlertKind
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection, IntegrityError
from campaigns.storage.figures import Change
from campaigns.storage.payments import PaymentRow


class DayMoved(Exception):
    """A month was closed meanwhile: the entry would stand under another day than the one that was shown."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What makes one sent form differ from another (32 hex digits), and until when it is good."""

    reference: str
    expires_at: datetime


def look_over(keys: Keys, draft: Draft, reference: str) -> Plan:
    """What the draft would become; Refused if it cannot be booked."""
    with keys.database.reading() as connection:
        return Clerk(connection, keys).plan(draft, reference)


def book(keys: Keys, person: Person, draft: Draft, ticket: Ticket, shown: date) -> int:
    """Book the draft and return the entry's number; the same ticket again finds the same entry.

    `shown` is the day that the person has seen it under. Refused, or DayMoved: then nothing was booked.
    """
    try:
        return _book(keys, person, draft, ticket, shown)
    except IntegrityError:
        # On PostgreSQL a month can be closed between our question and our entry: then the database refuses it.
        if look_over(keys, draft, ticket.reference).day != shown:
            raise DayMoved from None
        raise


def _book(keys: Keys, person: Person, draft: Draft, ticket: Ticket, shown: date) -> int:
    now = keys.now()
    effect = effect_of(draft.kind, ticket.reference)
    with keys.database.transaction() as connection:
        if not spent.spend(connection, hashlib.sha256(effect.encode()).hexdigest(), ticket.expires_at):
            return _number_of(connection, effect)
        planned = Clerk(connection, keys).plan(draft, ticket.reference)
        if planned.day != shown:
            raise DayMoved
        (number,), changes = write(connection, person, [planned], now)
        note(connection, keys, person, Action.BOOKED, f"entry:{number}", draft.kind)
        for campaign_id, change in changes.items():
            figures.change(connection, campaign_id, change)
        return number


def booked_as(keys: Keys, kind: EntryKind, reference: str) -> int | None:
    """The number of the entry that a form was booked as; None if it was not (yet)."""
    with keys.database.reading() as connection:
        found = books.entry_by_effect(connection, effect_of(kind, reference))
    return found[0] if found else None


def write(
    connection: Connection, person: Person, plans: Sequence[Plan], now: datetime
) -> tuple[list[int], dict[int, Change]]:
    """Write plans, at least one, down in their order.

    Returns the entries' numbers, and by how much each campaign's total must still be changed, last of all.
    """
    gifts = [planned.entry for planned in plans if planned.draft.kind is EntryKind.OFFLINE_GIFT]
    paid = iter(keep_gifts(connection, gifts, DEFAULT, now) if gifts else ())
    new, changes = [], dict[int, Change]()
    for planned in plans:
        payment_id, change = planned.payment.id if planned.payment else None, None
        if planned.draft.kind is EntryKind.OFFLINE_GIFT:
            payment_id, change = next(paid), gift_change(planned.entry)
        elif planned.payment is not None and planned.campaign_id is not None:
            change = _assign(connection, planned.payment, planned.campaign_id, now)
        new.append((planned.entry, _voucher(planned, person, payment_id)))
        if change is not None and planned.campaign_id is not None:
            before = changes.get(planned.campaign_id)
            changes[planned.campaign_id] = before + change if before else change
    return books.book_all(connection, new, now), changes


def _voucher(planned: Plan, person: Person, payment_id: int | None) -> Voucher:
    return Voucher(
        day=planned.day,
        late_for=planned.late_for,
        gateway=_gateway(planned),
        memo=planned.draft.memo or None,
        staff_id=person.id,
        payment_id=payment_id,
    )


def _assign(connection: Connection, payment: PaymentRow, campaign_id: int, now: datetime) -> Change:
    """The payment finds its campaign: all that is left of it counts there."""
    net = payment.standing.net
    unassigned.place(connection, payment.id, campaign_id, net)
    alerts.resolve(connection, AlertKind.UNASSIGNED, payment.gateway, [payment.object_id], now)
    supporters = 0
    if payment.pledge_id is not None:
        nothing = Money.zero(net.currency)
        others = payments.others_of_pledge(connection, payment.pledge_id, payment.id, campaign_id, net.currency)
        supporters = int(others + net > nothing) - int(others > nothing)
    return Change(net, Money.zero(net.currency), supporters, gifts=1)


def _gateway(planned: Plan) -> str | None:
    """The provider that the entry is about, if it is about one."""
    if planned.payment is not None:
        return planned.payment.gateway
    touched = {posting.account for posting in planned.entry.postings}
    return next((name for name in accounts.GATEWAYS if accounts.at_gateway(name) in touched), None)


def _number_of(connection: Connection, effect: str) -> int:
    found = books.entry_by_effect(connection, effect)
    if found is None:
        raise AssertionError(f"{effect} was spent and not booked")
    return found[0]
