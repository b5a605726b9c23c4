"""What a visitor reads on campaign pages."""

from datetime import timedelta

import pytest

from campaigns.domain.campaign import Figures
from tests.web.page_rules import Page, text_of
from tests.web.sites import DAY, KRS, Site


def bar(page: Page) -> tuple[float, str]:
    (found,) = [element for element in page.every() if element.get("role") == "progressbar"]
    return float(found.get("aria-valuenow", "nan")), " ".join(found.get("aria-valuetext", "").split())


def test_a_new_campaign_stands_at_nothing(site: Site) -> None:
    page = site.visitor.get("/pl/fund")
    assert "0 zł z 5 000 zł" in text_of(page.one("main"))
    assert bar(page) == (0, "0%: 0 zł z 5 000 zł")


@pytest.mark.parametrize(
    "given,percent",
    [("20", "0,4%"), ("4999", "99,9%"), ("4999.99", "99,9%"), ("5000", "100%"), ("6875", "137,5%")],
)
def test_the_percentage_is_true_and_rounded_down(site: Site, given: str, percent: str) -> None:
    site.give("fund", given)
    assert percent in site.visitor.get("/pl/fund").words


def test_past_the_goal_the_bar_is_full_and_the_text_goes_on(site: Site) -> None:
    site.give("fund", "6875")
    page = site.visitor.get("/en/fund")
    assert bar(page) == (100, "137.5%: 6,875 zł of 5,000 zł")
    assert "The goal has been reached." in page.text


def test_short_of_the_goal_the_bar_is_not_full(site: Site) -> None:
    site.give("fund", "4999.99")
    widths = {rect.get("class"): rect.get("width") for rect in site.visitor.get("/pl/fund").every("rect")}
    assert widths["bar-raised"] == "99"


@pytest.mark.parametrize(
    "count,sentence",
    [
        (1, "Wpłaciła 1 osoba"),
        (2, "Wpłaciły 2 osoby"),
        (5, "Wpłaciło 5 osób"),
        (12, "Wpłaciło 12 osób"),
        (22, "Wpłaciły 22 osoby"),
    ],
)
def test_supporters_are_counted_as_poles_count(site: Site, count: int, sentence: str) -> None:
    site.give("fund", *["10"] * count)
    assert sentence in site.visitor.get("/pl/fund").words


@pytest.mark.parametrize(
    "days,sentence",
    [(1, "Został 1 dzień"), (2, "Zostały 2 dni"), (5, "Zostało 5 dni"), (12, "Zostało 12 dni"), (22, "Zostały 22 dni")],
)
def test_days_are_counted_as_poles_count(site: Site, days: int, sentence: str) -> None:
    site.add("short", closes_at=site.clock() + days * DAY)
    assert sentence in site.visitor.get("/pl/short").words


def test_a_campaign_without_a_goal_has_an_amount_and_no_bar(site: Site) -> None:
    site.add("open-ended", goal=None)
    site.give("open-ended", "1234.50")
    page = site.visitor.get("/pl/open-ended")
    assert "1 234,50 zł zebrano" in page.text
    assert not [element for element in page.every() if element.get("role") == "progressbar"]


def test_a_closed_campaign_says_so_and_has_no_form(site: Site) -> None:
    site.add("past", opens_at=site.clock() - 9 * DAY, closes_at=site.clock() - 2 * DAY)
    page = site.visitor.get("/pl/past")
    assert "Trwała do 20 listopada 2026" in page.text
    assert not list(page.every("form"))


def test_a_campaign_that_has_not_begun_says_when_it_will(site: Site) -> None:
    site.add("soon", opens_at=site.clock() + 3 * DAY)
    page = site.visitor.get("/en/soon")
    assert "It takes gifts from 25 November 2026." in page.text
    assert not list(page.every("form"))


def test_guarded_figures_say_that_they_are(site: Site) -> None:
    site.add("guarded", figures=Figures.GUARDED)
    site.give("guarded", "50")
    page = site.visitor.get("/pl/guarded")
    assert "Aby chronić darczyńców" in page.text
    assert "50 zł z" not in page.text


def test_live_figures_say_of_when_they_are(site: Site) -> None:
    assert "Stan na 22 listopada 2026, 16:30." in site.visitor.get("/pl/fund").words


def test_a_draft_looks_like_nothing_at_all(site: Site) -> None:
    site.add("draft", published=False)
    assert site.visitor.get("/pl/draft", 404).html == site.visitor.get("/pl/draft", 404).html
    assert "Fundusz" not in site.visitor.get("/pl/draft", 404).text


def test_the_list_shows_every_published_campaign(site: Site) -> None:
    site.add("draft", published=False)
    site.add_tax_appeal("tax")
    page = site.visitor.get("/pl/")
    links = [link.get("href") for heading in page.every("h2") for link in heading]
    assert links == ["/pl/fund", "/pl/tax"]


def test_a_tax_appeal_takes_no_money_and_says_what_to_write(site: Site) -> None:
    site.add_tax_appeal("tax")
    page = site.visitor.get("/pl/tax")
    assert text_of(page.by_id("krs")) == KRS
    assert not list(page.every("form"))
    assert not list(page.every("svg"))
    assert "„Wniosek o przekazanie 1,5% podatku należnego”" in page.text
    assert "Zeznania za 2026 rok: od 15 lutego 2027 do 30 kwietnia 2027." in page.text


def test_a_story_can_do_no_harm(site: Site) -> None:
    story = (
        "# Tytuł\n\n![opis](https://evil.example/x.png) <script>1</script> i w domu\n\n"
        "[zły](javascript:alert(1)) [dobry](https://example.org/) [krótki](//evil.example)"
    )
    site.add("story", texts={"pl": ("Tytuł zbiórki", "Opis.", story)})
    page = site.visitor.get("/pl/story")
    links = {text_of(link): (link.get("href"), link.get("rel")) for link in page.every("a")}
    assert "evil" not in "".join(str(link.get("href")) for link in page.every("a"))
    assert not list(page.every("img"))
    assert links["dobry"] == ("https://example.org/", "noopener noreferrer nofollow")
    assert "i&nbsp;w&nbsp;domu" in page.html
    assert "Tytuł" in [text_of(heading) for heading in page.every("h2")]


def test_the_language_switch_keeps_the_page(site: Site) -> None:
    page = site.visitor.get("/pl/fund")
    (switch,) = [link for link in page.every("a") if link.get("hreflang") == "en"]
    assert switch.get("href") == "/en/fund"
    alternates = {link.get("hreflang"): link.get("href") for link in page.every("link") if link.get("hreflang")}
    base = site.visitor.base_url
    assert alternates == {"pl": f"{base}/pl/fund", "en": f"{base}/en/fund"}


def test_a_whole_campaign_page_is_light(site: Site) -> None:
    page = site.visitor.get("/pl/fund")
    files = [link.get("href", "") for link in page.every("link") if str(link.get("href")).startswith("/static")]
    files += [script.get("src", "") for script in page.every("script")]
    answers = [site.visitor.raw("GET", file) for file in files]
    assert all(answer.headers["Cache-Control"].endswith("immutable") for answer in answers)
    assert len(page.html.encode()) + sum(len(answer.data) for answer in answers) <= 40_000


def test_figures_are_fresh_after_a_second(site: Site) -> None:
    site.visitor.get("/pl/fund")
    site.give("fund", "50")
    site.clock.turn(timedelta(minutes=1))
    site.let_the_edge_forget()
    assert "50 zł z 5 000 zł" in text_of(site.visitor.get("/pl/fund").one("main"))
