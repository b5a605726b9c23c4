"""Invitations: a link that works once, for 72 hours, and for its owner alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns.domain.people import Role
from campaigns.services import invitations, resets
from campaigns.storage.models import letters, staff
from tests.web.entrants import ANOTHER, FAR, PASSWORD, Entrance, fields
from tests.web.entrants import entrance as entrance
from tests.web.entrants import entrance_on_each as entrance_on_each

HOUR = timedelta(hours=1)
CODE = re.compile(r"<li>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</li>")


def test_an_invitation_leads_to_password_app_and_recovery_codes(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    person, link = entrance.invited()
    browser = entrance.browser()
    answer = entrance.accepts(browser, link)
    codes = CODE.findall(answer.text)
    assert (answer.status_code, len(set(codes)), browser.is_in) == (200, 10, True)
    assert answer.headers["Cache-Control"] == "no-store"
    form = entrance.half(entrance.browser(), person)
    assert entrance.browser().send("/sign-in/code", {**form, "recovery": codes[0]}).status_code == 303


def test_looking_at_an_invitation_does_not_use_it_up(entrance: Entrance) -> None:
    _, link = entrance.invited()
    for _ in range(3):
        assert "new-treasurer@example.org" in entrance.browser().get(link).text
    assert entrance.accepts(entrance.browser(), link).status_code == 200


def test_an_invitation_works_once(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    person, link = entrance.invited()
    page = entrance.browser().get(link)
    form = {**fields(page), "password": PASSWORD, "code": entrance.scanned(page)}
    assert entrance.browser().send(link, form).status_code == 200
    other = entrance.browser(FAR)
    assert other.send(link, {**form, "password": ANOTHER}).status_code == 410
    assert other.get(link, 410).lang
    assert not other.is_in
    other.post("/sign-in", {"email": person.email, "password": ANOTHER}, 422)


def test_an_invitation_ends_after_72_hours(entrance: Entrance) -> None:
    _, link = entrance.invited()
    page = entrance.browser().get(link)
    entrance.site.clock.turn(72 * HOUR)
    entrance.browser().get(link, 410)
    form = {**fields(page), "password": PASSWORD, "code": entrance.scanned(page)}
    assert entrance.browser().send(link, form).status_code == 410


def test_an_invitation_of_somebody_who_was_shut_out_is_worthless(entrance: Entrance) -> None:
    _, link = entrance.invited()
    page = entrance.browser().get(link)
    with entrance.site.keys.database.transaction() as connection:
        connection.execute(update(staff).values(disabled_at=entrance.site.clock()))
    entrance.browser().get(link, 410)
    form = {**fields(page), "password": PASSWORD, "code": entrance.scanned(page)}
    assert entrance.browser().send(link, form).status_code == 410


def test_a_new_invitation_ends_the_one_before(entrance: Entrance) -> None:
    person, link = entrance.invited()
    with entrance.site.keys.database.transaction() as connection:
        invitations.invite(connection, entrance.site.keys, person, None)
    entrance.browser().get(link, 410)


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "..%2Fsign-in", "A" * 3000])
def test_a_made_up_invitation_is_worthless(entrance: Entrance, token: str) -> None:
    entrance.invited()
    browser = entrance.browser()
    assert browser.raw("GET", f"/invitation/{token}").status_code in (404, 410)
    assert browser.send(f"/invitation/{token}", {"password": PASSWORD}).status_code in (404, 410)


def test_the_link_of_an_invitation_is_none_to_a_new_password(entrance: Entrance) -> None:
    treasurer, keys = entrance.person(), entrance.site.keys
    with keys.database.transaction() as connection:
        token = invitations.invite(connection, keys, treasurer, None)
    entrance.browser().get(f"/sign-in/reset/{token}", 410)
    assert entrance.browser().send(f"/sign-in/reset/{token}", {"password": ANOTHER}).status_code == 410


def test_the_link_to_a_new_password_is_no_invitation_past_the_second_factor(entrance: Entrance) -> None:
    treasurer, keys = entrance.person(), entrance.site.keys
    resets.ask_for_reset(keys, treasurer.email, FAR)
    with keys.database.reading() as connection:
        token = keys.vault.open(connection.scalar(select(letters.c.secret)) or "")
    entrance.browser().get(f"/sign-in/reset/{token}")
    entrance.browser().get(f"/invitation/{token}", 410)
    assert entrance.browser().send(f"/invitation/{token}", {"password": ANOTHER}).status_code == 410


@pytest.mark.parametrize(
    "password", ["", "short", "eleven-char", "password1234", "aaaaaaaaaaaaaaaa", "Nowa Osoba 2026", "x" * 201]
)
def test_a_weak_password_is_refused_and_the_link_still_works(entrance: Entrance, password: str) -> None:
    _, link = entrance.invited()
    browser = entrance.browser()
    page = browser.get(link)
    browser.post(link, {**fields(page), "password": password, "code": entrance.scanned(page)}, 422)
    assert not browser.is_in
    assert entrance.accepts(browser, link).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMIN, Role.TREASURER, Role.AUDITOR])
@pytest.mark.parametrize("code", ["", "000000"])
def test_without_a_right_code_the_invitation_is_not_taken(entrance: Entrance, role: Role, code: str) -> None:
    person, link = entrance.invited(role)
    browser = entrance.browser()
    assert entrance.accepts(browser, link, code=code).status_code == 422
    assert not browser.is_in
    browser.post("/sign-in", {"email": person.email, "password": PASSWORD}, 422)


def test_the_key_for_the_app_is_ours_and_of_this_person(entrance: Entrance) -> None:
    _, link = entrance.invited()
    _, other_link = entrance.invited(Role.ADMIN)
    theirs = entrance.browser().get(other_link)
    for key in ("", "JBSWY3DPEHPK3PXP", fields(theirs)["key"]):
        answer = entrance.accepts(entrance.browser(), link, key=key, code=entrance.scanned(theirs))
        assert answer.status_code == 422


def test_an_editor_may_do_without_an_app(entrance: Entrance) -> None:
    _, link = entrance.invited(Role.EDITOR)
    browser = entrance.browser()
    answer = entrance.accepts(browser, link, code="")
    assert (answer.status_code, answer.headers["Location"], browser.is_in) == (303, "/account", True)


def test_whoever_is_invited_again_begins_anew(entrance: Entrance) -> None:
    treasurer = entrance.person()
    stolen = entrance.signed_in(treasurer)
    old, *_ = entrance.recovery_codes(treasurer)
    with entrance.site.keys.database.transaction() as connection:
        token = invitations.invite(connection, entrance.site.keys, treasurer, None)
    assert entrance.accepts(entrance.browser(), f"/invitation/{token}", password=ANOTHER).status_code == 200
    assert not stolen.is_in
    stolen.post("/sign-in", {"email": treasurer.email, "password": PASSWORD}, 422)
    form = entrance.half(entrance.browser(), treasurer, ANOTHER)
    for proof in ({"code": entrance.code(treasurer)}, {"recovery": old}):
        assert entrance.browser().send("/sign-in/code", {**form, **proof}).status_code == 422
