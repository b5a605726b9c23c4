"""What the public is told of a campaign, in each of the places where it is told."""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from campaigns.domain.money import Money
from campaigns.language import language
from campaigns.payments import sandbox_file
from campaigns.payments.sandbox_gift import GiftState
from campaigns.storage.database import Database
from campaigns.storage.sandbox_memory import StoredSandbox
from tests.browser.visitors import FUND, Visitor
from tests.served import Served
from tests.wording import plain

GOAL = 500_000
# How long a page may be kept, and a little more.
A_MOMENT = 1.1


def raised(site: Served) -> int:
    """The public figure, in grosze, as of now."""
    return raised_and_pledged(site)[0]


def raised_and_pledged(site: Served) -> tuple[int, int]:
    """Both public figures, in grosze, as of now."""
    time.sleep(A_MOMENT)
    told = json.loads(site.ask(f"/api/campaigns/{FUND}.json").body)
    return told["raised_minor"], told["pledged_minor"]


def shown(minor: int, lang: str) -> str:
    """The amount as it is written in this language."""
    return plain(language(lang).money(Money(minor, "PLN")))


def agree(visitor: Visitor, minor: int) -> None:
    """Page, bar, widget and picture tell this figure; and the books, added up anew, hold it."""
    visitor.go(f"/{visitor.lang}/{FUND}")
    page = visitor.page
    assert shown(minor, visitor.lang) in plain(page.locator("p.raised").inner_text())
    assert abs(float(page.locator(".bar").get_attribute("aria-valuenow") or "") - 100 * minor / GOAL) < 1
    assert filled(page) == pytest.approx(minor / GOAL, abs=0.02)
    visitor.go(f"/embed/{FUND}?lang={visitor.lang}")
    assert shown(minor, visitor.lang) in plain(page.locator(".amounts").inner_text())
    picture = visitor.site.ask(f"/embed/{FUND}.svg?lang={visitor.lang}").text
    assert shown(minor, visitor.lang) in plain(re.sub("<[^>]+>", "", picture))
    said = visitor.site.flask("books", "check")
    assert (said.returncode, said.stderr) == (0, "")
    assert f"{FUND}: raised {minor // 100}.{minor % 100:02} PLN" in said.stdout


def filled(page: Page) -> float:
    """How much of the bar is filled, once it has stopped moving."""
    before = -1.0
    while (now := width(page, ".bar-raised")) != before:
        before = now
        page.wait_for_timeout(200)
    return now / width(page, ".bar")


def width(page: Page, part: str) -> float:
    """How wide it is on the screen."""
    box = page.locator(part).bounding_box()
    assert box is not None
    return box["width"]


def hurry(site: Served) -> None:
    """Money that is on its way at the sandbox need not wait for its time: the jobs find it due."""
    now = datetime.now(UTC)
    with closing(Database(site.database_url)) as database:
        memory = StoredSandbox(database)
        for gift in map(sandbox_file.read, memory.newest("gift", 20)):
            if gift.state is GiftState.PROCESSING:
                with memory.changing() as shelf:
                    hastened = sandbox_file.written(replace(gift, settles_at=now))
                    shelf.put(gift.checkout_id, "gift", hastened, now)
