"""Looking through gifts, alerts and notices, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from campaigns.services.keys import Keys
from campaigns.storage import alerts, gift_list, inbox
from campaigns.storage.alerts import AlertLine
from campaigns.storage.gift_list import GiftFilter, GiftLine
from campaigns.storage.inbox import NoticeLine, NoticeState

ROWS = 50

Line = TypeVar("Line", GiftLine, NoticeLine)


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some lines, the newest first; `next` is the number below which the following page begins, None on the last."""

    lines: list[Line]
    next: int | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class GiftPage:
    """Gifts, and the campaigns (slug, title) that one may choose from."""

    gifts: Page[GiftLine]
    campaigns: list[tuple[str, str]]


def gifts(keys: Keys, wanted: GiftFilter, language: str, before: int | None) -> GiftPage:
    """Gifts that meet the filter, from below the number `before` on."""
    with keys.database.reading() as connection:
        lines = gift_list.newest(connection, wanted, language, before, ROWS + 1)
        return GiftPage(_page(lines, before), gift_list.campaign_choices(connection, language))


def notices(keys: Keys, state: NoticeState | None, before: int | None) -> Page[NoticeLine]:
    """Notices in this state, or all, from below the number `before` on."""
    with keys.database.reading() as connection:
        return _page(inbox.newest(connection, state, before, ROWS + 1), before)


def open_alerts(keys: Keys) -> list[AlertLine]:
    """Everything that nobody has dealt with: disputes by their deadline first."""
    with keys.database.reading() as connection:
        return alerts.lines(connection)


def _page(lines: list[Line], before: int | None) -> Page[Line]:
    shown = lines[:ROWS]
    return Page(shown, shown[-1].id if len(lines) > ROWS else None, is_first=before is None)
