"""What a widget says of a campaign: whole sentences and formatted figures, ready to be placed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from markupsafe import Markup, escape

from campaigns.domain.campaign import Kind, Phase
from campaigns.language import Language, language, npgettext, pgettext
from campaigns.services.showing import CampaignView
from campaigns.web.filters import money, percent


@dataclass(frozen=True, slots=True)
class Bar:
    """The progress bar. `raised` and `pledged` are percents of its width; `text` is what a screen reader says."""

    raised: Decimal
    pledged: Decimal
    now: int
    text: str


@dataclass(frozen=True, slots=True)
class Face:
    """A campaign as a widget shows it. What does not apply is empty."""

    title: str
    summary: str
    amounts: Markup  # the raised amount stands in <strong>
    percent: str
    bar: Bar | None
    facts: tuple[str, ...]
    brief: str  # the most telling facts, for a widget of one line
    action: str
    action_label: str
    address: str


def face_of(view: CampaignView, tongue: Language, base_url: str) -> Face:
    """The view, put into words."""
    is_fund = view.campaign.kind is Kind.FUND
    share = view.progress.percent if is_fund else None
    said_share = percent(share) if share is not None else ""
    supporters = _supporters(view, tongue) if is_fund else ""
    note = _note(view, tongue)
    telling = supporters if is_fund and view.phase is Phase.OPEN else note
    title = tongue.prose(view.title)
    action = _action(view)
    label = pgettext("widget", "%(action)s: %(title)s (opens in a new tab)")
    return Face(
        title=title,
        summary=tongue.prose(view.summary),
        amounts=_amounts(view) if is_fund else _krs(view),
        percent=said_share,
        bar=_bar(view, share) if share is not None else None,
        facts=_said(said_share, supporters, _pledged(view) if is_fund else "", note),
        brief=" · ".join(_said(said_share, telling)),
        action=action,
        action_label=label % {"action": action, "title": title},
        address=f"{base_url}/{tongue.code}/{view.slug}",
    )


def _said(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def _amounts(view: CampaignView) -> Markup:
    raised = Markup("<strong>%s</strong>") % money(view.snapshot.raised)
    if view.goal is None:
        return escape(pgettext("widget", "%(raised)s raised")) % {"raised": raised}
    return escape(pgettext("widget", "%(raised)s of %(goal)s")) % {"raised": raised, "goal": money(view.goal)}


def _krs(view: CampaignView) -> Markup:
    """For a tax appeal: the number that a taxpayer enters."""
    number = Markup("<strong>%s</strong>") % (view.campaign.krs or "")
    return escape(pgettext("widget", "KRS %(number)s")) % {"number": number}


def _bar(view: CampaignView, share: Decimal) -> Bar:
    progress = view.progress
    said = pgettext("widget", "%(percent)s: %(raised)s of %(goal)s") % {
        "percent": percent(share),
        "raised": money(view.snapshot.raised),
        "goal": money(view.goal) if view.goal else "",
    }
    return Bar(progress.bar_raised, progress.bar_pledged, int(progress.bar_raised), said)


def _supporters(view: CampaignView, tongue: Language) -> str:
    number = view.snapshot.supporters
    sentence = npgettext("widget", "%(number)s supporter", "%(number)s supporters", number)
    return sentence % {"number": _number(tongue.code, number)}


@lru_cache(maxsize=1024)
def _number(code: str, number: int) -> str:
    return language(code).number(number)


def _pledged(view: CampaignView) -> str:
    """Money on its way, which the bar shows lighter."""
    pledged = view.snapshot.pledged
    return pgettext("widget", "+ %(amount)s on its way") % {"amount": money(pledged)} if pledged else ""


def _note(view: CampaignView, tongue: Language) -> str:
    if view.phase is Phase.CLOSED:
        return pgettext("widget", "This appeal has ended")
    opens_at = view.campaign.window.opens_at
    if view.phase is Phase.UPCOMING and opens_at:
        return pgettext("widget", "Opens on %(date)s") % {"date": tongue.date(opens_at)}
    if view.days_left is not None:
        sentence = npgettext("widget", "%(number)s day left", "%(number)s days left", view.days_left)
        return sentence % {"number": _number(tongue.code, view.days_left)}
    return ""


def _action(view: CampaignView) -> str:
    if view.takes_gifts:
        return pgettext("widget", "Support")
    if view.campaign.kind is Kind.TAX_APPEAL and view.phase is Phase.OPEN:
        return pgettext("widget", "See how")
    return pgettext("widget", "Read more")
