"""What the public may see of campaigns: every page, widget, picture and feed is made from these views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.campaign import Figures, Kind, Phase, Progress, Snapshot, publish
from campaigns.domain.money import Money
from campaigns.storage import campaigns
from campaigns.storage.campaigns import CampaignRow, ShownCampaign
from campaigns.storage.database import Database


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as the public sees it at one moment, in one language. `story` is Markdown, not yet made safe.

    `halted`: the emergency switch is turned, so no figure is shown and nobody can give.
    """

    campaign: CampaignRow
    language: str
    title: str
    summary: str
    story: str
    phase: Phase
    days_left: int | None
    snapshot: Snapshot
    halted: bool = False

    @property
    def slug(self) -> str:
        return self.campaign.slug

    @property
    def goal(self) -> Money | None:
        return self.campaign.goal

    @property
    def progress(self) -> Progress:
        shown = self.snapshot
        return Progress(shown.raised, shown.pledged, shown.supporters, self.campaign.goal)

    @property
    def takes_gifts(self) -> bool:
        return self.campaign.kind is Kind.FUND and self.phase is Phase.OPEN and not self.halted


def show_campaign(database: Database, slug: str, language: str, now: datetime) -> CampaignView | None:
    """The published campaign under this slug; None for a draft and for what does not exist alike."""
    with database.asking() as connection:
        row = campaigns.shown(connection, slug, language)
    if row is None or not row.campaign.window.published:
        return None
    return _view(row, now)


def show_campaigns(database: Database, language: str, now: datetime) -> list[CampaignView]:
    """All published campaigns, in the organisation's order."""
    with database.asking() as connection:
        rows = campaigns.all_shown(connection, language)
    return [_view(row, now) for row in rows]


def _view(row: ShownCampaign, now: datetime) -> CampaignView:
    if row.campaign.figures is Figures.LIVE:
        snapshot = publish(Figures.LIVE, row.booked, None, now)
    else:  # renewed by a job alone: what a reader's visit could change, a reader could time
        hour = now.replace(minute=0, second=0, microsecond=0)
        snapshot = row.published or publish(Figures.GUARDED, row.booked, None, hour)
    window = row.campaign.window
    return CampaignView(
        row.campaign,
        row.language,
        row.title,
        row.summary,
        row.story,
        window.phase(now),
        window.days_left(now),
        snapshot,
        row.halted,
    )
