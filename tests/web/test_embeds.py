"""The widget and the picture: what they say, their headers, their weight, and what they never do."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from werkzeug.test import TestResponse

from campaigns.config import Settings
from campaigns.domain.campaign import Kind
from campaigns.domain.money import Money
from campaigns.language import LANGUAGES
from tests.gifts import zloty
from tests.web import widgets
from tests.web.sites import KRS, Site

POLICY = re.compile(
    r"default-src 'none'; style-src 'sha256-([A-Za-z0-9+/=]+)'; img-src data:; base-uri 'none'; "
    r"form-action 'none'; frame-ancestors \*"
)
# Whatever could fetch something, run something or carry a style that the policy would refuse.
FOREIGN = re.compile(r"<(script|link|img|iframe|form|object)\b|\b(src|style|on\w+)=|url\(|@import")
SIZES = ("line", "card", "full")
SVG = "{http://www.w3.org/2000/svg}"


def get(site: Site, path: str, status: int = 200) -> TestResponse:
    answer = site.visitor.raw("GET", path)
    assert answer.status_code == status
    return answer


def words(answer: TestResponse) -> str:
    """The text that a reader sees, with plain spaces."""
    document = html5lib.parse(answer.data, namespaceHTMLElements=False)
    body = document.find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("slug", widgets.STATES)
def test_a_widget_is_one_small_valid_document(site: Site, slug: str, lang: str, size: str) -> None:
    widgets.add(site, slug)
    answer = get(site, f"/embed/{slug}?lang={lang}&size={size}&theme=dark")
    html5lib.HTMLParser(strict=True).parse(answer.data)
    assert len(answer.data) <= 14_000
    assert f'<html lang="{lang}" data-theme="dark">' in answer.text
    assert not re.search(
        rb"""<(script|link|img|iframe|form|object)\b|\bsrc=|\bstyle=|\bon\w+=|url\(|@import""", answer.data
    )
    assert re.findall(rb'https?://[^"]*', answer.data) == [f"{site.keys.settings.base_url}/{lang}/{slug}".encode()]


def test_a_widget_says_all_that_there_is_to_say(site: Site) -> None:
    widgets.add(site, "half")
    polish, english = (words(get(site, f"/embed/half?lang={lang}")) for lang in ("pl", "en"))
    assert polish == (
        "Fundusz wyjazdów prawników 2 285,50 zł z 5 000 zł 45,7% 34 osoby wspierają "
        "+ 300 zł w drodze zostały 22 dni Wesprzyj"
    )
    assert english == (
        "Fundusz wyjazdów prawników 2,285.50 zł of 5,000 zł 45.7% 34 supporters "
        "+ 300 zł on its way 22 days left Support"
    )


@pytest.mark.parametrize(
    "slug, said",
    [
        ("nothing", "0 zł z 5 000 zł 0% · 0 osób wspiera"),
        ("little", "20 zł z 5 000 zł 0,4% · 1 osoba wspiera"),
        ("full", "5 000 zł z 5 000 zł 100% · 102 osoby wspierają"),
        ("more", "6 850,99 zł z 5 000 zł 137% · 122 osoby wspierają"),
        ("no-goal", "Zebrano 12 345,67 zł 5 osób wspiera"),
        ("ended", "4 999,99 zł z 5 000 zł 99,9% · Zbiórka zakończona"),
        ("not-yet", "0 zł z 5 000 zł 0% · Rusza 22 grudnia 2026"),
        ("long", "1 234 567,89 zł z 2 000 000 zł 61,7% · 12 345 osób wspiera"),
    ],
)
def test_the_line_tells_the_figures_as_they_are(site: Site, slug: str, said: str) -> None:
    widgets.add(site, slug)
    assert words(get(site, f"/embed/{slug}?size=line")).endswith(said)


@pytest.mark.parametrize("goal", [None, zloty("5000")])
def test_a_tax_appeal_shows_its_krs_and_no_bar_of_donations(site: Site, goal: Money | None) -> None:
    site.add("tax", kind=Kind.TAX_APPEAL, krs=KRS, goal=goal)
    for size in SIZES:
        answer = get(site, f"/embed/tax?size={size}")
        assert f"KRS {KRS}" in words(answer)
        assert "zł" not in answer.text
        assert "progressbar" not in answer.text
        assert "osób" not in answer.text


@pytest.mark.parametrize(
    "slug, now, raised, both",
    [("nothing", 0, 0, 0), ("little", 0, 0.4, 0.4), ("half", 45, 45.7, 51.7), ("more", 100, 100, 100)],
)
def test_the_bar_is_clamped_and_its_text_is_true(site: Site, slug: str, now: int, raised: float, both: float) -> None:
    widgets.add(site, slug)
    document = html5lib.parse(get(site, f"/embed/{slug}?lang=en").data, namespaceHTMLElements=False)
    bar = document.find(".//div[@role='progressbar']")
    assert bar is not None
    assert (bar.get("aria-valuemin"), bar.get("aria-valuemax"), bar.get("aria-valuenow")) == ("0", "100", str(now))
    assert document.find(f".//*[@id='{bar.get('aria-labelledby')}']") is not None
    assert "%: " in bar.get("aria-valuetext", "")
    widths = [rect.get("width", "") for rect in bar.iter() if rect.tag.endswith("rect")]
    assert [float(width.rstrip("%")) for width in widths] == [both, raised]


def test_the_link_opens_the_campaign_and_tells_it_nothing(site: Site) -> None:
    widgets.add(site, "half")
    document = html5lib.parse(get(site, "/embed/half?lang=en").data, namespaceHTMLElements=False)
    (link,) = document.iter("a")
    assert link.get("href") == f"{site.keys.settings.base_url}/en/half"
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener noreferrer")
    assert (link.get("aria-label") or "").startswith(link.text or "?")


def test_titles_cannot_break_out_of_the_widget_or_the_picture(site: Site) -> None:
    title = "</title><script>alert(1)</script>\"&' <b>"
    site.add("evil", texts={"pl": (title, title, title), "en": (title, title, title)})
    for path in ("/embed/evil?size=full", "/embed/evil.svg"):
        assert b"<script" not in get(site, path).data
        assert b"<b>" not in get(site, path).data


# --- headers ---


def test_the_policy_of_a_widget_allows_its_own_style_and_nothing_else(site: Site) -> None:
    answer = get(site, "/embed/fund")
    allowed = POLICY.fullmatch(answer.headers["Content-Security-Policy"])
    style = re.search(rb"<style>(.*)</style>", answer.data, re.DOTALL)
    assert allowed is not None
    assert style is not None
    assert allowed[1] == b64encode(sha256(style[1]).digest()).decode()


def test_every_widget_has_the_same_style_so_that_one_hash_allows_them_all(site: Site) -> None:
    addresses = [f"/embed/fund?lang={lang}&size={size}&theme={theme}"
                 for lang in LANGUAGES for size in SIZES for theme in ("light", "dark", "auto")]  # fmt: skip
    assert len({get(site, path).headers["Content-Security-Policy"] for path in addresses}) == 1


@pytest.mark.parametrize("path", ["/embed/fund", "/embed/fund.svg", "/api/campaigns/fund.json"])
def test_other_sites_may_show_it_and_learn_nothing(site: Site, path: str) -> None:
    headers = get(site, path).headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Robots-Tag"] == "noindex"
    assert "payment=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=5"
    assert headers["ETag"].startswith('"')
    assert not {"X-Frame-Options", "Set-Cookie", "Vary", "Cross-Origin-Embedder-Policy"} & set(headers.keys())


def test_the_picture_is_sealed(site: Site) -> None:
    headers = get(site, "/embed/fund.svg").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert headers["Access-Control-Allow-Origin"] == "*"


# --- the picture ---


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("slug", [*widgets.STATES, "tax"])
def test_a_picture_is_small_and_made_of_plain_shapes(site: Site, slug: str, lang: str) -> None:
    site.add_tax_appeal("tax") if slug == "tax" else widgets.add(site, slug)
    answer = get(site, f"/embed/{slug}.svg?lang={lang}&theme=dark")
    assert len(answer.data) <= 4000
    root = ET.fromstring(answer.data)  # noqa: S314 - our own answer
    shapes = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert shapes <= {"svg", "title", "desc", "rect", "text", "g", "clipPath"}
    assert root.get("font-family") == "sans-serif"
    assert root.find(f"{SVG}title") is not None
    assert all(not name.endswith(("href", "style")) for element in root.iter() for name in element.attrib)


def test_a_picture_tells_its_figures_to_those_who_cannot_see_it(site: Site) -> None:
    widgets.add(site, "half")
    root = ET.fromstring(get(site, "/embed/half.svg?lang=en").data)  # noqa: S314 - our own answer
    told = root.findtext(f"{SVG}desc", "").replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("45.7%: 2,285.50 zł of 5,000 zł. 34 supporters")


def test_a_long_title_ends_in_an_ellipsis(site: Site) -> None:
    widgets.add(site, "word")
    root = ET.fromstring(get(site, "/embed/word.svg").data)  # noqa: S314 - our own answer
    lines = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert lines[0].endswith("…")
    assert len(lines[0]) < 50


# --- what is not there ---


@pytest.mark.parametrize("lang, said", [("pl", "Nie ma takiej zbiórki."), ("en", "There is no such campaign.")])
@pytest.mark.parametrize("form", ["/embed/{}?lang={}", "/embed/{}.svg?lang={}"])
def test_a_draft_and_what_does_not_exist_are_told_with_the_same_bytes(
    site: Site, form: str, lang: str, said: str
) -> None:
    site.add("draft", published=False)
    draft, nothing = (get(site, form.format(slug, lang), 404) for slug in ("draft", "nothing"))
    assert (draft.data, draft.headers.to_wsgi_list()) == (nothing.data, nothing.headers.to_wsgi_list())
    assert said in draft.text.replace("\N{NO-BREAK SPACE}", " ")
    assert (draft.headers["Cache-Control"], len(draft.data) < 6000) == ("no-store", True)


def test_a_frame_says_so_when_the_database_is_gone(site: Site) -> None:
    path = Path(site.keys.database.path or "")
    site.keys.database.close()
    path.rename(path.with_suffix(".away"))
    path.mkdir()
    try:
        for address in ("/embed/fund", "/embed/fund.svg", "/api/campaigns/fund.json"):
            answer = get(site, address, 503)
            assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("30", "no-store")
            assert "X-Frame-Options" not in answer.headers
    finally:
        path.rmdir()
        path.with_suffix(".away").rename(path)


def test_unknown_parameters_and_values_change_nothing(site: Site) -> None:
    plain = get(site, "/embed/fund").data
    for query in (
        "lang=xx",
        "size=huge&theme=pink",
        "utm_source=x",
        "lang=en&lang=pl",
        "lang=en&lang=en",
        "LANG=en",
        "lang=%65n",
    ):
        assert get(site, f"/embed/fund?{query}").data == plain


def test_slugs_do_not_reach_into_other_formats(site: Site) -> None:
    assert get(site, "/embed/fund.svg").mimetype == "image/svg+xml"
    assert get(site, "/embed/fund.png", 404).mimetype == "text/html"
    assert get(site, "/embed/.svg", 404).status_code == 404


def test_the_address_in_a_widget_is_our_own_whatever_the_host_header(site: Site) -> None:
    settings: Settings = site.keys.settings
    host = settings.trusted_hosts[0].upper()
    answer = site.app.test_client().get("/embed/fund", headers={"Host": host})
    assert f'href="{settings.base_url}/pl/fund"' in answer.text
