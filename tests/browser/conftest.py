"""One real site for all browser tests, and visitors with a Chromium that tells on the pages it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.money import Money
from campaigns.storage import campaigns
from campaigns.storage.campaigns import NewCampaign
from campaigns.storage.database import Database
from tests.browser import chromium
from tests.browser.visitors import Visitor, visitor
from tests.served import HOST, Served

WEEK = timedelta(days=7)
TEXTS = {
    "pl": ("Druk broszur", "Na papier i farbę.", "## Po co\n\nBroszury rozdajemy *za darmo*."),
    "en": ("Printing brochures", "For paper and ink.", "## What for\n\nWe give the brochures away *for free*."),
}

Open = Callable[..., Visitor]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server and its jobs, behind a proxy as far as they know: so each visitor has an address of its own."""
    served = Served(tmp_path_factory.mktemp("browser"), {"TRUSTED_PROXIES": HOST})
    try:
        served.prepare()
        add_campaigns(served.database_url)
        served.serve()
        served.work(every=1)
        yield served
    finally:
        served.stop()


# Not for the session: while Playwright runs, no other test of this thread could run a loop of asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, site: Served) -> Iterator[Open]:
    """Lets visitors in; at the end, none of them may have had trouble, a cookie, or contact with another host."""
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def open_(**wishes: Any) -> Visitor:
            came = stack.enter_context(visitor(browser, site, **wishes))
            visitors.append(came)
            return came

        yield open_
        assert [came.trouble() for came in visitors] == [[] for _ in visitors]


def add_campaigns(database_url: str) -> None:
    """Besides the demo's: one that is over, one to come, one without a goal whose figures are guarded."""
    now = datetime.now(UTC)
    database = Database(database_url)
    with database.transaction() as connection:
        for slug, goal, figures, opens, closes in (
            ("closed", 5000, Figures.LIVE, now - 2 * WEEK, now - WEEK),
            ("upcoming", 5000, Figures.LIVE, now + WEEK, None),
            ("goalless", None, Figures.GUARDED, now - WEEK, now + WEEK),
        ):
            wanted = Money.of(goal, "PLN") if goal else None
            least, most = Money.of(5, "PLN"), Money.of(10000, "PLN")
            new = NewCampaign(slug, Kind.FUND, "PLN", wanted, least, most, figures, TEXTS, True, opens, closes, 9)
            campaigns.create(connection, new)
    database.close()
