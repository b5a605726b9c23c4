"""What is asked of the books when a gift is corrected to another campaign."""

from __future__ import annotations

import re

from sqlalchemy import Connection, exists, func, select, update

from campaigns.domain.accounts import RAISED
from campaigns.domain.campaign import Kind
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.storage.columns import money
from campaigns.storage.models import campaign_texts, campaigns, entries, payments, postings

_MOVE = re.compile(r"moved:(\d+):")


def standing_entries(connection: Connection, payment_id: int) -> list[tuple[int, Entry]]:
    """Entries of a payment, with their numbers, that change what is raised and are not undone, in order."""
    undoing = entries.alias()
    query = (
        select(entries.c.id, entries.c.kind, entries.c.effect, postings)
        .join_from(entries, postings, postings.c.entry_id == entries.c.id)
        .where(entries.c.payment_id == payment_id, entries.c.kind != EntryKind.REVERSAL)
        .where(~exists().where(undoing.c.reverses_id == entries.c.id))
        .order_by(entries.c.id, postings.c.line)
    )
    found: dict[int, tuple[str, str, list[Posting]]] = {}
    for row in connection.execute(query):
        lines = found.setdefault(row.id, (row.kind, row.effect, []))[2]
        lines.append(Posting(row.account, money(row.amount_minor, row.currency), row.campaign_id))
    return [
        (number, Entry(EntryKind(kind), effect, tuple(lines)))
        for number, (kind, effect, lines) in found.items()
        if any(posting.account in RAISED for posting in lines)
    ]


def moves_of(connection: Connection, payment_id: int) -> int:
    """How often the campaign of this payment has been corrected so far."""
    effects = connection.scalars(select(entries.c.effect).where(entries.c.payment_id == payment_id))
    moves = [int(match[1]) for effect in effects if (match := _MOVE.match(effect))]
    return max(moves) + 1 if moves else 0


def funds(connection: Connection, currency: str, language: str) -> list[tuple[str, str]]:
    """Slug and title of every campaign that takes gifts in this currency, in the organisation's order."""
    query = (
        select(campaigns.c.slug, func.coalesce(campaign_texts.c.title, campaigns.c.slug))
        .outerjoin(
            campaign_texts,
            (campaign_texts.c.campaign_id == campaigns.c.id) & (campaign_texts.c.language == language),
        )
        .where(campaigns.c.kind == Kind.FUND, campaigns.c.currency == currency)
        .order_by(campaigns.c.position, campaigns.c.id)
    )
    return [(slug, title) for slug, title in connection.execute(query)]


def set_campaign(connection: Connection, payment_id: int, campaign_id: int) -> None:
    """From now on the payment counts for this campaign, and so does what is told of it later."""
    connection.execute(update(payments).where(payments.c.id == payment_id).values(campaign_id=campaign_id))
