"""Gifts as a treasurer goes through them: by state, age, campaign and way of paying. Nothing here names a donor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from itertools import islice, product

from sqlalchemy import ColumnElement, Connection, Select, func, select, union_all

from campaigns.domain.accounts import GATEWAYS
from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentState
from campaigns.domain.pledge import Method, PledgeState
from campaigns.storage.columns import money
from campaigns.storage.models import campaign_texts, campaigns, payments, pledges

# Promises of which nothing final is known yet.
UNDECIDED = (PledgeState.STARTED, PledgeState.OPEN)
# So many questions in one: SQLite takes no more than 500.
_AT_ONCE = 100
_LARGEST_NUMBER = 2**63 - 1
# Who keeps payments: with them the index of the provider's ids serves.
_KEEPERS = (*GATEWAYS, "offline")


@dataclass(frozen=True, slots=True)
class GiftFilter:
    """Which gifts. `begun_before` (UTC) means undecided ones only; `named` is a gift's number or a provider's id.

    `campaign` is a slug.
    """

    state: PledgeState | None = None
    begun_before: datetime | None = None
    campaign: str | None = None
    method: Method | None = None
    named: str = ""


@dataclass(frozen=True, slots=True)
class GiftLine:
    """One gift in the list; `payment_state` is that of its newest payment, None before there is one."""

    id: int
    begun_at: datetime
    slug: str
    title: str
    amount: Money
    method: Method
    state: PledgeState
    payment_state: PaymentState | None


def newest(connection: Connection, wanted: GiftFilter, language: str, before: int | None, limit: int) -> list[GiftLine]:
    """Gifts that meet the filter, the newest first, from below the number `before` on."""
    query = (
        select(pledges, campaigns.c.slug, func.coalesce(campaign_texts.c.title, campaigns.c.slug).label("title"))
        .join_from(pledges, campaigns)
        .outerjoin(
            campaign_texts,
            (campaign_texts.c.campaign_id == campaigns.c.id) & (campaign_texts.c.language == language),
        )
        .where(pledges.c.id.in_(_numbers(connection, wanted, before, limit)))
        .order_by(pledges.c.id.desc())
    )
    rows = connection.execute(query).all()
    states = _payment_states(connection, [row.id for row in rows])
    return [
        GiftLine(
            row.id, row.created_at, row.slug, row.title, money(row.amount_minor, row.currency), Method(row.method),
            PledgeState(row.state), states.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def undecided_before(connection: Connection, moment: datetime) -> int:
    """How many promises were begun before that moment and are neither kept nor over."""
    old = (pledges.c.state.in_(UNDECIDED), pledges.c.created_at < moment)
    return connection.scalar(select(func.count()).select_from(pledges).where(*old)) or 0


def campaign_choices(connection: Connection, language: str) -> list[tuple[str, str]]:
    """Slug and title of every campaign, drafts too, in the organisation's order."""
    query = (
        select(campaigns.c.slug, func.coalesce(campaign_texts.c.title, campaigns.c.slug))
        .outerjoin(
            campaign_texts,
            (campaign_texts.c.campaign_id == campaigns.c.id) & (campaign_texts.c.language == language),
        )
        .order_by(campaigns.c.position, campaigns.c.id)
    )
    return [(slug, title) for slug, title in connection.execute(query)]


def _numbers(connection: Connection, wanted: GiftFilter, before: int | None, limit: int) -> list[int]:
    """The numbers of the gifts on a page.

    States, ways of paying and campaigns are few. So the newest of every possible combination are asked for, each with
    a glance at one index, and the newest of those are taken: it takes no longer where what is looked for is rare.
    """
    bounds = _bounds(connection, wanted, before)
    if wanted == GiftFilter(named=wanted.named):
        return list(connection.scalars(_newest_of(bounds, limit)))
    states = [wanted.state] if wanted.state else list(PledgeState)
    if wanted.begun_before is not None:
        states = [state for state in states if state in UNDECIDED]
    found: list[int] = []
    combinations = product(states, [wanted.method] if wanted.method else Method, _homes(connection, wanted))
    while some := list(islice(combinations, _AT_ONCE)):
        each = [
            _newest_of((*bounds, pledges.c.state == state, pledges.c.method == method, pledges.c.campaign_id == home),
                       limit).subquery()
            for state, method, home in some
        ]  # fmt: skip
        found += connection.scalars(union_all(*(select(part.c.id) for part in each)))
    return nlargest(limit, found)


def _bounds(connection: Connection, wanted: GiftFilter, before: int | None) -> tuple[ColumnElement[bool], ...]:
    """What holds for every combination alike."""
    bounds: list[ColumnElement[bool]] = []
    if before is not None:
        bounds.append(pledges.c.id < before)
    if wanted.begun_before is not None:
        bounds.append(pledges.c.created_at < wanted.begun_before)
    if wanted.named:
        bounds.append(pledges.c.id.in_(_named(connection, wanted.named)))
    return tuple(bounds)


def _newest_of(conditions: Sequence[ColumnElement[bool]], limit: int) -> Select[int]:
    return select(pledges.c.id).where(*conditions).order_by(pledges.c.id.desc()).limit(limit)


def _homes(connection: Connection, wanted: GiftFilter) -> list[int]:
    """The numbers of the campaigns that are asked for."""
    query = select(campaigns.c.id)
    if wanted.campaign is not None:
        query = query.where(campaigns.c.slug == wanted.campaign)
    return list(connection.scalars(query))


def _named(connection: Connection, name: str) -> list[int]:
    """Numbers of the gifts that somebody may mean: by its own, by the provider's, or by our reference."""
    found: set[int] = set()
    if name.isascii() and name.isdigit() and int(name) <= _LARGEST_NUMBER:
        found.add(int(name))
    questions: Sequence[Select[int]] = (
        select(pledges.c.id).where(pledges.c.reference == name),
        select(pledges.c.id).where(pledges.c.gateway.in_(_KEEPERS), pledges.c.checkout_id == name),
        select(payments.c.pledge_id).where(
            payments.c.gateway.in_(_KEEPERS), payments.c.object_id == name, payments.c.pledge_id.is_not(None)
        ),
    )
    for question in questions:
        found.update(connection.scalars(question))
    return sorted(found)


def _payment_states(connection: Connection, numbers: Sequence[int]) -> dict[int, PaymentState]:
    """The state of the newest payment of each of these pledges."""
    query = select(payments.c.pledge_id, payments.c.state).where(payments.c.pledge_id.in_(numbers))
    return {row.pledge_id: PaymentState(row.state) for row in connection.execute(query.order_by(payments.c.id))}
