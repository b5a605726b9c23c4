"""Letters for staff: each to its one reader, with a link that nobody else can read where it waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from campaigns.domain.people import Person, Role
from campaigns.services import invitations, resets
from campaigns.services.mailroom import Office, Report, deliver
from campaigns.storage import credentials, staff, tray
from campaigns.storage.models import letters
from campaigns.storage.models import staff as staff_table
from campaigns.storage.tray import LetterKind
from tests import mail
from tests.gifts import new_vault
from tests.world import World, a_site

HEAD = "0123456789abcdef" * 4


class Room:
    """A mailroom at work, and somebody on the staff."""

    def __init__(self, world: World, server: mail.MailServer) -> None:
        self.world, self.server = world, server
        self.office = Office("office@example.org", server.url, "a secret of the test", "https://give.example.org")

    def somebody(self, language: str = "en") -> Person:
        keys, email = self.world.keys, f"{language}@example.org"
        with keys.database.transaction() as connection:
            number = staff.add(connection, email, "Teresa", Role.TREASURER, language, keys.now())
            credentials.set_password(connection, number, "a hash")
        return Person(number, email, "Teresa", Role.TREASURER, language)

    def invite(self, person: Person) -> str:
        with self.world.database.transaction() as connection:
            return invitations.invite(connection, self.world.keys, person, None)

    def deliver(self) -> Report:
        return deliver(self.world.database, self.world.keys.vault, self.office, self.world.clock())

    def secrets(self) -> list[str | None]:
        with self.world.database.reading() as connection:
            return list(connection.scalars(select(letters.c.secret)))


@pytest.fixture
def room(database_url: str, mail_server: mail.MailServer) -> Iterator[Room]:
    with a_site(database_url) as site:
        yield Room(site, mail_server)


def test_an_invitation_goes_to_whom_it_is_for_with_the_link(room: Room) -> None:
    token = room.invite(room.somebody())
    assert room.deliver() == Report(sent=1)
    (letter,) = room.server.letters
    assert room.server.recipients == ["en@example.org"]
    assert (letter["Subject"], letter["Content-Language"]) == ("Your invitation", "en")
    assert f"https://give.example.org/invitation/{token}" in letter.get_content().splitlines()


def test_a_new_password_is_asked_for_in_the_reader_s_language(room: Room) -> None:
    room.somebody("pl")
    resets.ask_for_reset(room.world.keys, "pl@example.org", "203.0.113.7")
    room.deliver()
    (letter,) = room.server.letters
    assert letter["Subject"] == "Nowe hasło"
    assert any(line.startswith("https://give.example.org/sign-in/reset/") for line in letter.get_content().splitlines())


def test_a_closed_month_is_told_with_its_head(room: Room) -> None:
    person, keys = room.somebody(), room.world.keys
    with keys.database.transaction() as connection:
        tray.put(
            connection, LetterKind.CLOSING, "closing:2026-10", "en", keys.now(),
            staff_id=person.id, secret=keys.vault.seal(f"2026-10 {HEAD}"),
        )  # fmt: skip
    room.deliver()
    (letter,) = room.server.letters
    assert "The month 2026-10 is closed." in letter.get_content()
    assert HEAD in letter.get_content().splitlines()


def test_the_link_waits_sealed_and_goes_with_the_letter(room: Room) -> None:
    token = room.invite(room.somebody())
    (waiting,) = room.secrets()
    assert waiting is not None
    assert token not in waiting
    room.deliver()
    assert room.secrets() == [None]


def test_a_letter_that_cannot_be_delivered_keeps_no_link_either(room: Room) -> None:
    room.invite(room.somebody())
    room.server.refused = {"en@example.org": "550 5.1.1 unknown"}
    assert room.deliver().undeliverable == 1
    assert room.secrets() == [None]


def test_whoever_was_shut_out_gets_no_letter(room: Room) -> None:
    room.invite(room.somebody())
    with room.world.database.transaction() as connection:
        connection.execute(update(staff_table).values(disabled_at=room.world.clock()))
    assert room.deliver() == Report(dropped=1)
    assert (room.server.letters, room.secrets()) == ([], [None])


def test_a_link_under_a_lost_key_waits_and_the_report_says_so(room: Room) -> None:
    room.invite(room.somebody())
    report = deliver(room.world.database, new_vault(), room.office, room.world.clock())
    assert (report.postponed, room.server.letters) == (1, [])
    assert "PII_KEYS" in (report.trouble or "")


def test_no_letter_names_the_organisation_or_a_donor(room: Room) -> None:
    room.invite(room.somebody())
    resets.ask_for_reset(room.world.keys, "en@example.org", "203.0.113.7")
    room.deliver()
    for letter in room.server.letters:
        shown = f"{letter['From']} {letter['Subject']} {letter.get_content()}".lower()
        assert not any(word in shown for word in ("fundacja", "donor", "gift", "campaign", "teresa"))
