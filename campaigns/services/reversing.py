"""Reversing what was booked by hand: an entry of its own, and everything that had moved along moves back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.domain.by_hand import BY_HAND
from campaigns.domain.ledger import Entry, EntryKind
from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentEvent
from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.dating import dated
from campaigns.services.keys import Keys
from campaigns.storage import alerts, books, figures, payments, unassigned
from campaigns.storage.alerts import AlertKind
from campaigns.storage.books import Booked, Voucher
from campaigns.storage.database import Connection, lock
from campaigns.storage.figures import Change
from campaigns.storage.payments import PaymentRow


class Obstacle(StrEnum):
    """Why an entry cannot be reversed by hand."""

    UNKNOWN = "unknown"  # there is no such entry
    REVERSED = "reversed"  # already; or it is a reversal itself
    PROVIDER = "provider"  # the money is corrected where it lies: at the provider
    MOVED = "moved"  # something has happened to the gift since


class CannotReverse(Exception):
    """The entry stays as it is. `reversed_by` and `pledge_id` are where to go on, as far as there is such a place."""

    def __init__(self, obstacle: Obstacle, reversed_by: int | None = None, pledge_id: int | None = None) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle
        self.reversed_by = reversed_by
        self.pledge_id = pledge_id


@dataclass(frozen=True, slots=True)
class Undoing:
    """What a reversal would be: the entry, the one that undoes it, and the day under which that would stand.

    It stands under the day of what it undoes; if that month is closed, in the earliest open one.
    """

    booked: Booked
    entry: Entry
    day: date
    late_for: date | None
    payment: PaymentRow | None


def look_over(keys: Keys, number: int) -> Undoing:
    """What the reversal of this entry would be; CannotReverse says why there can be none."""
    with keys.database.reading() as connection:
        return _undoing(connection, keys, number)


def reverse(keys: Keys, person: Person | None, number: int, memo: str | None = None) -> int:
    """Reverse the entry, once, and return the number of the new one; CannotReverse says why not."""
    now = keys.now()
    with keys.database.transaction() as connection:
        lock(connection, f"entry:{number}")
        undoing = _undoing(connection, keys, number)
        voucher = Voucher(
            day=undoing.day, late_for=undoing.late_for, gateway=undoing.booked.gateway, memo=memo,
            staff_id=person.id if person else None, payment_id=undoing.booked.payment_id, reverses_id=number,
        )  # fmt: skip
        new = books.book(connection, undoing.entry, now, voucher)
        change = _move_back(connection, undoing)
        note(connection, keys, person, Action.REVERSED, f"entry:{number}", f"by entry {new}")
        if change and undoing.booked.entry.campaign_id is not None:
            figures.change(connection, undoing.booked.entry.campaign_id, change)
        return new


def _undoing(connection: Connection, keys: Keys, number: int) -> Undoing:
    booked = books.entry_by_number(connection, number)
    if booked is None:
        raise CannotReverse(Obstacle.UNKNOWN)
    if booked.reversed_by is not None or booked.entry.kind is EntryKind.REVERSAL:
        raise CannotReverse(Obstacle.REVERSED, reversed_by=booked.reversed_by)
    payment = _payment(connection, booked)
    if booked.entry.kind not in BY_HAND:
        raise CannotReverse(Obstacle.PROVIDER, pledge_id=payment.pledge_id if payment else None)
    if payment and (payment.campaign_id, payment.net) != (booked.entry.campaign_id, booked.entry.amount):
        raise CannotReverse(Obstacle.MOVED, pledge_id=payment.pledge_id)
    day, late_for = dated(connection, booked.day, keys.now())
    return Undoing(booked, booked.entry.reversed(), day, late_for, payment)


def _payment(connection: Connection, booked: Booked) -> PaymentRow | None:
    """The payment that the entry is about; nothing that a provider tells can change it until the transaction ends."""
    seen = payments.by_id(connection, booked.payment_id) if booked.payment_id is not None else None
    if seen is None:
        return None
    lock(connection, f"{seen.gateway}:{seen.object_id}")
    return payments.find(connection, seen.gateway, seen.object_id)


def _move_back(connection: Connection, undoing: Undoing) -> Change | None:
    """What was given goes back, what was assigned waits again; by how much the campaign's total changes."""
    payment = undoing.payment
    if payment is None or payment.campaign_id is None:
        return None
    nothing = Money.zero(payment.net.currency)
    if undoing.booked.entry.kind is EntryKind.ASSIGNMENT:
        unassigned.place(connection, payment.id, None, nothing)
        alerts.reopen(connection, AlertKind.UNASSIGNED, payment.gateway, payment.object_id)
        figures.one_gift_less(connection, payment.campaign_id)
        return Change(-payment.net, nothing, -_supporters(connection, payment), gifts=-1)
    after = payment.standing.after(PaymentEvent.REFUND, payment.net)
    if after is None:
        raise CannotReverse(Obstacle.MOVED, pledge_id=payment.pledge_id)
    payments.settle(connection, payment.id, after, after.net, None)
    return Change(-payment.net, nothing, -_supporters(connection, payment))


def _supporters(connection: Connection, payment: PaymentRow) -> int:
    """1 if the payment's pledge is a supporter by this payment alone."""
    if payment.pledge_id is None:
        return 0
    currency = payment.net.currency
    others = payments.others_of_pledge(connection, payment.pledge_id, payment.id, payment.campaign_id, currency)
    return int(others <= Money.zero(currency))
