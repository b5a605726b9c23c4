"""Bringing the books up to the facts of one payment: entries, its standing, its pledge, its campaign's total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.domain.bookkeeping import entry_for
from campaigns.domain.money import Money
from campaigns.domain.payment import Effect, Facts, PaymentEvent, PaymentState, Settlement, Standing, settle
from campaigns.domain.pledge import Pledge, PledgeEvent, move
from campaigns.storage import alerts, books, donors, figures, inbox, payments, pledges, tray
from campaigns.storage.alerts import AlertKind
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection
from campaigns.storage.figures import Change
from campaigns.storage.payments import PaymentRow

UNFIT = "it fits no move of the payment, or more would leave than came"

# Providers know their fee a little later than the gift.
FEE_KNOWN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says of the payment itself. Refunds and disputes are kept as facts before it is posted."""

    paid: bool = False
    failed: bool = False
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What was booked, and what a human should see.

    `refused`: the payment itself was told as paid and cannot be booked. `unfit`: some refund or dispute of it fits no
    move. `misfits`: event ids of earlier notices that are known only now not to fit. `unassigned`: money came that no
    campaign is known for. `disputes`: the ids of all disputes of the payment.
    """

    effects: tuple[Effect, ...]
    refused: bool
    unfit: bool
    misfits: tuple[str, ...]
    unassigned: bool
    disputes: tuple[str, ...]


def post(
    connection: Connection,
    gateway: str,
    payment_id: str,
    told: Told,
    pledge: Pledge | None,
    notice_id: int | None,
    now: datetime,
) -> Posted | None:
    """Book everything that the facts call for and that is not booked yet; None if the payment is not known.

    The caller holds the lock on the payment, and on the pledge if a notice names one. A payment becomes known when its
    amount is told.
    """
    payment = payments.find(connection, gateway, payment_id)
    is_new = payment is None
    if payment is None:
        if told.amount is None:
            return None
        payment = _first_seen(connection, gateway, payment_id, told.amount, pledge, now)
    facts = _facts(connection, payment, told)
    booked = frozenset[str]() if is_new else books.effects_of_payment(connection, payment.id)
    result = settle(payment.standing, facts, booked)
    for effect in result.effects:
        voucher = Voucher(gateway=gateway, payment_id=payment.id, notice_id=notice_id)
        books.book(connection, entry_for(effect, gateway, payment.campaign_id), now, voucher)
    came = any(effect.event is PaymentEvent.PAID for effect in result.effects)
    _move_on(connection, payment, _pledge_of(connection, payment, pledge), result.standing, is_new, came, now)
    return Posted(
        result.effects,
        refused=told.paid and not result.standing.is_received,
        unfit=result.unfit,
        misfits=_answer_earlier(connection, gateway, facts, result, now) if result.standing.is_received else (),
        unassigned=came and payment.campaign_id is None,
        disputes=tuple(dispute.id for dispute in facts.disputes),
    )


def _facts(connection: Connection, payment: PaymentRow, told: Told) -> Facts:
    """All that is known of the payment by now. What was received once is not told away."""
    before = payment.standing
    return Facts(
        key=f"{payment.gateway}:{payment.object_id}",
        amount=before.amount if before.is_received or told.amount is None else told.amount,
        paid=told.paid or before.is_received,
        failed=told.failed,
        refunds=payments.refunds_of(connection, payment.gateway, payment.object_id),
        disputes=payments.disputes_of(connection, payment.gateway, payment.object_id),
    )


def _answer_earlier(
    connection: Connection, gateway: str, facts: Facts, result: Settlement, now: datetime
) -> tuple[str, ...]:
    """Earlier notices about refunds and disputes that waited, or did not fit, do so by now, or still do not."""
    about = [refund.id for refund in facts.refunds] + [dispute.id for dispute in facts.disputes]
    if not about:
        return ()
    if result.unfit:
        return tuple(inbox.give_up(connection, gateway, about, UNFIT))
    alerts.resolve(connection, AlertKind.UNFIT_NOTICE, gateway, inbox.release(connection, gateway, about), now)
    return ()


def _first_seen(
    connection: Connection, gateway: str, object_id: str, amount: Money, pledge: Pledge | None, now: datetime
) -> PaymentRow:
    campaign_id = None
    if pledge is not None:
        # Money in another currency than the promise cannot be counted: a treasurer assigns it.
        campaign_id = pledge.campaign_id if pledge.amount.currency == amount.currency else None
    pledge_id = pledge.id if pledge else None
    return payments.add(connection, gateway, object_id, pledge_id, campaign_id, Standing.expected(amount), now)


def _pledge_of(connection: Connection, payment: PaymentRow, named: Pledge | None) -> Pledge | None:
    """The payment's pledge, which the notice has often named and brought along."""
    if payment.pledge_id is None:
        return None
    if named is not None and named.id == payment.pledge_id:
        return named
    return pledges.must_be(connection, payment.pledge_id)


def _move_on(
    connection: Connection,
    payment: PaymentRow,
    pledge: Pledge | None,
    after: Standing,
    is_new: bool,
    came: bool,
    now: datetime,
) -> None:
    """Write the new standing, move the pledge, put its receipt into the tray, and last move the campaign's total."""
    nothing = Money.zero(after.amount.currency)
    net = after.net if payment.campaign_id is not None else nothing
    payments.settle(connection, payment.id, after, net, now + FEE_KNOWN_AFTER if came else None)
    supporters = 0
    if pledge is not None:
        _move_pledge(connection, pledge, payment.standing.state, after.state, is_new, now)
        if came:
            _receipt(connection, pledge, now)
        others = payments.others_of_pledge(
            connection, pledge.id, payment.id, payment.campaign_id, after.amount.currency
        )
        supporters = int(others + net > nothing) - int(others + payment.net > nothing)
    if payment.campaign_id is not None:
        pledged_before = nothing if is_new else payment.standing.pledged
        change = Change(net - payment.net, after.pledged - pledged_before, supporters, gifts=int(came))
        if change:
            figures.change(connection, payment.campaign_id, change)


def _move_pledge(
    connection: Connection, pledge: Pledge, before: PaymentState, after: PaymentState, is_new: bool, now: datetime
) -> None:
    if before is after and not is_new:
        return
    match after:
        case PaymentState.PENDING:
            event = PledgeEvent.PROCESSING
        case PaymentState.FAILED:
            event = PledgeEvent.FAILED
        case _:
            event = PledgeEvent.PAID
    state = move(pledge.state, event)
    if state is not None and state is not pledge.state:
        pledges.set_state(connection, pledge.id, state, now)


def _receipt(connection: Connection, pledge: Pledge, now: datetime) -> None:
    if donors.has_email(connection, pledge.id):
        key = f"receipt:{pledge.reference}"
        tray.put(connection, tray.LetterKind.RECEIPT, key, pledge.language, now, pledge.id)
