"""The public figures as JSON: a fixed interface that scripts depend on."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

from campaigns.domain.campaign import Kind, Phase
from campaigns.services.showing import CampaignView

Value = str | int | float | bool | None


def figures_of(view: CampaignView) -> dict[str, Value]:
    """All fields, in the published order. Money is whole minor units; `as_of` is the snapshot's time in UTC.

    A tax appeal takes no payments: its money is null, and it has `krs`, the number that a taxpayer enters.
    """
    is_fund = view.campaign.kind is Kind.FUND
    shown = view.snapshot
    figures: dict[str, Value] = {
        "slug": view.slug,
        "kind": view.campaign.kind.value,
        "currency": view.campaign.currency,
        "goal_minor": view.goal.minor if is_fund and view.goal else None,
        "raised_minor": shown.raised.minor if is_fund else None,
        "pledged_minor": shown.pledged.minor if is_fund else None,
        "supporters": shown.supporters,
        "percent": _tenths(view.progress.percent) if is_fund else None,
        "as_of": f"{shown.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "open": view.phase is Phase.OPEN,
    }
    if not is_fund:
        figures["krs"] = view.campaign.krs
    return figures


def _tenths(percent: Decimal | None) -> float | None:
    """A number with one decimal, as JSON writes it."""
    return None if percent is None else int(percent * 10) / 10
