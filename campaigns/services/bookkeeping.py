"""What a treasurer books by hand: gifts that came without a provider, and corrections by reversal."""

from __future__ import annotations

import secrets
from datetime import datetime

from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.campaign import Kind
from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentEvent, Standing
from campaigns.domain.pledge import Method, PledgeState
from campaigns.storage import books, campaigns, figures, payments, pledges
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection, Database
from campaigns.storage.figures import Change

OFFLINE = "offline"


class CannotReverse(Exception):
    """There is no such entry, it is reversed already, or it is not one that is corrected by hand."""


def book_offline_gift(
    database: Database, slug: str, amount: Money, method: Method, language: str, now: datetime
) -> str:
    """Book cash or a transfer; it counts at once. Returns the effect, by which it can be reversed.

    LookupError for an unknown campaign; ValueError for a tax appeal, an online method or an amount in another currency.
    """
    with database.transaction() as connection:
        campaign = campaigns.by_slug(connection, slug)
        if campaign is None:
            raise LookupError(f"no campaign {slug}")
        if campaign.kind is not Kind.FUND or amount.currency != campaign.currency:
            raise ValueError(f"{slug} takes no gifts in {amount.currency}")
        reference = secrets.token_hex(16)
        effect = f"paid:{OFFLINE}:{reference}"
        entry = offline_gift_entry(effect, amount, method, campaign.id)
        pledge_id = _fulfilled(connection, reference, campaign.id, amount, method, language, now)
        standing = Standing.expected(amount).after(PaymentEvent.PAID, amount)
        if standing is None:
            raise AssertionError("a payment that is expected can be paid")
        payment = payments.add(connection, OFFLINE, reference, pledge_id, campaign.id, standing, now)
        books.book(connection, entry, now, Voucher(payment_id=payment.id))
        payments.settle(connection, payment.id, standing, standing.net, None)
        nothing = Money.zero(amount.currency)
        figures.change(connection, campaign.id, Change(amount, nothing, supporters=1, gifts=1))
        return effect


def _fulfilled(
    connection: Connection,
    reference: str,
    campaign_id: int,
    amount: Money,
    method: Method,
    language: str,
    now: datetime,
) -> int:
    new = pledges.NewPledge(
        reference=reference,
        thanks_token=secrets.token_urlsafe(16),
        form_hash=None,
        campaign_id=campaign_id,
        amount=amount,
        method=method,
        language=language,
        gateway=OFFLINE,
        created_at=now,
        expires_at=now,
        state=PledgeState.FULFILLED,
    )
    return pledges.add(connection, new)


def reverse_offline_gift(database: Database, effect: str, now: datetime) -> int:
    """Undo an offline gift that was booked by mistake, by an entry of its own; returns its number."""
    with database.transaction() as connection:
        found = books.entry_by_effect(connection, effect)
        if found is None or found[1] is None or not effect.startswith(f"paid:{OFFLINE}:"):
            raise CannotReverse(effect)
        entry_id, payment_id, entry = found
        reversal = entry.reversed()
        if books.entry_by_effect(connection, reversal.effect):
            raise CannotReverse(effect)
        payment = payments.find(connection, OFFLINE, effect.removeprefix(f"paid:{OFFLINE}:"))
        if payment is None or payment.campaign_id is None:
            raise CannotReverse(effect)
        after = payment.standing.after(PaymentEvent.REFUND, payment.standing.net)
        if after is None:
            raise CannotReverse(effect)
        number = books.book(connection, reversal, now, Voucher(payment_id=payment_id, reverses_id=entry_id))
        payments.settle(connection, payment.id, after, after.net, None)
        nothing = Money.zero(payment.net.currency)
        figures.change(connection, payment.campaign_id, Change(after.net - payment.net, nothing, supporters=-1))
        return number
