"""Every page that can be had, in both languages, goes through the strict client."""

import pytest

from campaigns.language import LANGUAGES
from tests.web.page_rules import text_of
from tests.web.sites import DAY, Site

# Names, numbers and the tax return's own words are the same in every language.
SAME_EVERYWHERE = {"Fundacja Przykład", "Polski", "English", "KRS", "0000123456", "KRS 0000123456", "post@example.org"}
INFORMATION = ("how-we-count", "privacy", "contact", "accessibility")
CAMPAIGNS = ("fund", "goalless", "past", "soon", "tax")


@pytest.fixture
def full_site(site: Site) -> Site:
    """A site with a campaign of each kind."""
    site.add("goalless", goal=None)
    site.add("past", opens_at=site.clock() - 9 * DAY, closes_at=site.clock() - DAY)
    site.add("soon", opens_at=site.clock() + DAY)
    site.add_tax_appeal("tax")
    site.give("fund", "100")
    return site


def test_every_address_of_the_donors_room_is_walked_here(site: Site) -> None:
    rules = {rule.rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("donor.")}
    assert rules == {
        "/",
        "/<lang:lang>/",
        "/<lang:lang>/<slug>",
        "/<lang:lang>/<slug>/give",
        "/<lang:lang>/give/confirm",
        "/<lang:lang>/thanks/<token>",
        *(f"/<lang:lang>/{name}" for name in INFORMATION),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_in_its_language(full_site: Site, lang: str) -> None:
    for name in ("", *INFORMATION, *CAMPAIGNS):
        page = full_site.visitor.get(f"/{lang}/{name}")
        assert page.lang == lang
        (canonical,) = [link for link in page.every("link") if link.get("rel") == "canonical"]
        assert canonical.get("href") == f"{full_site.visitor.base_url}/{lang}/{name}"


def test_nothing_is_left_untranslated(full_site: Site) -> None:
    for name in ("", *INFORMATION, *CAMPAIGNS, "fund/give"):
        pages = [
            full_site.visitor.post(f"/{lang}/{name}", {"amount": "50"})
            if name.endswith("/give")
            else full_site.visitor.get(f"/{lang}/{name}")
            for lang in LANGUAGES
        ]
        polish, english = (set(page.words) for page in pages)
        same = {words for words in polish & english if any(letter.isalpha() for letter in words)}
        assert not {words for words in same - SAME_EVERYWHERE if words not in NAMES}, name


NAMES = {"BLIK", "Przelewy24", "20 zł", "50 zł", "100 zł", "200 zł", "0 zł", "Wniosek"}


@pytest.mark.parametrize(
    "asked,lang",
    [
        ("pl", "pl"),
        ("en-GB,en;q=0.9,pl;q=0.8", "en"),
        ("pl;q=0.9,en;q=0.8", "pl"),
        ("be,ru;q=0.9", "en"),
        ("", "pl"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(site: Site, asked: str, lang: str) -> None:
    answer = site.visitor.raw("GET", "/", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.location) == (302, f"/{lang}/")
    assert answer.headers["Vary"] == "Accept-Language"


def test_the_front_door_names_both_languages(site: Site) -> None:
    page = site.visitor.get("/", 302)
    assert [text_of(link) for link in page.one("ul")[0:2]] == ["Polski", "English"]


def test_no_page_says_more_than_it_should_to_those_who_follow_links(full_site: Site) -> None:
    for name in CAMPAIGNS:
        page = full_site.visitor.get(f"/pl/{name}")
        for link in page.every("a"):
            href = link.get("href", "")
            assert href.startswith(("/", "#", "mailto:", "https://pl.wikipedia.org/")), href


def test_quick_exit_is_on_giving_pages_and_works_as_a_plain_link(site: Site) -> None:
    for page in (site.visitor.get("/en/fund"), site.visitor.post("/en/fund/give", {"amount": "50"})):
        (leave,) = [link for link in page.every("a") if link.get("data-exit") is not None]
        assert leave.get("href") == "https://en.wikipedia.org/"
        assert "It cannot delete this page from the history of your browser." in page.text
