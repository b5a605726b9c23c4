"""`flask staff`: the first people come in by it, and whoever has lost everything."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from campaigns.domain.people import Role
from campaigns.services import invitations
from campaigns.services.invitations import LinkOver
from campaigns.storage import staff
from campaigns.storage.models import audit_log, letters
from tests.front_door.test_commands import Desk, Sit, refused
from tests.front_door.test_commands import sit as sit

ADD = "staff add --email Teresa@example.org --name Teresa --role treasurer"
LINK = re.compile(r"http://127\.0\.0\.1:8000/invitation/([A-Za-z0-9_-]{43})\n")


@pytest.fixture
def desk(sit: Sit, sqlite_url: str) -> Desk:
    return sit(sqlite_url)


def link_in(output: str) -> str:
    match = LINK.match(output)
    assert match, output
    assert output.endswith("The link works once and ends after 72 hours. Give it to nobody but its owner.\n")
    return match[1]


def test_an_account_is_opened_and_its_link_printed(desk: Desk) -> None:
    result = desk.say(f"{ADD} --language en")
    assert result.exit_code == 0
    person = invitations.invited(desk.keys, link_in(result.output))
    assert (person.email, person.name, person.role) == ("teresa@example.org", "Teresa", Role.TREASURER)
    assert person.language == "en"


def test_the_link_is_printed_and_not_sent(desk: Desk) -> None:
    desk.say(ADD)
    with desk.keys.database.reading() as connection:
        assert connection.scalar(select(letters.c.id)) is None
        assert list(connection.scalars(select(audit_log.c.action))) == ["person_invited"]


def test_an_address_has_one_account(desk: Desk) -> None:
    desk.say(ADD)
    refused(desk.say(ADD.replace("Teresa@", " teresa@".strip())), "has an account")
    with desk.keys.database.reading() as connection:
        assert len(staff.everybody(connection)) == 1


def test_a_new_link_ends_the_one_before(desk: Desk) -> None:
    first = link_in(desk.say(ADD).output)
    second = link_in(desk.say("staff invite --email teresa@example.org").output)
    assert invitations.invited(desk.keys, second).name == "Teresa"
    with pytest.raises(LinkOver):
        invitations.invited(desk.keys, first)


def test_nobody_else_is_invited_again(desk: Desk) -> None:
    refused(desk.say("staff invite --email nobody@example.org"), "Nobody has an open account")


@pytest.mark.parametrize(
    "command",
    [
        "staff add --email teresa --name Teresa --role treasurer",
        "staff add --email teresa@example.org --name Teresa --role owner",
        "staff add --email teresa@example.org --name Teresa --role treasurer --language de",
        f"staff add --email teresa@example.org --name {'T' * 101} --role treasurer",
        "staff add --email teresa@example.org --role treasurer",
    ],
)
def test_what_is_no_person_is_refused(desk: Desk, command: str) -> None:
    assert desk.say(command).exit_code == 2
    with desk.keys.database.reading() as connection:
        assert staff.everybody(connection) == []
