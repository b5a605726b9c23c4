"""Gifts that do not go straight: later, declined, abandoned, doubled, or looked back at."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from campaigns.storage.database import Database
from campaigns.storage.models import pledges
from tests.browser.conftest import Open
from tests.browser.figures import hurry, raised, raised_and_pledged, shown
from tests.browser.visitors import FUND
from tests.served import Served
from tests.wording import in_language, plain

pytestmark = pytest.mark.browser


def begun(site: Served) -> int:
    """How many gifts were ever begun."""
    with closing(Database(site.database_url)) as database, database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(pledges)) or 0


def test_money_that_comes_later_is_said_to_be_on_its_way_and_then_to_have_come(site: Served, visit: Open) -> None:
    before, on_its_way = raised_and_pledged(site)
    donor = visit(lang="pl")
    donor.choose("100")
    donor.pay_by("p24")
    donor.decide("pay_later")
    assert donor.heading() == in_language("pl", "Your payment is on its way")
    assert raised_and_pledged(site) == (before, on_its_way + 10_000)
    hurry(site)
    expect(donor.page.locator("h1")).to_have_text(in_language("pl", "Thank you"), timeout=15_000)
    assert raised_and_pledged(site) == (before + 10_000, on_its_way)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_who_was_declined_can_try_again(site: Served, visit: Open, javascript: bool) -> None:
    before = raised(site)
    donor = visit(lang="en", javascript=javascript)
    donor.choose("20")
    donor.pay_by("card")
    donor.decide("decline")
    assert donor.heading() == "The payment did not go through"
    donor.page.get_by_role("link", name="Try again").click()
    donor.page.locator('label:has(input[value="20"])').click()
    donor.send()
    donor.pay_by("blik")
    donor.decide("pay")
    assert donor.heading() == "Thank you"
    assert raised(site) == before + 2000


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_who_gave_up_can_go_on_with_the_same_payment(site: Served, visit: Open, javascript: bool) -> None:
    before, gifts = raised(site), begun(site)
    donor = visit(lang="en", javascript=javascript)
    donor.choose("20")
    donor.pay_by("blik")
    donor.page.get_by_role("link", name="Give up and go back").click()
    assert donor.heading() == "You have not paid"
    donor.page.get_by_role("link", name="Go on to the payment").click()
    donor.decide("pay")
    assert donor.heading() == "Thank you"
    assert (raised(site), begun(site)) == (before + 2000, gifts + 1)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_double_click_begins_one_gift(site: Served, visit: Open, javascript: bool) -> None:
    gifts = begun(site)
    donor = visit(lang="en", javascript=javascript)
    donor.choose("20")
    donor.page.locator("form.give button").dblclick()
    donor.page.wait_for_url("**/sandbox/checkout/**")
    assert begun(site) == gifts + 1


def test_who_goes_back_after_paying_is_told_so_and_cannot_pay_twice(site: Served, visit: Open) -> None:
    donor = visit(lang="en")
    donor.choose("20")
    donor.pay_by("blik")
    donor.decide("pay")
    paid = raised(site)
    donor.page.go_back()
    expect(donor.page.get_by_role("status")).to_have_text("Paid")
    assert donor.page.locator('button[value="pay"]').count() == 0
    donor.page.get_by_role("link", name="Return to the organisation’s site").click()
    assert donor.heading() == "Thank you"
    assert raised(site) == paid


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_amount_of_ones_own_is_read_as_it_is_meant(visit: Open, javascript: bool) -> None:
    donor = visit(lang="pl", javascript=javascript)
    donor.choose_own("1 000,50")
    assert shown(100_050, "pl") in plain(donor.page.locator(".sum").inner_text())
    donor.pay_by("blik")
    assert shown(100_050, "pl") in plain(donor.page.locator("main").inner_text())


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_amount_that_can_be_read_in_two_ways_is_asked_about(visit: Open, javascript: bool) -> None:
    donor = visit(lang="pl", javascript=javascript)
    donor.choose_own("1.000")
    alert = plain(donor.page.get_by_role("alert").inner_text())
    assert shown(100, "pl") in alert
    assert shown(100_000, "pl") in alert
    assert donor.page.locator("#own-amount").input_value() == "1.000"
    assert donor.page.locator('input[value="own"]').is_checked()
    donor.page.locator("#own-amount").fill("1000")
    donor.send()
    assert shown(100_000, "pl") in plain(donor.page.locator(".sum").inner_text())


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_card_needs_its_tick(site: Served, visit: Open, javascript: bool) -> None:
    gifts = begun(site)
    donor = visit(lang="en", javascript=javascript)
    donor.choose("50")
    donor.pay_by("card", safe=False)
    assert "Belarus or Russia" in donor.page.get_by_role("alert").inner_text()
    assert donor.page.locator('input[value="card"]').is_checked()
    assert begun(site) == gifts
    donor.pay_by("card")
    assert re.search("/sandbox/checkout/", donor.page.url)


def test_the_campaign_leads_to_its_address_whatever_a_form_did_to_it(visit: Open) -> None:
    donor = visit(lang="pl")
    donor.choose("50")
    donor.page.goto(f"{donor.site.url}/pl/{FUND}/give")
    assert donor.page.url == f"{donor.site.url}/pl/{FUND}"
