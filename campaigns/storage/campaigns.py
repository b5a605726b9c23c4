"""Campaigns as they are kept, and as they are shown: one query brings a page all that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select

from campaigns.domain.campaign import Figures, Kind, Snapshot, Tally, Window, is_slug
from campaigns.domain.money import Money
from campaigns.storage.columns import money
from campaigns.storage.models import campaign_texts, campaign_totals, campaigns, snapshots
from campaigns.storage.site import IS_HALTED


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign's own settings."""

    id: int
    slug: str
    kind: Kind
    currency: str
    goal: Money | None
    minimum: Money
    maximum: Money
    figures: Figures
    window: Window
    krs: str | None


@dataclass(frozen=True, slots=True)
class ShownCampaign:
    """A campaign in one language, with what is booked and what was published last. `halted`: the whole site is."""

    campaign: CampaignRow
    language: str
    title: str
    summary: str
    story: str
    booked: Tally
    published: Snapshot | None
    halted: bool


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What it takes to create a campaign; `texts` maps a language to title, summary and story (Markdown)."""

    slug: str
    kind: Kind
    currency: str
    goal: Money | None
    minimum: Money
    maximum: Money
    figures: Figures
    texts: Mapping[str, tuple[str, str, str]]
    published: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    position: int = 0
    krs: str | None = None


_SHOWN = (
    select(
        campaigns,
        campaign_texts.c.language,
        campaign_texts.c.title,
        campaign_texts.c.summary,
        campaign_texts.c.story,
        campaign_totals.c.raised_minor,
        campaign_totals.c.pledged_minor,
        campaign_totals.c.supporters,
        campaign_totals.c.gifts,
        snapshots.c.raised_minor.label("published_raised"),
        snapshots.c.pledged_minor.label("published_pledged"),
        snapshots.c.supporters.label("published_supporters"),
        snapshots.c.gifts.label("published_gifts"),
        snapshots.c.as_of.label("published_as_of"),
        IS_HALTED,
    )
    .join_from(campaigns, campaign_texts)
    .join(campaign_totals, campaign_totals.c.campaign_id == campaigns.c.id)
    .outerjoin(snapshots, snapshots.c.campaign_id == campaigns.c.id)
)

# Every page and widget asks this: built once, since building it costs more than running it.
_ONE_SHOWN = _SHOWN.where(
    campaigns.c.slug == bindparam("wanted_slug"), campaign_texts.c.language == bindparam("wanted_language")
)


def create(connection: Connection, new: NewCampaign) -> int:
    """Create a campaign with its texts and an empty total.

    ValueError for a slug that can be no address; IntegrityError if it is taken.
    """
    if not is_slug(new.slug):
        raise ValueError(f"{new.slug!r} cannot be the address of a campaign")
    row = {
        "slug": new.slug,
        "kind": new.kind,
        "currency": new.currency,
        "goal_minor": new.goal.minor if new.goal else None,
        "min_minor": new.minimum.minor,
        "max_minor": new.maximum.minor,
        "figures": new.figures,
        "published": new.published,
        "opens_at": new.opens_at,
        "closes_at": new.closes_at,
        "position": new.position,
        "krs": new.krs,
    }
    campaign_id: int = connection.execute(insert(campaigns).returning(campaigns.c.id), row).scalar_one()
    texts = [
        {"campaign_id": campaign_id, "language": code, "title": title, "summary": summary, "story": story}
        for code, (title, summary, story) in new.texts.items()
    ]
    connection.execute(insert(campaign_texts), texts)
    connection.execute(
        insert(campaign_totals),
        {"campaign_id": campaign_id, "currency": new.currency, "raised_minor": 0, "pledged_minor": 0,
         "supporters": 0, "gifts": 0},
    )  # fmt: skip
    return campaign_id


def shown(connection: Connection, slug: str, language: str) -> ShownCampaign | None:
    """The campaign under this slug in that language, drafts included; None where there is none."""
    row = connection.execute(_ONE_SHOWN, {"wanted_slug": slug, "wanted_language": language}).one_or_none()
    return _shown(row) if row else None


def all_shown(connection: Connection, language: str) -> list[ShownCampaign]:
    """Every published campaign in that language, in the order that the organisation gave them."""
    query = _SHOWN.where(campaigns.c.published, campaign_texts.c.language == language)
    return [_shown(row) for row in connection.execute(query.order_by(campaigns.c.position, campaigns.c.id))]


def by_slug(connection: Connection, slug: str) -> CampaignRow | None:
    return _one(connection, select(campaigns).where(campaigns.c.slug == slug))


def by_id(connection: Connection, campaign_id: int) -> CampaignRow | None:
    return _one(connection, select(campaigns).where(campaigns.c.id == campaign_id))


@dataclass(frozen=True, slots=True)
class NamedCampaign:
    """A campaign to choose from, by its title."""

    id: int
    slug: str
    title: str
    kind: Kind
    currency: str


def all_named(connection: Connection, language: str) -> list[NamedCampaign]:
    """Every campaign, drafts included, in the order that the organisation gave them; by slug where it has no title."""
    title = func.coalesce(campaign_texts.c.title, campaigns.c.slug)
    in_language = (campaign_texts.c.campaign_id == campaigns.c.id) & (campaign_texts.c.language == language)
    query = (
        select(campaigns.c.id, campaigns.c.slug, title.label("title"), campaigns.c.kind, campaigns.c.currency)
        .outerjoin_from(campaigns, campaign_texts, in_language)
        .order_by(campaigns.c.position, campaigns.c.id)
    )
    rows = connection.execute(query)
    return [NamedCampaign(row.id, row.slug, row.title, Kind(row.kind), row.currency) for row in rows]


def languages_of(connection: Connection, campaign_id: int) -> list[str]:
    """The languages that the campaign has texts in."""
    query = select(campaign_texts.c.language).where(campaign_texts.c.campaign_id == campaign_id)
    return list(connection.scalars(query.order_by(campaign_texts.c.language)))


def _one(connection: Connection, query: Select[*tuple[object, ...]]) -> CampaignRow | None:
    row = connection.execute(query).one_or_none()
    return _campaign(row) if row else None


def _campaign(row: Row[*tuple[object, ...]]) -> CampaignRow:
    return CampaignRow(
        id=row.id,
        slug=row.slug,
        kind=Kind(row.kind),
        currency=row.currency,
        goal=money(row.goal_minor, row.currency) if row.goal_minor is not None else None,
        minimum=money(row.min_minor, row.currency),
        maximum=money(row.max_minor, row.currency),
        figures=Figures(row.figures),
        window=Window(row.published, row.opens_at, row.closes_at),
        krs=row.krs,
    )


def _shown(row: Row[*tuple[object, ...]]) -> ShownCampaign:
    currency = row.currency
    published = None
    if row.published_as_of is not None:
        published = Snapshot(
            money(row.published_raised, currency),
            money(row.published_pledged, currency),
            row.published_supporters,
            row.published_gifts,
            row.published_as_of,
        )
    booked = Tally(money(row.raised_minor, currency), money(row.pledged_minor, currency), row.supporters, row.gifts)
    return ShownCampaign(
        _campaign(row), row.language, row.title, row.summary, row.story, booked, published, bool(row.halted)
    )
