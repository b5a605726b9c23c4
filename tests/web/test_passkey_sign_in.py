"""Signing in with a passkey, as a browser does it: from the button to the cookie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from campaigns.domain.people import Role
from campaigns.language import LANGUAGES
from campaigns.services import passkeys, sessions
from campaigns.web.doors import cookie_name
from tests.authenticator import Device
from tests.web.page_rules import Page
from tests.web.sites import build
from tests.web.staff import Office

SITE = "https://give.example.org"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """A site with a name, as passkeys need it."""
    site = build(sqlite_url, BASE_URL=SITE)
    yield Office(site)
    site.keys.database.close()


def device_of(office: Office, role: Role) -> Device:
    keys, person, device = office.site.keys, office.person(role), Device(SITE)
    question = passkeys.ask_for_new(keys, person)
    assert question is not None
    passkeys.add(keys, person, question.token, device.make(question.options), "Phone")
    return device


def filled_in(page: Page, device: Device) -> tuple[str, dict[str, str]]:
    """Where the button's form goes, and what it sends."""
    (form,) = [form for form in page.every("form") if form.get("data-passkey") == "get"]
    fields = {field.get("name", ""): field.get("value", "") for field in form.iter() if field.get("name")}
    return form.get("action", ""), fields | {"answer": device.show(form.get("data-options", ""))}


def send(office: Office, path: str, form: dict[str, str], token: str = "", origin: str = SITE) -> TestResponse:
    headers = {"Origin": origin, "Cookie": f"{cookie_name(office.site.keys)}={token}"}
    client = office.site.app.test_client(use_cookies=False)
    return client.post(path, data=form, headers=headers, base_url=SITE, buffered=True)


def test_the_cookie_comes_only_with_the_sign_in_and_belongs_to_this_host_alone(office: Office) -> None:
    device = device_of(office, Role.TREASURER)
    answer = send(office, *filled_in(office.site.visitor.get("/sign-in"), device))
    assert (answer.status_code, answer.location) == (303, "/treasury/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert set(cookie.split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize(
    "wished,onward",
    [
        ("/treasury/ledger?page=2", "/treasury/ledger?page=2"),
        ("//evil.example", "/treasury/"),
        ("https://evil.example/", "/treasury/"),
        ("/\\evil.example", "/treasury/"),
        ("", "/treasury/"),
    ],
)
def test_signed_in_one_goes_on_within_the_site(office: Office, wished: str, onward: str) -> None:
    device = device_of(office, Role.TREASURER)
    path, form = filled_in(office.site.visitor.get("/sign-in"), device)
    assert send(office, path, form | {"next": wished}).location == onward


def test_where_one_wanted_to_go_is_kept_in_the_form(office: Office) -> None:
    page = office.site.visitor.get("/sign-in?next=/treasury/months")
    _, form = filled_in(page, Device(SITE))
    assert form["next"] == "/treasury/months"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_passkey_that_is_not_known_is_refused_in_the_reader_s_language(office: Office, lang: str) -> None:
    path, form = filled_in(office.site.visitor.get("/sign-in", Accept_Language=lang), Device(SITE))
    answer = send(office, path, form)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_form_from_another_site_does_not_sign_in(office: Office) -> None:
    device = device_of(office, Role.TREASURER)
    path, form = filled_in(office.site.visitor.get("/sign-in"), device)
    answer = send(office, path, form, origin="https://evil.example")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


def test_what_was_sent_once_does_not_sign_in_again(office: Office) -> None:
    device = device_of(office, Role.TREASURER)
    path, form = filled_in(office.site.visitor.get("/sign-in"), device)
    assert [send(office, path, form).status_code for _ in range(2)] == [303, 401]


def test_a_passkey_makes_a_sign_in_fresh_and_changes_its_token(office: Office) -> None:
    device, client = device_of(office, Role.TREASURER), office.treasurer
    office.site.clock.turn(timedelta(minutes=12))
    page = client.get("/sign-in/again?next=/account/password")
    path, form = filled_in(page, device)
    answer = send(office, path, form, client.token)
    assert (path, answer.location) == ("/sign-in/again/passkey", "/account/password")
    assert sessions.resume(office.site.keys.database, client.token, office.site.clock()) is None


def test_nobody_proves_it_again_by_somebody_else_s_passkey(office: Office) -> None:
    theirs, _, client = device_of(office, Role.ADMIN), device_of(office, Role.TREASURER), office.treasurer
    path, form = filled_in(client.get("/sign-in/again"), theirs)
    assert send(office, path, form, client.token).status_code == 401


def test_whoever_has_no_passkey_is_not_asked_for_one_again(office: Office) -> None:
    assert "data-passkey" not in office.treasurer.get("/sign-in/again").html


def test_there_is_no_button_where_browsers_would_refuse(sqlite_url: str) -> None:
    site = build(sqlite_url)
    assert "data-passkey" not in site.visitor.get("/sign-in").html
    site.keys.database.close()


def test_a_demo_on_a_bare_address_leads_to_where_there_is_one(sqlite_url: str) -> None:
    site = build(sqlite_url, TRUSTED_HOSTS="127.0.0.1,localhost")
    page = site.visitor.get("/sign-in")
    assert "http://localhost/sign-in" in [link.get("href") for link in page.every("a")]
    site.keys.database.close()


def test_asking_for_a_passkey_writes_nothing_down(office: Office) -> None:
    with office.site.keys.database.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM spent").scalar()
    for _ in range(3):
        office.site.visitor.get("/sign-in")
    send(office, *filled_in(office.site.visitor.get("/sign-in"), Device(SITE)))
    with office.site.keys.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM spent").scalar() == before
