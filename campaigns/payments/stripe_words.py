"""Stripe's words in ours: which event, status and object means what.

What cannot be said in our words (a currency that is not enabled, a status that we do not know) keeps its topic but has
no amount, refund or dispute: it fits no move, so it waits for a human. Who paid is never read, only the country that
issued a card. A notice of another API version is read all the same: what is read here has not changed its shape for
years, and a deaf site would lose money; a replay fetches the object in the pinned version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from campaigns.domain.money import EXPONENTS, Money
from campaigns.domain.payment import Dispute, DisputeState, Refund, RefundState
from campaigns.payments.gateway import BadNotice, Notice, Topic

JSON = Mapping[str, Any]
# Takes a notice that says nothing yet and the object that it is about; gives what it means.
Translation = Callable[[Notice, JSON], Notice]

_PAYMENT_STATUSES = {"paid": Topic.PAID, "unpaid": Topic.PROCESSING}
_INTENT_STATUSES = {"succeeded": Topic.PAID, "processing": Topic.PROCESSING, "canceled": Topic.FAILED}
# A completed checkout whose payment is in one of these gets no money any more.
_GIVEN_UP = ("requires_payment_method", "canceled")
_REFUND_STATUSES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
# All others are open. An inquiry that ended without a claim, or a claim that was prevented, took nothing.
_CLOSED_DISPUTES = {
    "won": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}


def notice_of(event: object, *, livemode: bool) -> Notice:
    """What a verified event means; BadNotice if it is no event, or one of the other mode."""
    if not isinstance(event, dict) or not isinstance(event.get("id"), str):
        raise BadNotice("not an event")
    if event.get("livemode") is not livemode:
        raise BadNotice("of the other mode: test notices are not for live sites, nor live ones for test sites")
    data = event.get("data")
    subject = data.get("object") if isinstance(data, dict) else None
    if not isinstance(subject, dict):
        subject = event.get("related_object") or {}  # events of Stripe's second kind name it, and no more
    kind = str(event.get("type"))
    plain = Notice(event["id"], kind, Topic.OTHER, str(subject.get("id", event["id"])))
    translation = EVENTS.get(kind)
    return translation(plain, subject) if translation else plain


def _checkout(topic: Topic, plain: Notice, session: JSON) -> Notice:
    return replace(
        plain,
        topic=topic,
        payment_id=_id(session.get("payment_intent")),
        reference=session.get("client_reference_id"),
        amount=_money(session.get("amount_total"), session.get("currency")),
    )


def _completed(plain: Notice, session: JSON) -> Notice:
    topic = _PAYMENT_STATUSES.get(session.get("payment_status", ""), Topic.OTHER)
    return _checkout(topic, plain, session)


def _card(plain: Notice, charge: JSON) -> Notice:
    details = charge.get("payment_method_details") or {}
    country = (details.get("card") or {}).get("country")
    payment_id = _id(charge.get("payment_intent"))
    if not (charge.get("paid") and country and payment_id):
        return plain
    return replace(plain, topic=Topic.CARD, payment_id=payment_id, card_country=country)


def _refund(plain: Notice, told: JSON) -> Notice:
    return replace(
        plain,
        topic=Topic.REFUND,
        payment_id=_id(told.get("payment_intent")),
        refund=refund_of(told),
    )


def refund_of(told: JSON) -> Refund | None:
    """A refund object in our words; None where we have none for it."""
    amount = _money(told.get("amount"), told.get("currency"))
    state = _REFUND_STATUSES.get(told.get("status") or "")
    return Refund(told["id"], amount, state) if amount and state else None


def _dispute(plain: Notice, told: JSON, *, withdrawn: bool = False, reinstated: bool = False) -> Notice:
    """The money has moved if the event says so, or if the dispute lists the movement."""
    movements = [line.get("amount", 0) for line in told.get("balance_transactions") or ()]
    amount = _money(told.get("amount"), told.get("currency"))
    dispute = amount and Dispute(
        told["id"],
        amount,
        _CLOSED_DISPUTES.get(told.get("status", ""), DisputeState.OPEN),
        withdrawn=withdrawn or any(movement < 0 for movement in movements),
        reinstated=reinstated or any(movement > 0 for movement in movements),
    )
    due = (told.get("evidence_details") or {}).get("due_by")
    return replace(
        plain,
        topic=Topic.DISPUTE,
        payment_id=_id(told.get("payment_intent")),
        dispute=dispute or None,
        dispute_due=datetime.fromtimestamp(due, UTC) if due else None,
    )


# The one table of what we listen to. Any other event is kept as OTHER.
EVENTS: dict[str, Translation] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": partial(_checkout, Topic.PAID),
    "checkout.session.async_payment_failed": partial(_checkout, Topic.FAILED),
    "checkout.session.expired": partial(_checkout, Topic.EXPIRED),
    "charge.succeeded": _card,
    "charge.updated": _card,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": partial(_dispute, withdrawn=True),
    "charge.dispute.funds_reinstated": partial(_dispute, withdrawn=True, reinstated=True),
}


def checkout_now(session: JSON) -> tuple[Notice, ...]:
    """What a fetched checkout (its payment expanded) says now; nothing while nobody has finished paying it."""
    status, payment_status = session["status"], session["payment_status"]
    intent = session.get("payment_intent")
    intent_status = intent["status"] if isinstance(intent, dict) else None
    plain = _fetched(session, status, payment_status, intent_status)
    if status == "expired":
        return (_checkout(Topic.EXPIRED, plain, session),)
    if status != "complete":
        return ()
    if payment_status == "unpaid" and intent_status in _GIVEN_UP:
        return (_checkout(Topic.FAILED, plain, session),)
    return (_completed(plain, session),)


def payment_now(intent: JSON, refunds: Iterable[JSON], disputes: Iterable[JSON]) -> tuple[Notice, ...]:
    """What a fetched payment (its charge expanded) says now: the money, the card, what went back, what is disputed.

    A payment that waits for the donor says nothing: its checkout knows whether that is over.
    """
    told: list[Notice] = []
    if topic := _INTENT_STATUSES.get(intent["status"]):
        minor = intent["amount_received"] if topic is Topic.PAID else intent["amount"]
        told.append(
            replace(
                _fetched(intent, intent["status"]),
                topic=topic,
                payment_id=intent["id"],
                reference=(intent.get("metadata") or {}).get("reference"),
                amount=_money(minor, intent["currency"]),
            )
        )
    if isinstance(charge := intent.get("latest_charge"), dict):
        told += card_now(charge)
    for refund in refunds:
        told += refund_now(refund)
    for dispute in disputes:
        told += dispute_now(dispute)
    return tuple(told)


def card_now(charge: JSON) -> tuple[Notice, ...]:
    """What a fetched charge says: where its card was issued, if it was a card that paid."""
    notice = _card(_fetched(charge), charge)
    return (notice,) if notice.topic is Topic.CARD else ()


def refund_now(refund: JSON) -> tuple[Notice, ...]:
    """What a fetched refund says now."""
    return (_refund(_fetched(refund, refund["status"]), refund),)


def dispute_now(dispute: JSON) -> tuple[Notice, ...]:
    """What a fetched dispute says now."""
    movements = len(dispute.get("balance_transactions") or ())
    return (_dispute(_fetched(dispute, dispute["status"], movements), dispute),)


def _fetched(thing: JSON, *state: object) -> Notice:
    """Named after the state that it tells: the same state fetched twice is the same notice."""
    event_id = ":".join(("fetched", thing["id"], *(str(word) for word in state)))
    return Notice(event_id, f"fetched.{thing['object']}", Topic.OTHER, thing["id"])


def _money(minor: object, currency: object) -> Money | None:
    """Money, if it is a positive amount of an enabled currency."""
    code = currency.upper() if isinstance(currency, str) else ""
    return Money(minor, code) if type(minor) is int and minor > 0 and code in EXPONENTS else None


def _id(reference: object) -> str | None:
    """The id of an object that Stripe names or, if asked, spells out."""
    if isinstance(reference, dict):
        reference = reference.get("id")
    return reference if isinstance(reference, str) else None
