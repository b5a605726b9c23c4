"""Signing in and out: two steps, one cookie, and nothing that tells who has an account here."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

import pytest
from sqlalchemy import select, update

from campaigns.domain.people import Role
from campaigns.language import LANGUAGES
from campaigns.services import passwords
from campaigns.storage.columns import metadata
from campaigns.storage.models import audit_log, staff
from tests.web.entrants import ANOTHER, PASSWORD, Entrance, fields
from tests.web.entrants import entrance as entrance
from tests.web.entrants import entrance_on_each as entrance_on_each
from tests.web.page_rules import text_of
from tests.web.sites import build

POSTS = ("/sign-in", "/sign-in/code", "/sign-in/set-up", "/sign-in/again", "/sign-out", "/sign-in/forgotten",
         "/sign-in/reset/token", "/invitation/token")  # fmt: skip


def actions(entrance: Entrance) -> list[tuple[str, str]]:
    with entrance.site.keys.database.reading() as connection:
        query = select(audit_log.c.action, audit_log.c.detail).order_by(audit_log.c.id)
        return [(row.action, row.detail) for row in connection.execute(query)]


def test_a_treasurer_signs_in_with_password_and_code(entrance_on_each: Entrance) -> None:
    treasurer, browser = entrance_on_each.person(), entrance_on_each.browser()
    form = entrance_on_each.half(browser, treasurer)
    assert browser.set_cookies == [], "no cookie before the last step"
    answer = browser.send("/sign-in/code", {**form, "code": entrance_on_each.code(treasurer)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/treasury/")
    assert browser.is_in
    assert actions(entrance_on_each) == [("sign_in", "by password and code")]


def test_an_address_is_found_however_it_is_typed(entrance: Entrance) -> None:
    entrance.person()
    page = entrance.browser().post("/sign-in", {"email": " Treasurer@Example.ORG ", "password": PASSWORD})
    assert "token" in fields(page)


def test_an_editor_without_an_app_needs_the_password_alone(entrance: Entrance) -> None:
    editor, browser = entrance.person(Role.EDITOR, codes=False), entrance.browser()
    answer = browser.send("/sign-in", {"email": editor.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account"
    assert browser.is_in


def test_an_editor_with_an_app_is_asked_for_the_code(entrance: Entrance) -> None:
    editor, browser = entrance.person(Role.EDITOR), entrance.browser()
    assert "token" in entrance.half(browser, editor)
    assert not browser.is_in


@pytest.mark.parametrize("role", [Role.ADMIN, Role.TREASURER, Role.AUDITOR])
def test_without_a_second_factor_nobody_else_comes_in_before_setting_one_up(entrance: Entrance, role: Role) -> None:
    person, browser = entrance.person(role, codes=False), entrance.browser()
    page = browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert (text_of(page.one("h1")), browser.set_cookies) == ("Ustaw kody jednorazowe", [])
    done = browser.post("/sign-in/set-up", {**fields(page), "code": entrance.scanned(page)})
    assert len(re.findall(r"<li>[0-9a-z]{4}(-[0-9a-z]{4}){2}</li>", done.html)) == 10
    assert browser.is_in


def test_setting_up_an_app_wants_a_right_code(entrance: Entrance) -> None:
    person, browser = entrance.person(codes=False), entrance.browser()
    page = browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
    again = browser.post("/sign-in/set-up", {**fields(page), "code": "000000"}, 422)
    assert entrance.scanned(again) == entrance.scanned(page), "the same key, so that it need not be scanned again"
    assert not browser.is_in


def test_nobody_sets_up_a_second_app_over_the_first(entrance: Entrance) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    form = entrance.half(browser, treasurer)
    browser.post("/sign-in/set-up", {**form, "key": "x", "code": entrance.code(treasurer)}, 409)
    assert not browser.is_in


def test_an_unknown_address_and_a_wrong_password_look_the_same_to_the_byte(entrance: Entrance) -> None:
    treasurer = entrance.person()
    wrong = entrance.browser().send("/sign-in", {"email": treasurer.email, "password": ANOTHER})
    unknown = entrance.browser().send("/sign-in", {"email": "treasurex@example.org", "password": ANOTHER})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(treasurer.email, "treasurex@example.org") == unknown.text
    assert dict(wrong.headers) | {"Content-Length": ""} == dict(unknown.headers) | {"Content-Length": ""}


@pytest.mark.parametrize("password", ["", " ", PASSWORD + " ", PASSWORD.upper(), "x" * 5000, "\0"])
def test_no_other_password_fits(entrance: Entrance, password: str) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    browser.post("/sign-in", {"email": treasurer.email, "password": password}, 422)


def test_who_has_not_taken_the_invitation_cannot_sign_in(entrance: Entrance) -> None:
    person, _ = entrance.invited()
    for password in ("", PASSWORD):
        entrance.browser().post("/sign-in", {"email": person.email, "password": password}, 422)


def test_who_was_shut_out_cannot_sign_in(entrance: Entrance) -> None:
    treasurer = entrance.person()
    change(entrance, disabled_at=entrance.site.clock())
    entrance.browser().post("/sign-in", {"email": treasurer.email, "password": PASSWORD}, 422)


def test_who_is_shut_out_between_the_steps_stays_outside(entrance: Entrance) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    form = entrance.half(browser, treasurer)
    change(entrance, disabled_at=entrance.site.clock())
    browser.post("/sign-in/code", {**form, "code": entrance.code(treasurer)}, 422)
    assert not browser.is_in


def change(entrance: Entrance, **columns: object) -> None:
    with entrance.site.keys.database.transaction() as connection:
        connection.execute(update(staff).values(**columns))


OLDER = "$argon2id$v=19$m=64,t=1,p=1$8i00gmWrPX0J5SdTO36t1A$yUuNSiVHUSaoUSTk8a45HngtMIxYVHmhV44oYY16kZI"


def test_a_hash_of_an_older_making_is_replaced_at_sign_in(entrance: Entrance) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    change(entrance, password_hash=OLDER)
    form = entrance.half(browser, treasurer, "an older password")
    assert browser.send("/sign-in/code", {**form, "code": entrance.code(treasurer)}).status_code == 303
    with entrance.site.keys.database.reading() as connection:
        kept = connection.scalar(select(staff.c.password_hash)) or ""
    assert passwords.fits(kept, "an older password")
    assert not passwords.is_outdated(kept)


# The cookie


def test_the_cookie_is_for_this_host_and_https_alone_and_ends_with_the_browser(sqlite_url: str) -> None:
    entrance = Entrance(build(sqlite_url, BASE_URL="https://give.example.org"))
    browser = entrance.browser()
    entrance.enter(browser, entrance.person())
    (cookie,) = browser.set_cookies
    name_and_token, *rest = cookie.split("; ")
    assert re.fullmatch(r"__Host-session=[A-Za-z0-9_-]{43}", name_and_token), "256 bits"
    assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    browser.send("/sign-out", {})
    (gone,) = browser.set_cookies
    assert gone.startswith("__Host-session=;")
    entrance.site.keys.database.close()


def test_the_token_is_kept_as_a_hash_only(entrance: Entrance) -> None:
    browser = entrance.signed_in(entrance.person())
    with entrance.site.keys.database.reading() as connection:
        kept = "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
    assert browser.token not in kept


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten", "/sign-in/code", "/invitation/x", "/treasury/"])
def test_a_stranger_gets_no_cookie(entrance: Entrance, path: str) -> None:
    browser = entrance.browser()
    answer = browser.raw("GET", path)
    assert browser.set_cookies == []
    assert answer.headers["Cache-Control"] == "no-store" or answer.status_code == 303


def test_signing_in_gives_a_new_token_and_ends_the_one_that_was_shown(entrance: Entrance) -> None:
    treasurer = entrance.person()
    browser = entrance.signed_in(treasurer)
    before = browser.token
    entrance.enter(browser, treasurer)
    assert browser.token != before
    assert not entrance.browser(token=before).is_in


def test_a_token_that_somebody_planted_is_never_taken_over(entrance: Entrance) -> None:
    treasurer, planted = entrance.person(), "a" * 43
    browser = entrance.browser(token=planted)
    entrance.enter(browser, treasurer)
    assert browser.token != planted
    assert not entrance.browser(token=planted).is_in


def test_signing_out_ends_the_session_and_takes_the_cookie_away(entrance: Entrance) -> None:
    browser = entrance.signed_in(entrance.person())
    before = browser.token
    assert browser.send("/sign-out", {}).headers["Location"] == "/sign-in?done=signed-out"
    assert (browser.token, entrance.browser(token=before).is_in) == ("", False)
    assert actions(entrance)[-1][0] == "sign_out"
    assert "Wylogowano" in browser.get("/sign-in?done=signed-out").text


def test_nobody_is_signed_out_by_a_link(entrance: Entrance) -> None:
    browser = entrance.signed_in(entrance.person())
    assert browser.raw("GET", "/sign-out").status_code == 405
    assert browser.is_in


# Where one goes on


@pytest.mark.parametrize(
    "wished",
    ["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
     "https:evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example",
     "/\n/evil.example", "/\t/evil.example", "/\r\nLocation: https://evil.example", " //evil.example",
     "@evil.example", "/%zz\x00", "/zażółć"],
)  # fmt: skip
def test_nobody_is_led_elsewhere(entrance: Entrance, wished: str) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    form = entrance.half(browser, treasurer, next=wished)
    assert form["next"] == ""
    answer = browser.send("/sign-in/code", {**form, "next": wished, "code": entrance.code(treasurer)})
    assert answer.headers["Location"] == "/treasury/"


@pytest.mark.parametrize("wished", ["/treasury/ledger?from=2026-01-01", "/%2F%2Fevil.example", "/%5Cevil.example"])
def test_whoever_was_stopped_on_the_way_goes_on_there(entrance: Entrance, wished: str) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    page = browser.get(f"/sign-in?next={quote(wished, safe='')}")
    form = fields(browser.post("/sign-in", {**fields(page), "email": treasurer.email, "password": PASSWORD}))
    answer = browser.send("/sign-in/code", {**form, "code": entrance.code(treasurer)})
    assert answer.headers["Location"] == wished
    assert urljoin("https://give.example.org/sign-in", wished).startswith("https://give.example.org/")


# Forms of others


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", None, "http://127.0.0.1.evil.example", "http://127.0.0.1:81", ""]
)
def test_no_form_of_another_site_is_taken(entrance: Entrance, origin: str | None) -> None:
    browser = entrance.signed_in(entrance.person())
    for path in POSTS:
        assert browser.send(path, {"email": "treasurer@example.org", "password": PASSWORD}, origin).status_code == 403
    assert browser.is_in


def test_every_form_of_the_entrance_was_tried_from_elsewhere(entrance: Entrance) -> None:
    posts = {
        rule.rule.replace("<token>", "token")
        for rule in entrance.site.app.url_map.iter_rules()
        if rule.endpoint.startswith("sign_in.") and "POST" in (rule.methods or ())
    }
    assert {path for path in posts if "passkey" not in path} == set(POSTS)


# Pages


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_the_entrance_is_in_the_reader_s_language(entrance: Entrance, lang: str) -> None:
    treasurer, browser = entrance.person(language=lang), entrance.browser()
    for path in ("/sign-in", "/sign-in/forgotten"):
        assert browser.get(path, Accept_Language=lang).lang == lang
    assert entrance.signed_in(treasurer).get("/sign-in/again").lang == lang
    _, link = entrance.invited(language=lang)
    assert browser.get(link).lang == lang


def test_a_reload_of_the_second_step_begins_again(entrance: Entrance) -> None:
    for path in ("/sign-in/code", "/sign-in/set-up"):
        assert entrance.browser().raw("GET", path).headers["Location"] == "/sign-in"
