"""The page of the audit log: who did what, found, paged and verified."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from campaigns.domain.people import Role
from campaigns.language import LANGUAGES, speaking
from campaigns.services.audit_reading import ROWS
from campaigns.services.audit_trail import Action, note
from campaigns.web.treasurer import audit_words
from tests.web.page_rules import Page, text_of
from tests.web.staff import Office
from tests.web.staff import office as office
from tests.web.staff import office_on_each as office_on_each

PATH = "/treasury/audit"


def write(office: Office, action: Action, subject: str = "", role: Role | None = Role.TREASURER) -> None:
    person = office.person(role) if role else None
    with office.site.keys.database.transaction() as connection:
        note(connection, office.site.keys, person, action, subject)


def subjects(page: Page) -> list[str]:
    """What the records on a page are about, from the top."""
    rows = [row for body in page.every("tbody") for row in body]
    return [text_of(row[4]) for row in rows]


def test_the_newest_stands_first(office_on_each: Office) -> None:
    for number in (1, 2, 3):
        write(office_on_each, Action.BOOKED, f"entry:{number}")
    assert subjects(office_on_each.auditor.get(PATH)) == ["entry:3", "entry:2", "entry:1"]


def test_who_did_it_is_said_and_the_program_too(office: Office) -> None:
    write(office, Action.BOOKED, "entry:1")
    write(office, Action.EXPORTED, "books", role=None)
    rows = [text_of(row) for row in office.signed_in(Role.AUDITOR, "en").get(PATH).one("tbody")]
    assert "The program Books exported books" in rows[0]
    assert "Treasurer Booked by hand entry:1" in rows[1]


@pytest.mark.parametrize(
    "query,found",
    [
        ("action=reversed", ["entry:2"]),
        ("subject=entry:1", ["entry:1"]),
        ("from=2026-11-23", ["entry:3", "entry:2"]),
        ("to=2026-11-22", ["entry:1"]),
        ("from=2026-11-23&to=2026-11-23&action=reversed", ["entry:2"]),
        ("action=sign_in", []),
    ],
)
def test_records_are_found_by_deed_subject_and_polish_day(office_on_each: Office, query: str, found: list[str]) -> None:
    office = office_on_each
    # 22:59:59 in London is the last second of the day in Poland, and what comes next is the next day.
    for at, action, subject in (
        (datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC), Action.BOOKED, "entry:1"),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), Action.REVERSED, "entry:2"),
        (datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), Action.BOOKED, "entry:3"),
    ):
        office.site.clock.moment = at
        write(office, action, subject)
    assert subjects(office.auditor.get(f"{PATH}?{query}")) == found


def test_records_are_found_by_person(office_on_each: Office) -> None:
    office = office_on_each
    write(office, Action.BOOKED, "entry:1")
    write(office, Action.PERSON_INVITED, "staff:9", Role.ADMIN)
    treasurer = office.person(Role.TREASURER)
    assert subjects(office.auditor.get(f"{PATH}?person={treasurer.id}")) == ["entry:1"]


def test_older_records_are_a_page_away_and_no_record_is_lost_between(office: Office) -> None:
    for number in range(ROWS + 3):
        write(office, Action.BOOKED, f"entry:{number}")
    auditor = office.auditor
    first = auditor.get(f"{PATH}?action=booked")
    (older,) = [link.get("href", "") for link in first.every("a") if "before=" in link.get("href", "")]
    write(office, Action.BOOKED, "entry:later")
    second = auditor.get(older)
    assert "action=booked" in older
    assert subjects(first) + subjects(second) == [f"entry:{number}" for number in reversed(range(ROWS + 3))]


@pytest.mark.parametrize("query", ["person=x", "person=²", "before=-1", "action=dance", "subject=%00"])
def test_what_nobody_can_mean_is_not_there(office: Office, query: str) -> None:
    office.auditor.get(f"{PATH}?{query}", status=404)


def test_a_day_that_cannot_be_read_is_said(office: Office) -> None:
    office.auditor.get(f"{PATH}?from=yesterday", status=422)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_honest_log_is_verified(office_on_each: Office, language: str) -> None:
    write(office_on_each, Action.BOOKED, "entry:1")
    page = office_on_each.signed_in(Role.AUDITOR, language).get(f"{PATH}?verify=1")
    assert [element for element in page.every("div") if element.get("role") == "status"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_that_was_changed_is_named(office: Office, language: str) -> None:
    write(office, Action.BOOKED, "entry:1")
    with office.site.keys.database.transaction() as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_update"))
        connection.execute(text("UPDATE audit_log SET subject = 'entry:2'"))
    page = office.signed_in(Role.AUDITOR, language).get(f"{PATH}?verify=1")
    (alert,) = [text_of(element) for element in page.every("div") if element.get("role") == "alert"]
    assert " 1 " in alert


def test_every_deed_has_words_of_its_own_in_both_languages() -> None:
    for code in LANGUAGES:
        with speaking(code):
            assert len({audit_words.action_words(action) for action in Action}) == len(Action)
    assert audit_words.ACTIONS.keys() == set(Action)


def test_a_deed_that_only_an_older_program_knew_is_shown_as_it_is_kept() -> None:
    assert audit_words.action_words("dance") == "dance"


@pytest.mark.parametrize("role", [Role.EDITOR])
def test_who_may_not_see_it_does_not(office: Office, role: Role) -> None:
    assert office.signed_in(role).raw("GET", PATH).status_code == 403
