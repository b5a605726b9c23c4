"""The emergency switch as the public, scripts, donors half-way and staff see it."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import html5lib
import pytest

from campaigns.domain.people import Role
from campaigns.language import LANGUAGES
from campaigns.services import halting
from campaigns.services.jobs import run_jobs
from tests.web.page_rules import text_of
from tests.web.sites import Site, build
from tests.web.staff import Office
from tests.web.staff import office as office

NAME = "Fundacja Przykład"
# A złoty amount, a percent, or the words around them.
FIGURES = re.compile(r"\d\s*(zł|%)|\bz \d|\bof \d|wspiera|supporter|people have")


@pytest.fixture
def halted(site: Site) -> Site:
    """A site with a gift, a tax appeal, and its switch turned."""
    site.give("fund", "1234.56")
    site.add_tax_appeal("tax")
    halting.halt(site.keys, None)
    return site


@pytest.mark.parametrize("slug", ["fund", "tax"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", ["line", "card", "full"])
def test_a_widget_says_the_organisations_name_and_no_more(halted: Site, slug: str, lang: str, size: str) -> None:
    answer = halted.visitor.raw("GET", f"/embed/{slug}?lang={lang}&size={size}")
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.data)
    assert answer.status_code == 200
    assert " ".join(document.find("body").itertext()).split() == NAME.split()
    assert list(document.iter("a")) == []
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"].startswith("public, max-age=1,")


@pytest.mark.parametrize("slug", ["fund", "tax"])
def test_a_picture_is_empty(halted: Site, slug: str) -> None:
    answer = halted.visitor.raw("GET", f"/embed/{slug}.svg?theme=dark")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "<text" not in answer.text
    assert f'<title id="t">{NAME}</title>' in answer.text
    assert not FIGURES.search(answer.text.partition("<desc")[2].partition("</desc>")[0])


def test_a_script_is_told_to_ask_later(halted: Site) -> None:
    answer = halted.visitor.raw("GET", "/api/campaigns/fund.json")
    assert (answer.status_code, json.loads(answer.text)) == (503, {"error": "paused"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["fund", ""])
def test_a_campaigns_page_shows_no_figure_and_no_form(halted: Site, lang: str, path: str) -> None:
    page = halted.visitor.get(f"/{lang}/{path}")
    assert not FIGURES.search(" ".join(text_of(page.one("main")).split()))
    assert list(page.every("form")) == []
    assert {"pl": "Wpłaty są wstrzymane", "en": "Giving is paused"}[lang] in page.text


def test_a_tax_appeals_page_stays_for_no_money_passes_through_us(halted: Site) -> None:
    assert "0000123456" in halted.visitor.get("/pl/tax").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_that_is_open_already_is_answered_with_the_reason(site: Site, lang: str) -> None:
    form = site.second_step(lang=lang) | {"method": "blik"}
    halting.halt(site.keys, None)
    for path, sent in ((f"/{lang}/fund/give", {"amount": "50"}), (f"/{lang}/give/confirm", form)):
        answer = site.visitor.send(path, sent)
        assert int(answer.headers["Retry-After"]) > 0
        page = site.visitor.post(path, sent, 503)
        assert text_of(page.one("h1")) == {"pl": "Wpłaty są wstrzymane", "en": "Giving is paused"}[lang]
    halting.resume(site.keys, None)
    assert site.visitor.send(f"/{lang}/give/confirm", form).status_code == 303


def test_the_edge_shows_the_old_widget_no_longer_than_a_second(site: Site) -> None:
    before = site.visitor.raw("GET", "/embed/fund").text
    halting.halt(site.keys, None)
    site.let_the_edge_forget()
    halted = site.visitor.raw("GET", "/embed/fund").text
    halting.resume(site.keys, None)
    site.let_the_edge_forget()
    assert halted != before == site.visitor.raw("GET", "/embed/fund").text


def test_an_admin_turns_the_switch_and_turns_it_back(office: Office) -> None:
    admin = office.signed_in(Role.ADMIN, "en")
    assert "All is open" in admin.get("/admin/site").text
    admin.get("/admin/site/halt")
    assert admin.done("/admin/site/halt", {}) == "/admin/site?done=halted"
    assert "All widgets are empty and giving is paused since 22 November 2026" in admin.get("/admin/site").text
    assert office.site.visitor.raw("GET", "/api/campaigns/fund.json").status_code == 503
    admin.get("/admin/site/resume")
    assert admin.done("/admin/site/resume", {}) == "/admin/site?done=resumed"
    office.site.let_the_edge_forget()
    assert office.site.visitor.raw("GET", "/api/campaigns/fund.json").status_code == 200


def test_every_page_for_staff_says_so_while_the_site_is_halted(office: Office) -> None:
    sentence = "The emergency switch is turned"
    treasurer, admin = office.signed_in(Role.TREASURER, "en"), office.signed_in(Role.ADMIN, "en")
    assert sentence not in treasurer.get("/treasury/").text
    halting.halt(office.site.keys, None)
    assert sentence in treasurer.get("/treasury/").text
    assert "Go to the switch" not in treasurer.get("/treasury/").text
    assert "Go to the switch" in admin.get("/treasury/").text


def test_settings_are_shown_with_their_variables_and_no_secret(office: Office) -> None:
    admin, settings = office.signed_in(Role.ADMIN, "en"), office.site.keys.settings
    page = admin.get("/admin/site")
    rows = {text_of(row[1]): text_of(row[2]) for row in list(page.every("tr"))[1:]}
    assert rows["ORG_NAME"] == NAME
    assert rows["PAYMENT_GATEWAY"] == "sandbox"
    assert rows["GIVE_LIMITS"] == "5/10m, 10/1d"
    assert [rows[name] for name in ("SECRET_KEY", "PII_KEYS", "DATABASE_URL", "STRIPE_SECRET_KEY")] == [
        "set", "set", "set", "not set",
    ]  # fmt: skip
    for secret in (settings.secret_key, *settings.pii_keys, settings.database_url.partition("///")[2]):
        assert secret not in page.html


def test_the_mail_server_is_shown_without_its_password(sqlite_url: str) -> None:
    built = build(sqlite_url, MAIL_URL="smtps://pigeon:hush-hush@mail.example.org:465")
    page = Office(built).signed_in(Role.ADMIN, "en").get("/admin/site")
    built.keys.database.close()
    assert "mail.example.org:465" in page.text
    assert "hush" not in page.html
    assert "pigeon" not in page.html


def test_jobs_that_do_not_run_are_told(office: Office) -> None:
    admin, keys = office.signed_in(Role.ADMIN, "en"), office.site.keys
    assert "they do not run" in admin.get("/admin/site").text
    run_jobs(keys, keys.now())
    assert "they do not run" not in admin.get("/admin/site").text
    office.site.clock.turn(timedelta(minutes=6))
    assert "they do not run" in admin.get("/admin/site").text
