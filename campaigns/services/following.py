"""Following one gift through its whole life: what was promised, told, booked, written and done, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.domain.payment import Refund
from campaigns.domain.pledge import Pledge, PledgeState
from campaigns.services.audit_trail import Action
from campaigns.services.cancelling import CANCELLABLE
from campaigns.services.keys import Keys
from campaigns.storage import alerts, donors, gift_life, inbox, payments, pledges
from campaigns.storage.alerts import AlertKind
from campaigns.storage.database import Connection
from campaigns.storage.gift_life import Deed, DueDispute, EntryLine, LetterLine
from campaigns.storage.inbox import NoticeLine
from campaigns.storage.payments import PaymentRow


class What(StrEnum):
    """What a step of a gift's life is."""

    BEGUN = "begun"
    EXPIRED = "expired"
    NOTICE = "notice"
    ENTRY = "entry"
    LETTER = "letter"
    DEED = "deed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `about` is what there is to say of it."""

    at: datetime
    what: What
    about: NoticeLine | EntryLine | LetterLine | Deed | None = None


@dataclass(frozen=True, slots=True)
class PaymentLife:
    """A payment, what went back of it, and whether its card puts the donor in danger (the country, or None)."""

    payment: PaymentRow
    refunds: tuple[Refund, ...]
    disputes: list[DueDispute]
    dangerous_country: str | None
    can_be_refunded: bool


@dataclass(frozen=True, slots=True)
class GiftLife:
    """A pledge and all that came of it.

    `has_donor`: an address is kept; `had_donor`: one was, and is erased, at `donor_erased_at` if somebody saw to it.
    """

    pledge: Pledge
    gateway: str
    slug: str
    title: str
    payments: list[PaymentLife]
    steps: list[Step]
    has_donor: bool
    had_donor: bool
    donor_erased_at: datetime | None
    can_be_cancelled: bool
    can_be_asked: bool


def follow(keys: Keys, pledge_id: int, language: str) -> GiftLife | None:
    """The whole life of a gift, with its campaign's title in that language; None if there is no such pledge."""
    here = keys.gateway.name
    with keys.database.reading() as connection:
        found = pledges.by_id(connection, pledge_id)
        if found is None:
            return None
        pledge, gateway = found
        slug, title = gift_life.title_of(connection, pledge.campaign_id, language)
        lives = [_life(connection, number, here) for number in gift_life.payment_numbers(connection, pledge.id)]
        letters = gift_life.letters_of(connection, pledge.reference)
        has_donor = donors.has_email(connection, pledge.id)
        steps = [*_begun(pledge), *_told(connection, pledge, gateway, lives), *_done(connection, pledge, lives)]
        steps += [Step(letter.settled_at or letter.created_at, What.LETTER, letter) for letter in letters]
    return GiftLife(
        pledge, gateway, slug, title, lives, sorted(steps, key=lambda step: step.at), has_donor,
        had_donor=bool(letters) and not has_donor,
        donor_erased_at=_erased_at(steps),
        can_be_cancelled=pledge.state in CANCELLABLE and gateway == here,
        can_be_asked=gateway == here and pledge.checkout_id is not None,
    )  # fmt: skip


def _life(connection: Connection, number: int, here: str) -> PaymentLife:
    payment = payments.by_id(connection, number)
    if payment is None:
        raise AssertionError("payments are never deleted")
    known_as = (payment.gateway, payment.object_id)
    return PaymentLife(
        payment,
        payments.refunds_of(connection, *known_as),
        gift_life.disputes_of(connection, *known_as),
        alerts.detail_of(connection, AlertKind.CARD_COUNTRY, *known_as),
        can_be_refunded=payment.gateway == here and payment.standing.is_received and bool(payment.standing.net),
    )


def _begun(pledge: Pledge) -> list[Step]:
    begun = [Step(pledge.created_at, What.BEGUN)]
    return [*begun, Step(pledge.changed_at, What.EXPIRED)] if pledge.state is PledgeState.EXPIRED else begun


def _told(connection: Connection, pledge: Pledge, gateway: str, lives: list[PaymentLife]) -> list[Step]:
    """The provider's notices about the pledge's checkout, its payments, and their refunds and disputes."""
    objects = [pledge.checkout_id] if pledge.checkout_id else []
    for life in lives:
        objects += [life.payment.object_id, *(refund.id for refund in life.refunds)]
        objects += [due.dispute.id for due in life.disputes]
    return [Step(notice.received_at, What.NOTICE, notice) for notice in inbox.about(connection, gateway, objects)]


def _done(connection: Connection, pledge: Pledge, lives: list[PaymentLife]) -> list[Step]:
    """What was booked, and what staff did."""
    numbers = [life.payment.id for life in lives]
    subjects = [f"pledge:{pledge.id}", *(f"payment:{number}" for number in numbers)]
    booked = gift_life.entries_of(connection, numbers)
    return [
        *(Step(entry.booked_at, What.ENTRY, entry) for entry in booked),
        *(Step(deed.at, What.DEED, deed) for deed in gift_life.deeds_about(connection, subjects)),
    ]


def _erased_at(steps: list[Step]) -> datetime | None:
    """When somebody of the staff erased the donor's address from this gift."""
    erased = (step for step in steps if isinstance(step.about, Deed) and step.about.action == Action.DONOR_FORGOTTEN)
    return max((step.at for step in erased), default=None)
