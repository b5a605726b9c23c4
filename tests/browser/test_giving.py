"""A donor gives 50 zł: in Polish and in English, on a phone and at a desk, with JavaScript and without."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.figures import agree, raised
from tests.browser.visitors import DESKTOP, PHONE
from tests.served import Served
from tests.wording import in_language

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang,method", [("pl", "card"), ("en", "blik")])
def test_a_gift_of_50_zloty_moves_every_figure_by_50_zloty(
    site: Served, visit: Open, lang: str, method: str, size: tuple[int, int], javascript: bool
) -> None:
    before = raised(site)
    donor = visit(lang=lang, size=size, javascript=javascript)
    donor.choose("50")
    assert donor.page.locator(".notice.warning").is_visible()
    donor.pay_by(method)
    assert "/sandbox/checkout/" in donor.page.url
    donor.decide("pay")
    assert f"/{lang}/thanks/" in donor.page.url
    assert donor.heading() == in_language(lang, "Thank you")
    assert raised(site) == before + 5000
    agree(donor, before + 5000)
