"""Who may enter: every address, walked as every role and as a stranger, lets in exactly those that it should."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Blueprint
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.domain.people import FRESH, MAY, Permission, Role
from campaigns.web import doors
from campaigns.web.staff_page import rooms_of
from tests.web.page_rules import Page, text_of
from tests.web.staff import Office
from tests.web.staff import office as office
from tests.web.staff_rooms import (
    EMAIL,
    MEMO,
    SIGN_IN,
    BusyOffice,
    ask,
    everything,
    first_who_may,
    methods,
    needs,
    staff_rules,
    token_of,
)
from tests.web.staff_rooms import busy as busy
from tests.web.staff_rooms import busy_template as busy_template
from tests.world import environment

MINUTE = timedelta(minutes=1)
# No page edits anything yet.
UNUSED = {Permission.EDIT}


def guarded(busy: BusyOffice) -> list[tuple[Rule, Permission, str, str]]:
    """Every address that needs a permission: its rule, what it needs, how it is asked, and a path to it."""
    return [
        (rule, permission, method, busy.path(rule))
        for rule in staff_rules(busy.app)
        if (permission := needs(busy.app, rule)) is not None
        for method in methods(rule)
    ]


def goes_to(location: str | None, where: str) -> bool:
    """Whether an answer leads to this page, and not to one below it."""
    return (location or "").partition("?")[0] == where


def is_entered(answer: TestResponse, path: str) -> bool:
    """Whether the page itself has answered, with whatever it had to say to an empty form; AssertionError if it broke.

    A page may say that the provider knows nothing of it (502), and the sign-in that a proof is none (401).
    """
    assert answer.status_code < 500 or answer.status_code == 502, path
    refused = answer.status_code == 403 or (answer.status_code == 401 and not path.startswith("/sign-in/"))
    return not refused and not any(goes_to(answer.location, page) for page in SIGN_IN)


# --- every address is decided ---


def test_the_rooms_that_are_open_to_all_are_these(office: Office) -> None:
    assert {"donor", "embed", "hooks", "health", "sandbox", "static"} == doors.OPEN_ROOMS
    prefixes = {rule.rule.split("/")[1] for rule in staff_rules(office.site.app)}
    assert prefixes == {"sign-in", "sign-out", "invitation", "account", "treasury", "admin"}


@pytest.mark.parametrize("how", ["an address", "a room"])
def test_a_program_with_an_address_of_which_nobody_has_decided_does_not_start(sqlite_url: str, how: str) -> None:
    app = create_app(Settings.from_environment(environment(sqlite_url)))
    if how == "an address":
        app.add_url_rule("/treasury/open-to-whom", "treasurer.open_to_whom", lambda: "")
    else:
        attic = Blueprint("attic", __name__, url_prefix="/attic")
        attic.add_url_rule("/", "attic", lambda: "")
        app.register_blueprint(attic)
    with pytest.raises(doors.Undecided, match=r"/treasury/open-to-whom|/attic/"):
        doors.check(app)
    app.extensions["keys"].database.close()


def test_every_permission_opens_some_address(office: Office) -> None:
    used = {needs(office.site.app, rule) for rule in staff_rules(office.site.app)} - {None}
    assert used == set(Permission) - UNUSED


def test_whoever_is_not_signed_in_is_asked_for_by_few_addresses_only(office: Office) -> None:
    app = office.site.app
    to_strangers = {rule.rule for rule in staff_rules(app) if needs(app, rule) is None}
    assert all(path.startswith(("/sign-in", "/sign-out", "/invitation/")) for path in to_strangers)


# --- roles ---


@pytest.mark.parametrize("role", Role)
def test_a_role_is_let_in_where_it_may_and_nowhere_else(busy: BusyOffice, role: Role) -> None:
    wrong = []
    for rule, permission, method, path in guarded(busy):
        answer = ask(busy.office, method, path, token_of(busy.office, role))
        entered = is_entered(answer, path)
        if entered != (permission in MAY[role]) or (not entered and answer.status_code != 403):
            wrong.append((method, rule.rule, permission.value, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", Role)
def test_a_form_that_a_role_may_not_send_changes_nothing(busy: BusyOffice, role: Role) -> None:
    closed = [(m, path) for _, permission, m, path in guarded(busy) if m == "POST" and permission not in MAY[role]]
    token, before = token_of(busy.office, role), everything(busy.database)
    assert [ask(busy.office, method, path, token).status_code for method, path in closed] == [403] * len(closed)
    assert everything(busy.database) == before


@pytest.mark.parametrize("role", Role)
def test_the_way_round_shows_a_role_its_rooms_and_each_is_there(busy: BusyOffice, role: Role) -> None:
    shown = [path for path, _ in rooms_of(busy.office.person(role))]
    token = token_of(busy.office, role)
    assert [ask(busy.office, "GET", path, token).status_code for path in shown] == [200] * len(shown)
    links = Page(ask(busy.office, "GET", "/account", token).text).every("a")
    assert set(shown) <= {link.get("href") for link in links}


def test_the_rooms_of_each_role_are_those_of_its_work(office: Office) -> None:
    rooms = {role: {path.split("/")[1] for path, _ in rooms_of(office.person(role))} for role in Role}
    assert rooms == {
        Role.ADMIN: {"treasury", "admin"},
        Role.TREASURER: {"treasury"},
        Role.AUDITOR: {"treasury"},
        Role.EDITOR: set(),
    }


def test_an_editor_enters_no_page_that_names_a_donor_or_shows_the_books(busy: BusyOffice) -> None:
    entered = {permission for _, permission, _, _ in guarded(busy) if permission in MAY[Role.EDITOR]}
    assert entered <= {Permission.SIGNED_IN, Permission.CHANGE_FACTORS, Permission.EDIT}
    token = token_of(busy.office, Role.EDITOR)
    for _, _, method, path in guarded(busy):
        page = ask(busy.office, method, path, token).text
        for trace in (EMAIL, MEMO, "expenses:", "Wn", "2 235", "darczyńca"):
            assert trace not in page, path


@pytest.mark.parametrize("role", [role for role in Role if Permission.SEE_DONOR not in MAY[role]])
def test_who_gave_is_named_to_no_one_but_a_treasurer(busy: BusyOffice, role: Role) -> None:
    for _, _, method, path in guarded(busy):
        if method == "GET":
            assert EMAIL not in ask(busy.office, "GET", path, token_of(busy.office, role)).text, path


def test_whoever_was_disabled_is_a_stranger(busy: BusyOffice) -> None:
    token = token_of(busy.office, Role.TREASURER)
    busy.disable(Role.TREASURER)
    answer = ask(busy.office, "GET", "/treasury/", token)
    assert goes_to(answer.location, "/sign-in")


# --- strangers ---


@pytest.mark.parametrize("token", ["", "no-such-token", "A" * 43])
def test_a_stranger_is_led_to_the_sign_in_and_back(busy: BusyOffice, token: str) -> None:
    for _, _, method, path in guarded(busy):
        if method == "GET":
            answers = [ask(busy.office, asked, path, token) for asked in ("GET", "HEAD")]
            assert [answer.status_code for answer in answers] == [303, 303], path
            assert {answer.location for answer in answers} == {f"/sign-in?next={quote(path)}"}
            assert all("Set-Cookie" not in answer.headers for answer in answers)


def test_a_strangers_form_is_not_accepted_and_changes_nothing(busy: BusyOffice) -> None:
    before = everything(busy.database)
    for _, _, method, path in guarded(busy):
        if method == "POST":
            assert ask(busy.office, "POST", path).status_code == 401, path
    assert everything(busy.database) == before


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1.evil.example"])
def test_a_form_that_stood_elsewhere_is_refused_whoever_sends_it(busy: BusyOffice, origin: str | None) -> None:
    before = everything(busy.database)
    for rule in staff_rules(busy.app):
        if "POST" in methods(rule):
            token = busy.tokens[first_who_may(needs(busy.app, rule))]
            assert ask(busy.office, "POST", busy.path(rule), token, origin).status_code == 403, rule.rule
    assert everything(busy.database) == before


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "GET", "POST"])
def test_no_other_way_of_asking_gets_round_the_door(busy: BusyOffice, method: str) -> None:
    before = everything(busy.database)
    for rule, _, known, path in guarded(busy):
        if method not in (rule.methods or set()) or method == "OPTIONS":
            assert ask(busy.office, method, path).status_code in (401, 405, 303), (known, path)
    assert everything(busy.database) == before


@pytest.mark.parametrize("role", Role)
def test_a_look_ahead_tells_no_more_than_a_look(busy: BusyOffice, role: Role) -> None:
    for _, _, method, path in guarded(busy):
        if method == "GET":
            look, ahead = (ask(busy.office, asked, path, busy.tokens[role]) for asked in ("GET", "HEAD"))
            assert (ahead.status_code, ahead.data) == (look.status_code, b""), path


# --- time ---


@pytest.mark.parametrize("role", Role)
def test_a_form_sent_after_the_sign_in_is_over_changes_nothing(busy: BusyOffice, role: Role) -> None:
    token = busy.tokens[role]
    busy.office.site.clock.turn(timedelta(hours=8))
    before = everything(busy.database)
    for _, permission, method, path in guarded(busy):
        if method == "POST" and permission in MAY[role]:
            answer = ask(busy.office, "POST", path, token)
            assert answer.status_code == 401, path
            assert "Set-Cookie" not in answer.headers
    assert everything(busy.database) == before


@pytest.mark.parametrize("role", Role)
def test_what_wants_a_fresh_proof_asks_for_it_after_ten_minutes(busy: BusyOffice, role: Role) -> None:
    token = busy.tokens[role]
    busy.office.site.clock.turn(10 * MINUTE)
    before = everything(busy.database)
    for _, permission, method, path in guarded(busy):
        if permission in FRESH and permission in MAY[role]:
            answer = ask(busy.office, method, path, token)
            if method == "GET":
                assert answer.location == f"/sign-in/again?next={quote(path)}"
            else:
                assert answer.status_code == 401, path
    assert everything(busy.database) == before


def test_what_wants_no_fresh_proof_is_open_until_the_sign_in_is_over(busy: BusyOffice) -> None:
    token = busy.tokens[Role.AUDITOR]
    for minutes, status in ((14, 200), (14, 200), (15, 303)):
        busy.office.site.clock.turn(minutes * MINUTE)
        assert ask(busy.office, "GET", "/treasury/", token).status_code == status


# --- the public ---


def test_public_pages_are_the_same_bytes_for_staff_and_set_no_cookie(busy: BusyOffice) -> None:
    paths = ("/", "/pl/", "/en/fund", "/pl/how-we-count", "/pl/privacy", "/en/contact", "/pl/accessibility",
             "/embed/fund", "/embed/fund.svg", "/api/campaigns/fund.json", "/pl/nothing", "/healthz")  # fmt: skip
    for path in paths:
        answers = []
        for token in ("", busy.tokens[Role.TREASURER], busy.tokens[Role.ADMIN]):
            busy.office.site.let_the_edge_forget()
            answers.append(ask(busy.office, "GET", path, token))
        assert len({answer.data for answer in answers}) == 1, path
        assert all("Set-Cookie" not in answer.headers for answer in answers), path
        assert all("cookie" not in answer.headers.get("Vary", "").lower() for answer in answers), path


def test_a_page_for_staff_is_kept_nowhere_and_listed_nowhere(busy: BusyOffice) -> None:
    for _, permission, method, path in guarded(busy):
        answer = ask(busy.office, method, path, token_of(busy.office, first_who_may(permission)))
        assert "no-store" in answer.headers.get("Cache-Control", "no-store"), path
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert "no-store" in answer.headers["Cache-Control"], path
            assert "noindex" in answer.headers.get("X-Robots-Tag", ""), path


def test_the_refusal_says_that_nothing_was_changed(office: Office) -> None:
    page = office.signed_in(Role.EDITOR, "en").get("/treasury/", 403)
    assert text_of(page.one("h1")) == "Your role does not include this"
    assert "Nothing was changed" in page.text
