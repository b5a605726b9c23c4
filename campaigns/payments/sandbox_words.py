"""What the sandbox says of a gift in its own words, and what those words mean in ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from campaigns.domain.payment import Dispute, DisputeState, Refund, RefundState
from campaigns.payments import sandbox_file as file
from campaigns.payments.gateway import Notice, Topic
from campaigns.payments.sandbox_gift import Gift, GiftState
from campaigns.payments.sandbox_memory import JSON


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to say: its kind, and the object that it is about."""

    kind: str
    subject: JSON


def news(before: Gift, after: Gift) -> list[Told]:
    """Everything that is different now; the card is told before the money, as the real ones do."""
    told: list[Told] = []
    if after.state is not before.state:
        told += card(after) + checkout(after)
    told += [_refund(after, it) for it in after.refunds if it not in before.refunds]
    told += [_dispute(after, it) for it in after.disputes if it not in before.disputes]
    return told


def checkout(gift: Gift) -> list[Told]:
    """How paying went; nothing while the page is open."""
    if gift.state is GiftState.OPEN:
        return []
    subject = {
        "id": gift.checkout_id,
        "payment": gift.payment_id if gift.state is not GiftState.EXPIRED else None,
        "reference": gift.reference,
        "amount": file.written_money(gift.amount),
    }
    return [Told(f"checkout.{gift.state}", subject)]


def card(gift: Gift) -> list[Told]:
    """Where the card was issued that paid; nothing of other gifts."""
    if gift.state is not GiftState.PAID or gift.card_country is None:
        return []
    subject = {"id": gift.payment_id, "payment": gift.payment_id, "country": gift.card_country}
    return [Told("card.charged", subject)]


def payment(gift: Gift) -> list[Told]:
    """All that can be said of the money."""
    told = checkout(gift) + card(gift)
    return told + [_refund(gift, it) for it in gift.refunds] + [_dispute(gift, it) for it in gift.disputes]


def refund(gift: Gift, refund_id: str) -> list[Told]:
    """How this refund stands."""
    return [_refund(gift, it) for it in gift.refunds if it.id == refund_id]


def dispute(gift: Gift, dispute_id: str) -> list[Told]:
    """How this dispute stands."""
    return [_dispute(gift, it) for it in gift.disputes if it.id == dispute_id]


def _refund(gift: Gift, it: Refund) -> Told:
    kind = "refund.returned" if it.state is RefundState.FAILED else "refund.sent"
    return Told(kind, {**file.written_refund(it), "payment": gift.payment_id})


def _dispute(gift: Gift, it: Dispute) -> Told:
    due = gift.dispute_due if it.state is DisputeState.OPEN else None
    subject = {**file.written_dispute(it), "payment": gift.payment_id, "due": due and due.isoformat()}
    return Told(f"dispute.{it.state}", subject)


def notice_of(event_id: str, told: Told) -> Notice:
    """What was told, in our words; a kind that we do not know is OTHER."""
    plain = Notice(event_id, told.kind, Topic.OTHER, told.subject["id"])
    reading = _READINGS.get(told.kind)
    return reading(replace(plain, payment_id=told.subject["payment"]), told.subject) if reading else plain


def _read_checkout(topic: Topic, plain: Notice, subject: JSON) -> Notice:
    amount = file.read_money(subject["amount"])
    return replace(plain, topic=topic, reference=subject["reference"], amount=amount)


def _read_card(plain: Notice, subject: JSON) -> Notice:
    return replace(plain, topic=Topic.CARD, card_country=subject["country"])


def _read_refund(plain: Notice, subject: JSON) -> Notice:
    return replace(plain, topic=Topic.REFUND, refund=file.read_refund(subject))


def _read_dispute(plain: Notice, subject: JSON) -> Notice:
    due = file.read_moment(subject["due"])
    return replace(plain, topic=Topic.DISPUTE, dispute=file.read_dispute(subject), dispute_due=due)


_READINGS: dict[str, Callable[[Notice, JSON], Notice]] = {
    "checkout.processing": partial(_read_checkout, Topic.PROCESSING),
    "checkout.paid": partial(_read_checkout, Topic.PAID),
    "checkout.failed": partial(_read_checkout, Topic.FAILED),
    "checkout.expired": partial(_read_checkout, Topic.EXPIRED),
    "card.charged": _read_card,
    "refund.sent": _read_refund,
    "refund.returned": _read_refund,
    "dispute.open": _read_dispute,
    "dispute.won": _read_dispute,
    "dispute.lost": _read_dispute,
}
