"""A provider tells us something: verified, remembered, acted on once, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.pledge import Pledge, PledgeEvent, PledgeState, move
from campaigns.language import DEFAULT
from campaigns.payments.gateway import Notice, Topic
from campaigns.services.keys import Keys
from campaigns.services.posting import UNFIT, Told, post
from campaigns.storage import alerts, inbox, payments, pledges, staff, tray
from campaigns.storage.alerts import AlertKind
from campaigns.storage.database import Connection, lock
from campaigns.storage.inbox import NoticeState

# Cards issued here put their holders in danger: the bank keeps the trace, and a refund does not remove it.
DANGEROUS_COUNTRIES = frozenset({"BY", "RU"})

_OUR_REFERENCE = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a notice; `repeated` means that it had been acted on before."""

    state: NoticeState
    reason: str | None = None
    repeated: bool = False


_DONE = Outcome(NoticeState.DONE)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every handler works with."""

    connection: Connection
    gateway: str
    notice: Notice
    notice_id: int
    now: datetime


def receive(keys: Keys, body: bytes, signature: str | None) -> Outcome:
    """Act on the raw bytes of a notice.

    BadNotice if it is not verified: nothing is written. Any other error rolls everything back, so that the provider
    repeats it. What is verified is never lost: it is booked, or kept in the inbox with a reason.
    """
    now = keys.now()
    return act_on(keys, keys.gateway.read_notice(body, signature, now), now)


def replay(keys: Keys, object_id: str) -> list[Outcome]:
    """Ask the provider for the present state of an object and act on it; harmless where all of it is booked already.

    For notices that were never sent, and for those that waited for a human. GatewayError if it cannot be fetched.
    """
    return [act_on(keys, notice, keys.now()) for notice in keys.gateway.fetch(object_id)]


def act_on(keys: Keys, notice: Notice, now: datetime) -> Outcome:
    """Remember and act on a verified notice, in one transaction."""
    with keys.database.transaction() as connection:
        notice_id = inbox.remember(connection, keys.gateway.name, notice.event_id, notice.kind, notice.object_id, now)
        if notice_id is None:
            return Outcome(NoticeState.DONE, repeated=True)
        desk = _Desk(connection, keys.gateway.name, notice, notice_id, now)
        outcome = _HANDLERS[notice.topic](desk)
        if outcome.state is not NoticeState.DONE:
            inbox.mark(connection, notice_id, outcome.state, outcome.reason or "")
        if outcome.state is NoticeState.UNFIT:
            _alert(desk, AlertKind.UNFIT_NOTICE, notice.event_id)
        return outcome


def _other(_desk: _Desk) -> Outcome:
    return Outcome(NoticeState.IGNORED, "of no consequence to the books")


def _card(desk: _Desk) -> Outcome:
    country = desk.notice.card_country
    if country in DANGEROUS_COUNTRIES and desk.notice.payment_id:
        _alert(desk, AlertKind.CARD_COUNTRY, desk.notice.payment_id, country)
    return _DONE


def _expired(desk: _Desk) -> Outcome:
    pledge = pledges.by_reference(desk.connection, desk.notice.reference or "")
    if pledge is None:
        return Outcome(NoticeState.IGNORED, "no pledge of ours")
    if pledge.state is PledgeState.STARTED and (state := move(pledge.state, PledgeEvent.EXPIRED)):
        pledges.set_state(desk.connection, pledge.id, state, desk.now)
    return _DONE


def _money(desk: _Desk) -> Outcome:
    """Money came, is on its way, or failed to come."""
    notice = desk.notice
    if not _OUR_REFERENCE.fullmatch(notice.reference or ""):
        return Outcome(NoticeState.IGNORED, "carries no reference of ours")
    if notice.payment_id is None or notice.amount is None:
        return Outcome(NoticeState.UNFIT, "ours, but in no currency or form that can be booked")
    lock(desk.connection, f"{desk.gateway}:{notice.payment_id}")
    pledge = pledges.by_reference(desk.connection, notice.reference or "")
    told = Told(paid=notice.topic is Topic.PAID, failed=notice.topic is Topic.FAILED, amount=notice.amount)
    return _post(desk, told, pledge)


def _refund(desk: _Desk) -> Outcome:
    refund, payment_id = desk.notice.refund, desk.notice.payment_id
    if refund is None or payment_id is None:
        return Outcome(NoticeState.UNFIT, "a refund without its payment")
    lock(desk.connection, f"{desk.gateway}:{payment_id}")
    payments.note_refund(desk.connection, desk.gateway, payment_id, refund)
    return _post(desk, Told(), None)


def _dispute(desk: _Desk) -> Outcome:
    dispute, payment_id = desk.notice.dispute, desk.notice.payment_id
    if dispute is None or payment_id is None:
        return Outcome(NoticeState.UNFIT, "a dispute without its payment")
    lock(desk.connection, f"{desk.gateway}:{payment_id}")
    payments.note_dispute(desk.connection, desk.gateway, payment_id, dispute, desk.notice.dispute_due)
    return _post(desk, Told(), None)


def _post(desk: _Desk, told: Told, pledge: Pledge | None) -> Outcome:
    """Book what the facts of the notice's payment call for now."""
    posted = post(desk.connection, desk.gateway, desk.notice.payment_id or "", told, pledge, desk.notice_id, desk.now)
    if posted is None:
        return Outcome(NoticeState.WAITING, "its payment is not known yet")
    if posted.unassigned:
        _alert(desk, AlertKind.UNASSIGNED, desk.notice.payment_id or "")
    for dispute_id in posted.disputes:
        _alert(desk, AlertKind.DISPUTE, dispute_id)
    for event_id in posted.misfits:
        _alert(desk, AlertKind.UNFIT_NOTICE, event_id)
    is_about_payment = desk.notice.refund is None and desk.notice.dispute is None
    if posted.refused if is_about_payment else posted.unfit:
        return Outcome(NoticeState.UNFIT, UNFIT)
    return _DONE


def _alert(desk: _Desk, kind: AlertKind, object_id: str, detail: str | None = None) -> None:
    """Raise an alert and, if it is new, write to every treasurer, or to the organisation where there is none."""
    if not alerts.alert(desk.connection, kind, desk.gateway, object_id, desk.now, detail):
        return
    key = f"alert:{kind}:{desk.gateway}:{object_id}"
    treasurers = staff.treasurers(desk.connection)
    for person in treasurers:
        tray.put(
            desk.connection, tray.LetterKind.ALERT, f"{key}:{person.id}", person.language, desk.now, staff_id=person.id
        )
    if not treasurers:
        tray.put(desk.connection, tray.LetterKind.ALERT, key, DEFAULT, desk.now)


_HANDLERS: dict[Topic, Callable[[_Desk], Outcome]] = {
    Topic.PROCESSING: _money,
    Topic.PAID: _money,
    Topic.FAILED: _money,
    Topic.EXPIRED: _expired,
    Topic.REFUND: _refund,
    Topic.DISPUTE: _dispute,
    Topic.CARD: _card,
    Topic.OTHER: _other,
}
