"""Everybody can use every page: axe finds nothing, nothing scrolls sideways, a keyboard is enough, motion can stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, product
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser import axe, walk
from tests.browser.conftest import Open
from tests.browser.visitors import DESKTOP, FUND, PHONE

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NARROW = 320
MOVING = """() => [...document.querySelectorAll('*')].filter(part => {
    const style = getComputedStyle(part);
    return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0.01;
}).map(part => part.outerHTML.slice(0, 80))"""


def inspected(page: Page, states: Iterable[str]) -> Iterator[str]:
    """What is wrong with each state, in every look of it."""
    for state in states:
        for (width, height), scheme in product((PHONE, DESKTOP), SCHEMES):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            yield from (f"{state}, {width} px, {scheme}: {fault}" for fault in axe.faults(page))
        page.set_viewport_size({"width": NARROW, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            yield f"{state} scrolls sideways"
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_nobody_is_shut_out_of_any_page(visit: Open, lang: str) -> None:
    visitor = visit(lang=lang, motion="reduce")
    assert list(inspected(visitor.page, chain(walk.pages(visitor), walk.embeds(visitor)))) == []


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_nobody_is_shut_out_of_any_state_of_giving(visit: Open, lang: str) -> None:
    visitor = visit(lang=lang, motion="reduce")
    assert list(inspected(visitor.page, walk.giving(visitor))) == []


@pytest.mark.parametrize(
    "fault,rule",
    [
        ("main.style.color = '#999'", "color-contrast"),
        ("main.innerHTML = '<input>'", "label"),
        ("main.innerHTML = '<a href=/x style=font-size:8px>a</a><a href=/y style=font-size:8px>b</a>'", "target-size"),
        ("document.documentElement.lang = 'xx-nonsense'", "html-lang-valid"),
    ],
)
def test_a_planted_fault_is_found(visit: Open, fault: str, rule: str) -> None:
    visitor = visit(lang="en")
    visitor.page.set_content('<!doctype html><html lang="en"><title>t</title><main><p>Words</p></main>')
    assert axe.faults(visitor.page) == []
    visitor.page.evaluate(f"const main = document.querySelector('main'); {fault}")
    assert any(found.startswith(rule) for found in axe.faults(visitor.page))


def test_a_planted_breadth_is_found(visit: Open) -> None:
    visitor = visit(lang="en")
    visitor.page.set_content('<!doctype html><html lang="en"><title>t</title><div style="width:400px">.</div>')
    assert list(inspected(visitor.page, ["planted"])) == ["planted scrolls sideways"]


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_keyboard_alone_gets_to_the_pay_button_and_shows_where_it_is(visit: Open, lang: str) -> None:
    visitor = visit(lang=lang, motion="reduce")
    visitor.go(f"/{lang}/{FUND}")
    tab_to_the_button(visitor.page)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/give")
    tab_to_the_button(visitor.page)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/sandbox/checkout/**")


def tab_to_the_button(page: Page) -> None:
    """Press Tab until the form's button has the focus; every stop on the way can be seen."""
    before = page.screenshot()
    for _ in range(25):
        page.keyboard.press("Tab")
        now = page.screenshot()
        assert now != before, page.evaluate("document.activeElement.outerHTML")
        if page.locator("form.give button:focus").count():
            return
        before = now
    pytest.fail("25 times Tab did not reach the button")


def test_the_bar_moves_only_where_motion_is_welcome(visit: Open) -> None:
    moving = visit(lang="en")
    moving.go(f"/en/{FUND}")
    assert moving.page.evaluate(MOVING)
    still = visit(lang="en", motion="reduce")
    for _ in chain(walk.pages(still), walk.embeds(still)):
        assert still.page.evaluate(MOVING) == []
