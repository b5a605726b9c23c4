"""Gifts that came without a provider: a pledge that is fulfilled, a payment that is paid, and their entry."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.by_hand import offline_method
from campaigns.domain.campaign import Kind
from campaigns.domain.ledger import Entry
from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentEvent, Standing
from campaigns.domain.pledge import Method, PledgeState
from campaigns.storage import books, campaigns, figures, payments, pledges
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection, Database
from campaigns.storage.figures import Change
from campaigns.storage.payments import PaymentRow
from campaigns.storage.pledges import NewPledge

OFFLINE = "offline"
_EFFECT = f"paid:{OFFLINE}:"


def gift_effect(reference: str) -> str:
    """The effect of an offline gift, by what tells it from all others (32 hex digits)."""
    return _EFFECT + reference


def book_offline_gift(
    database: Database, slug: str, amount: Money, method: Method, language: str, now: datetime
) -> str:
    """Book cash or a transfer; it counts at once. Returns the entry's effect.

    LookupError for an unknown campaign; ValueError for a tax appeal, an online method or an amount in another currency.
    """
    with database.transaction() as connection:
        campaign = campaigns.by_slug(connection, slug)
        if campaign is None:
            raise LookupError(f"no campaign {slug}")
        if campaign.kind is not Kind.FUND or amount.currency != campaign.currency:
            raise ValueError(f"{slug} takes no gifts in {amount.currency}")
        entry = offline_gift_entry(gift_effect(secrets.token_hex(16)), amount, method, campaign.id)
        (payment_id,) = keep_gifts(connection, [entry], language, now)
        books.book(connection, entry, now, Voucher(payment_id=payment_id))
        figures.change(connection, campaign.id, gift_change(entry))
        return entry.effect


def keep_gifts(connection: Connection, entries: Sequence[Entry], language: str, now: datetime) -> list[int]:
    """Keep the pledge and the payment of each offline gift; returns the payments' numbers in the same order.

    The caller books the entries, and changes the campaign's total last in the transaction.
    """
    pledge_ids = pledges.add_all(connection, [_fulfilled(entry, language, now) for entry in entries])
    received = [_received(entry, number) for entry, number in zip(entries, pledge_ids, strict=True)]
    return payments.add_all(connection, received, now)


def gift_change(entry: Entry) -> Change:
    """By how much an offline gift changes its campaign's total."""
    return Change(entry.amount, Money.zero(entry.amount.currency), supporters=1, gifts=1)


def _received(entry: Entry, pledge_id: int) -> PaymentRow:
    amount = entry.amount
    standing = Standing.expected(amount).after(PaymentEvent.PAID, amount)
    if standing is None:
        raise AssertionError("a payment that is expected can be paid")
    return PaymentRow(0, OFFLINE, _reference(entry), pledge_id, entry.campaign_id, standing, amount)


def _fulfilled(entry: Entry, language: str, now: datetime) -> NewPledge:
    if entry.campaign_id is None:
        raise ValueError("a gift is for a campaign")
    return NewPledge(
        reference=_reference(entry),
        thanks_token=secrets.token_urlsafe(16),
        form_hash=None,
        campaign_id=entry.campaign_id,
        amount=entry.amount,
        method=offline_method(entry.postings[0].account),
        language=language,
        gateway=OFFLINE,
        created_at=now,
        expires_at=now,
        state=PledgeState.FULFILLED,
    )


def _reference(entry: Entry) -> str:
    return entry.effect.removeprefix(_EFFECT)
