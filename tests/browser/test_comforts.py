"""Leaving quickly, another language, figures that renew themselves; and that the watchers of these tests see."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.figures import A_MOMENT, raised, shown
from tests.browser.visitors import DESKTOP, FUND, PHONE, Visitor
from tests.browser.walk import PAGES
from tests.served import Served
from tests.wording import plain

pytestmark = pytest.mark.browser

HARMLESS = "pl.wikipedia.org"
SECONDS = 1000


def leaves(visitor: Visitor) -> None:
    """The other site exists, for this visitor; nobody goes there in truth."""
    visitor.leaves_for.add(HARMLESS)
    visitor.context.route(f"https://{HARMLESS}/**", lambda route: route.fulfill(body="<title>Wiki</title>"))


@pytest.mark.parametrize("step", ["campaign", "second step"])
@pytest.mark.parametrize("way", ["link", "escape", "link without script"])
def test_one_can_leave_at_once_and_is_not_led_back(visit: Open, step: str, way: str) -> None:
    visitor = visit(lang="pl", size=PHONE, javascript=way != "link without script")
    leaves(visitor)
    visitor.go("/pl/privacy")
    visitor.go(f"/pl/{FUND}")
    if step == "second step":
        visitor.send()
        visitor.page.wait_for_url("**/give")
    if way == "escape":
        for _ in range(3):
            visitor.page.keyboard.press("Escape")
    else:
        visitor.page.locator("[data-exit]").click()
    visitor.page.wait_for_url(f"https://{HARMLESS}/")
    if step == "campaign" and way != "link without script":
        visitor.page.go_back()
        assert visitor.page.url.endswith("/pl/privacy")


def test_two_escapes_in_a_row_are_not_enough(visit: Open) -> None:
    visitor = visit(lang="pl")
    visitor.go(f"/pl/{FUND}")
    for key in ("Escape", "Escape", "Tab", "Escape", "Escape"):
        visitor.page.keyboard.press(key)
    visitor.page.wait_for_timeout(200)
    assert visitor.page.url.endswith(f"/pl/{FUND}")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_other_language_shows_the_same_page(visit: Open, size: tuple[int, int]) -> None:
    visitor = visit(lang="pl", size=size, javascript=False)
    for page in PAGES[:-2]:
        visitor.go(f"/pl/{page}")
        visitor.page.locator('a[hreflang="en"]').click()
        assert visitor.page.url == f"{visitor.site.url}/en/{page}"
        visitor.page.locator('a[hreflang="pl"]').click()
        assert visitor.page.url == f"{visitor.site.url}/pl/{page}"


def test_the_front_door_leads_to_the_language_of_the_browser(visit: Open) -> None:
    for lang in ("pl", "en"):
        visitor = visit(lang=lang)
        visitor.go("/")
        assert visitor.page.url == f"{visitor.site.url}/{lang}/"


def test_the_figure_renews_itself_while_the_page_is_looked_at(site: Served, visit: Open) -> None:
    before = raised(site)
    visitor = visit(lang="en")
    visitor.page.clock.install()
    visitor.go(f"/en/{FUND}")
    visitor.page.locator('label:has(input[value="own"])').click()
    visitor.page.locator("#own-amount").fill("12")
    figure = visitor.page.locator("p.raised")
    assert shown(before, "en") in plain(figure.inner_text())
    site.give(FUND, "10.1.0.1")
    time.sleep(A_MOMENT)
    for _ in range(2):  # the first time, the browser may take what it has kept, and fetch the page anew for the next
        visitor.page.clock.run_for(11 * SECONDS)
        visitor.page.wait_for_timeout(500)
    expect(figure).to_contain_text(shown(before + 5000, "en").replace(" ", "\N{NO-BREAK SPACE}"))
    assert visitor.page.locator("#own-amount").input_value() == "12"


def test_a_page_that_nobody_looks_at_asks_for_nothing(visit: Open) -> None:
    visitor = visit(lang="en")
    visitor.page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => true})")
    visitor.page.clock.install()
    visitor.go(f"/en/{FUND}")
    visitor.page.clock.run_for(60 * SECONDS)
    visitor.page.wait_for_timeout(200)
    assert len([url for url in visitor.asked if url.endswith(FUND)]) == 1


def test_whatever_would_give_a_visitor_away_is_noticed(visit: Open) -> None:
    visitor = visit(lang="en")
    visitor.go(f"/en/{FUND}")
    visitor.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2:9/x.png'}))")
    visitor.page.evaluate("document.cookie = 'planted=1'")
    visitor.page.wait_for_timeout(200)
    trouble = " ".join(visitor.trouble())
    assert "Content Security Policy" in trouble
    assert "planted" in trouble
    visitor.asked.append("https://fonts.example/font.woff2")
    assert "fonts.example" in " ".join(visitor.trouble())
    visitor.complaints.clear()
    visitor.asked.clear()
    visitor.context.clear_cookies()
