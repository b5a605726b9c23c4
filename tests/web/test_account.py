"""One's own account: what is shown of it, and what one changes oneself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest

from campaigns.domain.people import Role
from campaigns.language import LANGUAGES
from campaigns.services import own_factors, passkeys, passwords, sessions
from campaigns.services.audit_trail import Action
from campaigns.services.limiting import count
from campaigns.storage import audit_log, credentials, staff
from campaigns.storage.passkeys import Passkey
from tests.authenticator import Device
from tests.web.page_rules import Page, text_of
from tests.web.sites import build
from tests.web.staff import Office, StaffClient

SITE = "https://give.example.org"
OLD, NEW = "tych słów nikt nie zgadnie", "a tych już na pewno nikt"
MINUTE = timedelta(minutes=1)
FACTORS = ("/account/password", "/account/codes", "/account/recovery-codes", "/account/passkeys/add")


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """A site with a name, as passkeys need it."""
    site = build(sqlite_url, BASE_URL=SITE)
    yield Office(site)
    site.keys.database.close()


def has_passkey(office: Office, role: Role, name: str = "Telefon") -> Passkey:
    """Somebody of this role makes a passkey."""
    keys, person = office.site.keys, office.person(role)
    question = passkeys.ask_for_new(keys, person)
    assert question is not None
    passkeys.add(keys, person, question.token, Device(SITE).make(question.options), name)
    return own_factors.factors_of(keys, person).passkeys[-1]


def has_codes(office: Office, role: Role) -> None:
    with office.site.keys.database.transaction() as connection:
        credentials.set_totp(connection, office.person(role).id, office.site.keys.vault.seal("JBSWY3DPEHPK3PXP"), 0)


def has_password(office: Office, role: Role) -> None:
    with office.site.keys.database.transaction() as connection:
        credentials.set_password(connection, office.person(role).id, passwords.hashed(OLD))


def noted(office: Office) -> list[tuple[str, str]]:
    with office.site.keys.database.reading() as connection:
        return [(sealed.record.action, sealed.record.detail) for sealed in audit_log.all_records(connection)]


def is_in(office: Office, client: StaffClient) -> bool:
    return sessions.resume(office.site.keys.database, client.token, office.site.clock()) is not None


def fields(page: Page) -> dict[str, str]:
    """What the page's hidden fields send."""
    hidden = (field for field in page.every("input") if field.get("type") == "hidden")
    return {field.get("name", ""): field.get("value", "") for field in hidden}


# What is shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_everybody_has_an_account_page_in_their_language(office: Office, role: Role, lang: str) -> None:
    client = office.signed_in(role, lang)
    has_passkey(office, role)
    for path in ("/account", *FACTORS, "/account/passkeys/1"):
        assert client.get(path).lang == lang


