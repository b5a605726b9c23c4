"""The page that a donor comes back to."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.web.page_rules import Page
from tests.web.sites import Site


class Donor:
    """Somebody who has begun to give, and what happens at the provider's page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._checkout = urlsplit(site.visitor.send("/pl/give/confirm", site.second_step()).location).path
        self.gift = site.keys.gateway.bank.gift(self._checkout.rpartition("/")[2])  # type: ignore[attr-defined]  # the sandbox's own
        self.thanks = urlsplit(self.gift.success_url).path

    def chooses(self, outcome: str) -> None:
        assert self._site.visitor.send(self._checkout, {"outcome": outcome}).status_code == 303

    def comes_back(self, query: str = "") -> Page:
        return self._site.visitor.get(self.thanks + query)


@pytest.fixture
def donor(site: Site) -> Donor:
    return Donor(site)


def refreshes(page: Page) -> bool:
    return 'http-equiv="refresh"' in page.html and "data-watch" in page.html


def test_who_has_not_paid_yet_can_go_on(donor: Donor) -> None:
    page = donor.comes_back()
    assert "Czekamy na Twoją płatność" in page.words
    assert any("/sandbox/checkout/" in link.get("href", "") for link in page.every("a"))
    assert refreshes(page)


def test_who_gave_up_reads_that_nothing_was_charged(donor: Donor) -> None:
    page = donor.comes_back("?left=1")
    assert "Nic nie zostało pobrane." in page.text
    assert not refreshes(page)


def test_who_paid_is_thanked(donor: Donor) -> None:
    donor.chooses("pay")
    page = donor.comes_back()
    assert "Dziękujemy" in page.words
    assert "Twoja wpłata dotarła: 50 zł." in page.words
    assert not refreshes(page)


def test_whose_money_is_on_its_way_need_do_nothing(site: Site, donor: Donor) -> None:
    donor.chooses("pay_later")
    assert "Twoja płatność jest w drodze" in donor.comes_back().words
    page = site.visitor.get("/pl/fund")
    assert "W drodze: 50 zł" in page.text


def test_whose_payment_was_declined_can_try_again(donor: Donor) -> None:
    donor.chooses("decline")
    page = donor.comes_back()
    assert "Płatność się nie powiodła" in page.words
    assert "/pl/fund" in [link.get("href") for link in page.every("a")]


def test_the_page_stops_asking_after_a_while(site: Site, donor: Donor) -> None:
    site.clock.turn(timedelta(minutes=16))
    assert not refreshes(donor.comes_back())


def test_an_old_gift_and_an_unknown_one_look_the_same_to_the_byte(site: Site, donor: Donor) -> None:
    donor.chooses("pay")
    site.clock.turn(timedelta(hours=1))
    old = site.visitor.get(donor.thanks, 404)
    unknown = site.visitor.get("/pl/thanks/AAAAAAAAAAAAAAAAAAAAAA", 404)
    assert old.html == unknown.html
    assert "50" not in old.text


def test_the_page_is_kept_and_listed_nowhere(site: Site, donor: Donor) -> None:
    headers = site.visitor.raw("GET", donor.thanks).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_page_speaks_the_language_of_its_address(site: Site, donor: Donor) -> None:
    assert "We are waiting for your payment" in site.visitor.get(donor.thanks.replace("/pl/", "/en/")).words


def test_a_gift_that_is_sent_again_after_it_was_paid_leads_to_its_page(site: Site) -> None:
    form = site.second_step()
    checkout = urlsplit(site.visitor.send("/pl/give/confirm", form).location).path
    assert site.visitor.send(checkout, {"outcome": "pay"}).status_code == 303
    assert "/pl/thanks/" in site.visitor.send("/pl/give/confirm", form).location
