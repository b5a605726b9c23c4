"""Giving money back through the provider: asked for once, and booked when the provider's notice says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.domain.money import Money
from campaigns.domain.people import Person
from campaigns.payments.gateway import GatewayDown, GatewayError
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import alerts, payments, spent
from campaigns.storage.alerts import AlertKind
from campaigns.storage.database import Connection
from campaigns.storage.payments import PaymentRow

# Providers remember a key for a day at least: a form must be worthless long before that.
FORM_LIFETIME = timedelta(hours=1)


class Reason(StrEnum):
    DONOR_ASKED = "donor_asked"
    PAID_TWICE = "paid_twice"
    WRONG_AMOUNT = "wrong_amount"
    DANGEROUS_CARD = "dangerous_card"
    OTHER = "other"


class Obstacle(StrEnum):
    """Why nothing was asked of the provider."""

    UNKNOWN = "unknown"  # there is no such payment
    NOT_HERE = "not_here"  # booked by hand, or at a provider that is not selected
    NOT_RECEIVED = "not_received"  # no money has come, or all of it has gone back
    TOO_MUCH = "too_much"  # more than is left of it


class CannotRefund(Exception):
    """Nothing was asked of the provider, and nothing has changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


class Refused(Exception):
    """The provider said no: no money goes back. The message is the provider's reason, and names no person."""


class Unanswered(Exception):
    """The provider could not be reached, or failed: it may have done it. The same form, sent again, is safe."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A refund as somebody asks for it. `form` is the form's own random value, and good until `expires_at`."""

    payment_id: int
    amount: Money
    reason: Reason
    form: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refundable:
    """A payment with what can still go back, and the country of its card if that one is dangerous to the donor."""

    payment: PaymentRow
    left: Money
    dangerous_country: str | None


def refundable(keys: Keys, payment_id: int) -> Refundable:
    """What can be given back of a payment now, perhaps nothing; CannotRefund where nothing ever can."""
    with keys.database.reading() as connection:
        payment = _payment(connection, keys, payment_id)
        country = alerts.detail_of(connection, AlertKind.CARD_COUNTRY, payment.gateway, payment.object_id)
    return Refundable(payment, payment.standing.net, country)


def refund(keys: Keys, person: Person, wish: Wish) -> None:
    """Ask the provider to pay back: a transaction that writes down who asks for what, then the call.

    One form refunds once, whatever comes in between: the key that the provider is given is made of it alone, so that
    neither a second click nor a second amount moves more money. CannotRefund, Refused or Unanswered say what is wrong.
    """
    with keys.database.transaction() as connection:
        payment = _payment(connection, keys, wish.payment_id)
        # What was asked for before is asked for again as it was: the books may know of it by now.
        if spent.spend(connection, _hash(f"{wish.form}:{wish.amount}"), wish.expires_at):
            if wish.amount > payment.standing.net:
                raise CannotRefund(Obstacle.TOO_MUCH)
            _note(connection, keys, person, wish, "")
    try:
        keys.gateway.refund(payment.object_id, wish.amount, _hash(f"refund:{wish.payment_id}:{wish.form}"))
    except GatewayDown as error:
        raise Unanswered(str(error)) from error
    except GatewayError as error:
        with keys.database.transaction() as connection:
            _note(connection, keys, person, wish, " refused")
        raise Refused(str(error)) from error


def _payment(connection: Connection, keys: Keys, payment_id: int) -> PaymentRow:
    payment = payments.by_id(connection, payment_id)
    if payment is None:
        raise CannotRefund(Obstacle.UNKNOWN)
    if payment.gateway != keys.gateway.name:
        raise CannotRefund(Obstacle.NOT_HERE)
    if not payment.standing.is_received:
        raise CannotRefund(Obstacle.NOT_RECEIVED)
    return payment


def _note(connection: Connection, keys: Keys, person: Person, wish: Wish, outcome: str) -> None:
    detail = f"{wish.amount} {wish.reason}{outcome}"
    note(connection, keys, person, Action.REFUNDED, f"payment:{wish.payment_id}", detail)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