def test_the_page_says_who_one_is_and_how_one_signs_in(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    has_passkey(office, Role.TREASURER, "Laptop w biurze")
    text = client.get("/account").text
    for words in ("treasurer@example.org", "Skarbnik", "Laptop w biurze", "ta przeglądarka", "jeszcze bez kodów"):
        assert words in text


@pytest.mark.parametrize("left,words", [(1, "Został Ci 1 kod"), (3, "Zostały Ci 3 kody"), (10, "Zostało Ci 10 kodów")])
def test_recovery_codes_are_counted_as_a_pole_counts(office: Office, left: int, words: str) -> None:
    client = office.signed_in(Role.TREASURER)
    with office.site.keys.database.transaction() as connection:
        hashes = [f"{number:064}" for number in range(left)]
        credentials.replace_recovery_codes(connection, office.person(Role.TREASURER).id, hashes)
    assert words in client.get("/account").text


def test_the_language_is_changed_at_once(office: Office) -> None:
    client = office.signed_in(Role.EDITOR, "pl")
    assert client.done("/account/language", {"language": "en"}) == "/account?done=saved"
    assert client.get("/account").lang == "en"
    assert noted(office) == [(Action.PERSON_CHANGED, "language en")]


def test_no_language_is_taken_that_we_do_not_speak(office: Office) -> None:
    assert office.signed_in(Role.EDITOR).send("/account/language", {"language": "xx"}).status_code == 400


# Password


def test_a_new_password_ends_the_sign_ins_elsewhere(office: Office) -> None:
    here, elsewhere = office.signed_in(Role.TREASURER), office.signed_in(Role.TREASURER)
    has_password(office, Role.TREASURER)
    here.done("/account/password", {"old": OLD, "password": NEW})
    assert (is_in(office, here), is_in(office, elsewhere)) == (True, False)
    assert noted(office) == [(Action.PASSWORD_CHANGED, "")]


@pytest.mark.parametrize("old,new,field", [("something else", NEW, "old"), (OLD, "short", "password")])
def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(
    office: Office, old: str, new: str, field: str
) -> None:
    client = office.signed_in(Role.TREASURER)
    has_password(office, Role.TREASURER)
    page = client.post("/account/password", {"old": old, "password": new}, 422)
    assert page.by_id(field).get("aria-invalid") == "true"
    with office.site.keys.database.reading() as connection:
        known = staff.by_id(connection, office.person(Role.TREASURER).id)
    assert known is not None
    assert passwords.fits(known.password_hash, OLD)


def test_the_old_password_cannot_be_guessed_here(office: Office) -> None:
    client, keys = office.signed_in(Role.EDITOR), office.site.keys
    with keys.database.transaction() as connection:
        for _ in range(9):
            count(connection, f"old password:{office.person(Role.EDITOR).id}", own_factors.TRIES, keys.now())
    client.post("/account/password", {"old": "", "password": NEW}, 422)
    answer = client.send("/account/password", {"old": "", "password": NEW})
    assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (429, True)


# One-time codes


def test_an_app_is_set_up_by_its_first_code(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    page = client.get("/account/codes")
    (key,) = [text_of(one) for one in page.every("p") if "secret" in one.get("class", "")]
    code = pyotp.TOTP(key.replace(" ", "")).at(office.site.clock())
    shown = client.post("/account/codes", {**fields(page), "code": code})
    assert len(re.findall(r"\w{4}-\w{4}-\w{4}", shown.text)) == 10
    assert own_factors.factors_of(office.site.keys, office.person(Role.TREASURER)).has_codes
    assert [action for action, _ in noted(office)] == [Action.FACTOR_CHANGED]


def test_a_wrong_first_code_keeps_the_same_key_and_the_app_of_before(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    page = client.get("/account/codes")
    again = client.post("/account/codes", {**fields(page), "code": "000000"}, 422)
    keys = [[text_of(one) for one in shown.every("p") if "secret" in one.get("class", "")] for shown in (page, again)]
    assert keys[0] == keys[1]
    assert noted(office) == []


def test_the_key_that_was_offered_to_somebody_else_is_not_taken(office: Office) -> None:
    page = office.signed_in(Role.ADMIN).get("/account/codes")
    (key,) = [text_of(one) for one in page.every("p") if "secret" in one.get("class", "")]
    code = pyotp.TOTP(key.replace(" ", "")).at(office.site.clock())
    office.treasurer.post("/account/codes", {**fields(page), "code": code}, 422)
    assert not own_factors.factors_of(office.site.keys, office.person(Role.TREASURER)).has_codes


def test_new_recovery_codes_are_shown_once_and_written_down(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    page = client.post("/account/recovery-codes", {})
    assert len(re.findall(r"\w{4}-\w{4}-\w{4}", page.text)) == 10
    assert "Zostało Ci 10 kodów zapasowych." in client.get("/account").text
    assert noted(office) == [(Action.FACTOR_CHANGED, "new recovery codes")]


# Passkeys


def test_a_passkey_is_added_by_the_browser_s_answer(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    page = client.get("/account/passkeys/add")
    (form,) = [form for form in page.every("form") if form.get("data-passkey") == "create"]
    answer = Device(SITE).make(form.get("data-options", ""))
    client.done("/account/passkeys/add", {**fields(page), "name": " Mój \u202e telefon ", "answer": answer})
    assert "Mój telefon" in client.get("/account").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_that_is_none_adds_nothing_and_says_so(office: Office, lang: str) -> None:
    client = office.signed_in(Role.TREASURER, lang)
    page = client.get("/account/passkeys/add")
    client.post("/account/passkeys/add", {**fields(page), "name": "x", "answer": "{}"}, 422)
    client.post("/account/passkeys/add", {"name": "x", "answer": "{}", "token": "x"}, 422)
    client.post("/account/passkeys/add", {**fields(page), "name": " ", "answer": "{}"}, 422)
    assert own_factors.factors_of(office.site.keys, office.person(Role.TREASURER)).passkeys == []


def test_a_passkey_is_renamed_and_removed(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    has_codes(office, Role.TREASURER)
    number = has_passkey(office, Role.TREASURER).id
    client.done(f"/account/passkeys/{number}/rename", {"name": "Klucz w sejfie"})
    client.post(f"/account/passkeys/{number}/rename", {"name": ""}, 422)
    assert "Klucz w sejfie" in client.get("/account").text
    client.done(f"/account/passkeys/{number}/remove", {})
    assert "Klucz w sejfie" not in client.get("/account").text
    details = [detail for _, detail in noted(office)]
    assert details == [f"passkey {number} {what}" for what in ("added", "renamed", "removed")]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.TREASURER, Role.AUDITOR])
def test_the_last_second_factor_stays_where_the_role_needs_one(office: Office, role: Role) -> None:
    client, first = office.signed_in(role), has_passkey(office, role)
    client.post(f"/account/passkeys/{first.id}/remove", {}, 409)
    second = has_passkey(office, role)
    client.done(f"/account/passkeys/{first.id}/remove", {})
    client.post(f"/account/passkeys/{second.id}/remove", {}, 409)
    assert [one.id for one in own_factors.factors_of(office.site.keys, office.person(role)).passkeys] == [second.id]


def test_an_editor_may_do_without(office: Office) -> None:
    client, passkey = office.signed_in(Role.EDITOR), has_passkey(office, Role.EDITOR)
    client.done(f"/account/passkeys/{passkey.id}/remove", {})


def test_somebody_else_s_passkey_is_not_there(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    has_codes(office, Role.TREASURER)
    theirs = has_passkey(office, Role.ADMIN)
    client.get(f"/account/passkeys/{theirs.id}", 404)
    for deed in ("rename", "remove"):
        client.post(f"/account/passkeys/{theirs.id}/{deed}", {"name": "mine now"}, 404)
    assert own_factors.factors_of(office.site.keys, office.person(Role.ADMIN)).passkeys == [theirs]


def test_a_site_without_a_name_says_so_instead(sqlite_url: str) -> None:
    site = build(sqlite_url)
    page = Office(site).treasurer.get("/account/passkeys/add")
    assert "Klucze dostępu wymagają serwisu z nazwą" in page.text
    site.keys.database.close()


def test_a_demo_on_a_bare_address_says_where_passkeys_work(sqlite_url: str) -> None:
    site = build(sqlite_url, TRUSTED_HOSTS="127.0.0.1,localhost")
    page = Office(site).treasurer.get("/account/passkeys/add")
    assert "http://localhost/account" in [link.get("href") for link in page.every("a")]
    site.keys.database.close()


# Sign-ins


def test_one_ends_a_sign_in_of_one_s_own(office: Office) -> None:
    here, elsewhere = office.signed_in(Role.TREASURER), office.signed_in(Role.TREASURER)
    (form,) = [
        form.get("action", "") for form in here.get("/account").every("form") if "/end" in form.get("action", "")
        and "others" not in form.get("action", "")
    ]  # fmt: skip
    here.done(form, {})
    assert (is_in(office, here), is_in(office, elsewhere)) == (True, False)
    assert [action for action, _ in noted(office)] == [Action.SESSION_ENDED]


def test_one_ends_all_others_at_once(office: Office) -> None:
    here, *others = (office.signed_in(Role.EDITOR) for _ in range(3))
    stranger = office.signed_in(Role.ADMIN)
    here.done("/account/sessions/end-others", {})
    assert [is_in(office, client) for client in (here, *others, stranger)] == [True, False, False, True]


def test_a_sign_in_that_is_over_is_not_listed(office: Office) -> None:
    office.signed_in(Role.TREASURER)
    office.site.clock.turn(15 * MINUTE)
    here = office.signed_in(Role.TREASURER)
    assert not [form for form in here.get("/account").every("form") if "/sessions/" in form.get("action", "")]


def test_nobody_ends_somebody_else_s_sign_in(office: Office) -> None:
    here, theirs = office.signed_in(Role.TREASURER), office.signed_in(Role.ADMIN)
    with office.site.keys.database.reading() as connection:
        (session,) = staff.sessions_of(connection, office.person(Role.ADMIN).id)
    here.post(f"/account/sessions/{session.id}/end", {}, 404)
    assert is_in(office, theirs)
    assert noted(office) == []


# Freshness


def test_factors_are_changed_only_by_whoever_proved_it_a_moment_ago(office: Office) -> None:
    client = office.signed_in(Role.TREASURER)
    number = has_passkey(office, Role.TREASURER).id
    office.site.clock.turn(10 * MINUTE)
    for path in (*FACTORS, f"/account/passkeys/{number}"):
        assert client.raw("GET", path).location == f"/sign-in/again?next={path}"
    for path in (*FACTORS, f"/account/passkeys/{number}/rename", f"/account/passkeys/{number}/remove"):
        client.post(path, {"name": "x"}, 401)
    assert client.get("/account").lang == "pl"
