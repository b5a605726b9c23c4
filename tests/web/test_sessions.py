"""A sign-in that is kept: who may not use it, how long it lasts, and proving again who one is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.domain.people import Role
from campaigns.services.sessions import hashed
from campaigns.storage import staff
from tests.web.entrants import ANOTHER, PASSWORD, Browser, Entrance, fields
from tests.web.entrants import entrance as entrance
from tests.web.entrants import entrance_on_each as entrance_on_each

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def is_fresh(entrance: Entrance, browser: Browser) -> bool:
    """Whether the person has proved a moment ago who they are."""
    with entrance.site.keys.database.reading() as connection:
        (newest, *_) = staff.sessions_of(connection, 1)
    return browser.is_in and newest.is_fresh(entrance.site.clock())


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "0" * 64, "' OR 1=1 --", "null", "x" * 9000])
def test_a_forged_token_lets_nobody_in(entrance: Entrance, token: str) -> None:
    entrance.signed_in(entrance.person())
    assert not entrance.browser(token=token).is_in


def test_an_altered_token_lets_nobody_in(entrance: Entrance) -> None:
    token = entrance.signed_in(entrance.person()).token
    flipped = ("A" if token[0] != "A" else "B") + token[1:]
    for altered in (flipped, token[:-1], token + "A", token.swapcase(), f" {token}"[1:] + "=", token[::-1]):
        assert not entrance.browser(token=altered).is_in


def test_what_is_kept_of_a_token_lets_nobody_in(entrance: Entrance) -> None:
    token = entrance.signed_in(entrance.person()).token
    assert not entrance.browser(token=hashed(token)).is_in


def test_an_ended_session_lets_nobody_in(entrance: Entrance) -> None:
    person = entrance.person()
    browser = entrance.signed_in(person)
    with entrance.site.keys.database.transaction() as connection:
        staff.end_sessions_of(connection, person.id)
    assert not browser.is_in


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDITOR, Role.ADMIN])
def test_after_a_quarter_of_an_hour_of_nothing_the_session_is_over(entrance: Entrance, role: Role) -> None:
    browser = entrance.signed_in(entrance.person(role))
    entrance.site.clock.turn(14 * MINUTE)
    assert browser.is_in
    entrance.site.clock.turn(15 * MINUTE)
    assert not browser.is_in


def test_an_editor_may_rest_for_longer(entrance: Entrance) -> None:
    browser = entrance.signed_in(entrance.person(Role.EDITOR))
    entrance.site.clock.turn(7 * 60 * MINUTE)
    assert browser.is_in
    entrance.site.clock.turn(60 * MINUTE)
    assert not browser.is_in


@pytest.mark.parametrize("role", Role)
def test_after_eight_hours_the_session_is_over_however_busy(entrance: Entrance, role: Role) -> None:
    browser = entrance.signed_in(entrance.person(role))
    for _ in range(47):
        entrance.site.clock.turn(10 * MINUTE)
        assert browser.is_in
    entrance.site.clock.turn(10 * MINUTE)
    assert not browser.is_in


def test_a_stranger_is_sent_to_sign_in_and_back(entrance: Entrance) -> None:
    answer = entrance.browser().raw("GET", "/sign-in/again?next=/treasury/")
    assert answer.headers["Location"].startswith("/sign-in?next=")


# Proving it again


def test_proving_it_again_makes_the_session_fresh_under_a_new_token(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    person = entrance.person()
    browser = entrance.signed_in(person)
    entrance.site.clock.turn(10 * MINUTE)
    before, stale = browser.token, is_fresh(entrance, browser)
    form = fields(browser.get("/sign-in/again?next=/treasury/book"))
    answer = browser.send("/sign-in/again", {**form, "password": PASSWORD, "code": entrance.code(person)})
    assert (stale, answer.headers["Location"]) == (False, "/treasury/book")
    assert is_fresh(entrance, browser)
    assert (browser.token != before, entrance.browser(token=before).is_in) == (True, False)


def test_proving_it_again_does_not_lengthen_the_eight_hours(entrance: Entrance) -> None:
    person = entrance.person(Role.EDITOR)
    browser = entrance.signed_in(person)
    entrance.site.clock.turn(7 * 60 * MINUTE)
    answer = browser.send("/sign-in/again", {"password": PASSWORD, "code": entrance.code(person)})
    assert answer.status_code == 303
    entrance.site.clock.turn(60 * MINUTE)
    assert not browser.is_in


def test_an_editor_without_an_app_proves_it_with_the_password(entrance: Entrance) -> None:
    editor, browser = entrance.person(Role.EDITOR, codes=False), entrance.browser()
    browser.send("/sign-in", {"email": editor.email, "password": PASSWORD})
    assert "code" not in fields(browser.get("/sign-in/again"))
    assert browser.send("/sign-in/again", {"password": PASSWORD}).headers["Location"] == "/account"


@pytest.mark.parametrize("password,steps", [(ANOTHER, 0), (PASSWORD, -1), (PASSWORD, 5), ("", 0)])
def test_half_a_proof_is_none(entrance: Entrance, password: str, steps: int) -> None:
    person = entrance.person()
    browser = entrance.signed_in(person)
    entrance.site.clock.turn(10 * MINUTE)
    before = browser.token
    assert entrance.signed_in(person).is_in
    page = browser.post("/sign-in/again", {"password": password, "code": entrance.code(person, steps - 1)}, 422)
    assert "Hasło lub kod" in page.text or "The password or the code is wrong." in page.text
    assert browser.token == before


def test_nobody_proves_it_with_the_code_of_somebody_else(entrance: Entrance) -> None:
    person, other = entrance.person(), entrance.person(Role.ADMIN)
    browser = entrance.signed_in(person)
    browser.post("/sign-in/again", {"password": PASSWORD, "code": entrance.code(other)}, 422)
