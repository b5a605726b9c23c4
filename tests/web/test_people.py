"""The pages on which people are managed: what they show, what they do, and to whom they refuse it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from campaigns.domain.people import Person, Role
from campaigns.language import LANGUAGES
from campaigns.services import people, sessions
from campaigns.storage import audit_log, staff
from tests.web.page_rules import text_of
from tests.web.sites import build
from tests.web.staff import Office
from tests.web.staff import office as office

FORM = {"name": "Anna Nowak", "email": "anna@example.org", "role": "treasurer", "language": "pl"}


@pytest.fixture
def office_with_mail(sqlite_url: str) -> Iterator[Office]:
    site = build(sqlite_url, MAIL_URL="smtp://127.0.0.1:1")
    yield Office(site)
    site.keys.database.close()


def anna(office: Office) -> Person:
    """The one who was invited."""
    with office.site.keys.database.reading() as connection:
        found = staff.by_email(connection, FORM["email"])
    assert found is not None
    return found.person


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_in_the_admin_s_language(office: Office, lang: str) -> None:
    admin, number = office.signed_in(Role.ADMIN, lang), office.person(Role.AUDITOR).id
    for path in ("", "/invite", f"/{number}", f"/{office.person(Role.ADMIN).id}"):
        assert admin.get(f"/admin/people{path}").lang == lang
    assert admin.post("/admin/people/invite", FORM).lang == lang
    admin.done(f"/admin/people/{number}/disable", {})
    assert admin.get(f"/admin/people/{number}").lang == lang


def test_the_list_shows_everybody_with_address_and_role(office: Office) -> None:
    admin = office.signed_in(Role.ADMIN)
    for role in Role:
        office.person(role)
    rows = [text_of(row) for row in admin.get("/admin/people").every("tr")][1:]
    assert len(rows) == len(Role)
    assert all(f"{role}@example.org" in row for role, row in zip(sorted(Role), sorted(rows), strict=True))


def test_an_invitation_by_letter_shows_no_link(office_with_mail: Office) -> None:
    admin = office_with_mail.signed_in(Role.ADMIN)
    where = admin.done("/admin/people/invite", FORM)
    assert where == f"/admin/people/{anna(office_with_mail).id}?done=invited"
    assert "/invitation/" not in admin.get(where).html


def test_without_a_mail_server_the_link_is_shown_once(office: Office) -> None:
    admin = office.signed_in(Role.ADMIN)
    assert "http://127.0.0.1/invitation/" in admin.post("/admin/people/invite", FORM).text
    for path in ("/admin/people", f"/admin/people/{anna(office).id}"):
        assert "/invitation/" not in admin.get(path).html


@pytest.mark.parametrize(
    "field,value",
    [("name", " "), ("name", "x" * 101), ("email", "anna"), ("email", ""), ("role", "owner"), ("language", "xx")],
)
def test_a_form_with_a_mistake_invites_nobody_and_says_where(office: Office, field: str, value: str) -> None:
    admin = office.signed_in(Role.ADMIN)
    page = admin.post("/admin/people/invite", FORM | {field: value}, 422)
    assert f"#{field}" in [link.get("href") for link in page.every("a")]
    assert len(people.everybody(office.site.keys)) == 1


def test_nobody_is_invited_twice(office: Office) -> None:
    admin = office.signed_in(Role.ADMIN)
    admin.post("/admin/people/invite", FORM)
    page = admin.post("/admin/people/invite", FORM | {"email": " ANNA@example.org"}, 422)
    assert "Osoba z tym adresem już jest na liście." in page.text


def test_a_role_is_changed_and_only_to_one_that_there_is(office: Office) -> None:
    admin, number = office.signed_in(Role.ADMIN), office.person(Role.EDITOR).id
    admin.done(f"/admin/people/{number}/role", {"role": "auditor"})
    admin.post(f"/admin/people/{number}/role", {"role": "owner"}, 400)
    listed = people.somebody(office.site.keys, number)
    assert listed is not None
    assert listed.person.role is Role.AUDITOR


def test_whoever_is_shut_out_is_asked_to_sign_in_at_the_next_click(office: Office) -> None:
    admin, treasurer = office.signed_in(Role.ADMIN), office.treasurer
    number = office.person(Role.TREASURER).id
    admin.done(f"/admin/people/{number}/disable", {})
    assert treasurer.raw("GET", "/treasury/").location.startswith("/sign-in?")
    admin.done(f"/admin/people/{number}/enable", {})
    assert treasurer.raw("GET", "/treasury/").location.startswith("/sign-in?")


def test_a_reset_shows_a_new_link_and_ends_every_sign_in(office: Office) -> None:
    admin, treasurer = office.signed_in(Role.ADMIN), office.treasurer
    assert "/invitation/" in admin.post(f"/admin/people/{office.person(Role.TREASURER).id}/invite", {}).text
    assert sessions.resume(office.site.keys.database, treasurer.token, office.site.clock()) is None


@pytest.mark.parametrize("deed", ["role", "invite", "disable", "enable"])
def test_an_admin_does_nothing_to_themselves(office: Office, deed: str) -> None:
    admin, number = office.signed_in(Role.ADMIN), office.person(Role.ADMIN).id
    assert "#role" not in admin.get(f"/admin/people/{number}").html
    admin.post(f"/admin/people/{number}/{deed}", {"role": "editor"}, 409)
    assert admin.get("/admin/people").lang == "pl"


@pytest.mark.parametrize("deed", ["", "role", "invite", "disable", "enable"])
def test_somebody_who_is_not_there_is_not_found(office: Office, deed: str) -> None:
    admin = office.signed_in(Role.ADMIN)
    path = f"/admin/people/4711/{deed}".rstrip("/")
    assert (admin.post(path, {"role": "editor"}, 404) if deed else admin.get(path, 404)).lang == "pl"


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDITOR, Role.EDITOR])
def test_no_other_role_sees_or_changes_people(office: Office, role: Role) -> None:
    client, number = office.signed_in(role), office.person(Role.ADMIN).id
    before = people.everybody(office.site.keys)
    for path in ("/admin/people", "/admin/people/invite", f"/admin/people/{number}"):
        client.get(path, 403)
    for path in ("invite", f"{number}/role", f"{number}/invite", f"{number}/disable", f"{number}/enable"):
        client.post(f"/admin/people/{path}", FORM, 403)
    assert people.everybody(office.site.keys) == before


def test_the_audit_log_has_every_change_and_no_address(office: Office) -> None:
    admin, number = office.signed_in(Role.ADMIN), office.person(Role.EDITOR).id
    admin.post("/admin/people/invite", FORM)
    admin.done(f"/admin/people/{number}/role", {"role": "auditor"})
    admin.done(f"/admin/people/{number}/disable", {})
    with office.site.keys.database.reading() as connection:
        records = [sealed.record for sealed in audit_log.all_records(connection)]
    assert [record.detail for record in records] == ["treasurer", "role editor to auditor", "disabled"]
    assert all(record.staff_id == office.person(Role.ADMIN).id for record in records)
    assert "@" not in str(records)
