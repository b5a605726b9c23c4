"""Addresses that are asked for by mistake, by search or by attack, and hosts that are not ours."""

from __future__ import annotations

import pytest

from tests.hardening.houses import FUND, House, spoken, title
from tests.wording import in_language

OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("rest", ["nothing-here", "nothing/here", "thanks/", "%00", "..", OVERRIDE, "x" * 3000])
def test_an_unknown_page_says_so_in_the_language_of_its_address(quiet_house: House, lang: str, rest: str) -> None:
    answer = quiet_house.visit(f"/{lang}/{rest}")
    assert (answer.status_code, spoken(answer.text), title(answer.text)) == (
        404,
        lang,
        in_language(lang, "Page not found"),
    )
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("path", ["/be/", "/PL/", "/xx/legal-travel-fund", "/pl-PL/", "/favicon.ico", "/wp-login.php"])
def test_an_unknown_language_is_an_unknown_page(quiet_house: House, path: str, lang: str) -> None:
    answer = quiet_house.visit(path, Accept_Language=lang)
    assert (answer.status_code, spoken(answer.text), title(answer.text)) == (
        404,
        lang,
        in_language(lang, "Page not found"),
    )


@pytest.mark.parametrize("path", ["/embed/nothing", "/embed/nothing.svg", "/api/campaigns/nothing.json"])
def test_an_unknown_campaign_has_no_widget(quiet_house: House, path: str) -> None:
    answer = quiet_house.visit(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_an_unknown_thank_you_address_is_neutral(quiet_house: House) -> None:
    answer = quiet_house.visit("/en/thanks/" + "x" * 22)
    assert (answer.status_code, title(answer.text)) == (404, "There is nothing here")


@pytest.mark.parametrize(
    "method,path,allowed",
    [
        ("GET", "/webhooks/sandbox", {"POST", "OPTIONS"}),
        ("GET", "/en/give/confirm", {"POST", "OPTIONS"}),
        ("POST", f"/en/{FUND}", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", f"/en/{FUND}", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", f"/api/campaigns/{FUND}.json", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_an_address_does_not_take_is_named(
    quiet_house: House, method: str, path: str, allowed: set[str]
) -> None:
    answer = quiet_house.visit(path, method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "host", ["evil.example", "give.example.org.evil.example", "", "give.example.org:99", "127.0.0.1"]
)
@pytest.mark.parametrize("path", ["/", f"/pl/{FUND}", "/healthz", "/webhooks/sandbox", "/static/campaigns.css"])
def test_an_unknown_host_is_refused_whatever_it_asks_for(quiet_house: House, host: str, path: str) -> None:
    answer = quiet_house.visit(path, Host=host)
    assert (answer.status_code, answer.data) == (400, b"400: unknown host\n")


def test_no_header_makes_another_host_of_us(quiet_house: House) -> None:
    told = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example", "X_Forwarded_Proto": "gopher"}
    answer = quiet_house.visit(f"/en/{FUND}", **told)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
