"""How much a page weighs, in bytes as they would go over the wire uncompressed, and how many requests it takes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Open
from tests.browser.visitors import FUND, PHONE, Visitor
from tests.browser.walk import EMBEDDED, SIZES
from tests.served import Served

pytestmark = pytest.mark.browser

PAGE = 40_000
EMBED = 14_000
PICTURE = 4_000


def weighed(visitor: Visitor, path: str) -> list[int]:
    """The bytes of each answer that showing this page takes, the site's icon included."""
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        weights[response.url] = len(response.body())

    visitor.page.on("response", weigh)
    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    for icon in visitor.page.locator('link[rel="icon"]').all():
        address = visitor.site.url + (icon.get_attribute("href") or "")
        weights[address] = len(visitor.site.ask(address.removeprefix(visitor.site.url)).body)
    return list(weights.values())


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("slug", [FUND, "tax-1-5"])
def test_a_campaigns_page_is_light_with_all_that_belongs_to_it(visit: Open, lang: str, slug: str) -> None:
    weights = weighed(visit(lang=lang, size=PHONE), f"/{lang}/{slug}")
    assert len(weights) == 4  # page, looks, script, icon
    assert sum(weights) <= PAGE


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_widget_is_light_and_one_request(visit: Open, lang: str, size: str) -> None:
    for slug in EMBEDDED[:-1]:
        (weight,) = weighed(visit(lang=lang), f"/embed/{slug}?lang={lang}&size={size}")
        assert weight <= EMBED


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_a_picture_is_light(site: Served, lang: str) -> None:
    weights = [len(site.ask(f"/embed/{slug}.svg?lang={lang}").body) for slug in EMBEDDED[:-1]]
    assert min(weights) > 0
    assert max(weights) <= PICTURE
