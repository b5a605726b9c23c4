"""Questions that prove the books: each finds what must not be, and an honest database answers with nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Select, case, func, literal, select

from campaigns.domain.accounts import RAISED
from campaigns.domain.campaign import Figures, Snapshot, Tally
from campaigns.domain.payment import PaymentState
from campaigns.storage.columns import money
from campaigns.storage.models import campaign_totals, campaigns, entries, payments, postings, snapshots

_COUNTED = postings.c.account.in_(sorted(RAISED))
_NOT_RECEIVED = (PaymentState.PENDING, PaymentState.FAILED)


@dataclass(frozen=True, slots=True)
class CampaignProof:
    """A campaign's booked total beside what the ledger and the payments say when they are added up anew."""

    slug: str
    figures: Figures
    booked: Tally
    recounted: Tally
    published: Snapshot | None


def unbalanced_entries(connection: Connection) -> list[int]:
    """Numbers of entries whose postings do not sum to zero, or are not as many as the entry says."""
    sums = select(postings.c.entry_id).group_by(postings.c.entry_id, postings.c.currency)
    sums = sums.having(func.sum(postings.c.amount_minor) != 0)
    lines = func.count(postings.c.entry_id)
    short = (
        select(entries.c.id)
        .outerjoin(postings, postings.c.entry_id == entries.c.id)
        .group_by(entries.c.id, entries.c.lines)
        .having(lines != entries.c.lines)
    )
    return sorted({*connection.scalars(sums), *connection.scalars(short)})


def misstated(connection: Connection) -> list[int]:
    """Numbers of entries that stand under another day, campaign or amount than their postings."""
    inner, mine = postings.c, entries.c
    debits = case((inner.amount_minor > 0, inner.amount_minor), else_=0)
    campaign = case((func.count(inner.campaign_id.distinct()) == 1, func.min(inner.campaign_id)))
    query = (
        select(mine.id)
        .join_from(entries, postings, inner.entry_id == mine.id)
        .group_by(mine.id, mine.day, mine.campaign_id, mine.amount_minor, mine.currency)
        .having(
            (func.min(inner.day) != mine.day)
            | (func.max(inner.day) != mine.day)
            | (func.sum(case((inner.currency == mine.currency, debits), else_=0)) != mine.amount_minor)
            | campaign.is_distinct_from(mine.campaign_id)
        )
    )
    return list(connection.scalars(query.order_by(mine.id)))


def payments_unlike_books(connection: Connection) -> list[int]:
    """Numbers of payments whose counted amount is not what the ledger holds of them."""
    ledger = (
        select(entries.c.payment_id, func.sum(-postings.c.amount_minor).label("net"))
        .join_from(entries, postings, postings.c.entry_id == entries.c.id)
        .where(_COUNTED, entries.c.payment_id.is_not(None))
        .group_by(entries.c.payment_id)
        .subquery()
    )
    query = (
        select(payments.c.id)
        .outerjoin(ledger, ledger.c.payment_id == payments.c.id)
        .where(payments.c.net_minor != func.coalesce(ledger.c.net, 0))
    )
    return list(connection.scalars(query.order_by(payments.c.id)))


def payments_at_odds(connection: Connection) -> list[int]:
    """Numbers of payments whose counted amount does not follow from what came and what went back."""
    left = payments.c.amount_minor - payments.c.refunded_minor - payments.c.withdrawn_minor
    counts = payments.c.campaign_id.is_not(None) & payments.c.state.not_in(_NOT_RECEIVED)
    query = select(payments.c.id).where(payments.c.net_minor != case((counts, left), else_=0))
    return list(connection.scalars(query.order_by(payments.c.id)))


def campaigns_without_total(connection: Connection) -> list[str]:
    """Slugs of campaigns that have no booked total at all."""
    query = select(campaigns.c.slug).outerjoin(campaign_totals).where(campaign_totals.c.campaign_id.is_(None))
    return list(connection.scalars(query.order_by(campaigns.c.slug)))


def campaign_proofs(connection: Connection) -> list[CampaignProof]:
    """Every campaign with its stored figures and the same figures counted anew."""
    raised = _by_campaign(
        select(postings.c.campaign_id, func.sum(-postings.c.amount_minor).label("amount"))
        .where(_COUNTED)
        .group_by(postings.c.campaign_id)
    , connection)  # fmt: skip
    pledged = _by_campaign(
        select(payments.c.campaign_id, func.sum(payments.c.amount_minor).label("amount"))
        .where(payments.c.state == PaymentState.PENDING, payments.c.campaign_id.is_not(None))
        .group_by(payments.c.campaign_id)
    , connection)  # fmt: skip
    supporters = _by_campaign(_supporters(), connection)
    gifts = _by_campaign(_gifts(), connection)
    query = (
        select(campaigns.c.slug, campaigns.c.figures, campaign_totals, snapshots.c.raised_minor.label("shown_raised"),
               snapshots.c.pledged_minor.label("shown_pledged"), snapshots.c.supporters.label("shown_supporters"),
               snapshots.c.gifts.label("shown_gifts"), snapshots.c.as_of)
        .join_from(campaigns, campaign_totals)
        .outerjoin(snapshots, snapshots.c.campaign_id == campaigns.c.id)
        .order_by(campaigns.c.id)
    )  # fmt: skip
    proofs = []
    for row in connection.execute(query):
        key, currency = row.campaign_id, row.currency
        booked = Tally(money(row.raised_minor, currency), money(row.pledged_minor, currency), row.supporters, row.gifts)
        recounted = Tally(
            money(raised.get(key, 0), currency), money(pledged.get(key, 0), currency),
            supporters.get(key, 0), gifts.get(key, 0),
        )  # fmt: skip
        published = None
        if row.as_of is not None:
            published = Snapshot(
                money(row.shown_raised, currency), money(row.shown_pledged, currency),
                row.shown_supporters, row.shown_gifts, row.as_of,
            )  # fmt: skip
        proofs.append(CampaignProof(row.slug, Figures(row.figures), booked, recounted, published))
    return proofs


def _supporters() -> Select[*tuple[object, ...]]:
    """Pledges with money that is still there, by campaign."""
    whole = (
        select(payments.c.campaign_id, payments.c.pledge_id)
        .where(payments.c.campaign_id.is_not(None), payments.c.pledge_id.is_not(None))
        .group_by(payments.c.campaign_id, payments.c.pledge_id)
        .having(func.sum(payments.c.net_minor) > 0)
        .subquery()
    )
    return select(whole.c.campaign_id, func.count().label("amount")).group_by(whole.c.campaign_id)


def _gifts() -> Select[*tuple[object, ...]]:
    """Gifts that ever came, by campaign."""
    came = case((payments.c.state.in_(_NOT_RECEIVED), literal(0)), else_=literal(1))
    return (
        select(payments.c.campaign_id, func.sum(came).label("amount"))
        .where(payments.c.campaign_id.is_not(None))
        .group_by(payments.c.campaign_id)
    )


def _by_campaign(query: Select[*tuple[object, ...]], connection: Connection) -> dict[int, int]:
    return {row.campaign_id: int(row.amount) for row in connection.execute(query)}
