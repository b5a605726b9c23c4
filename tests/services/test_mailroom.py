"""The mailroom: letters leave once each, in the donor's language, through every failure that mail servers know."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.services.mailroom import LONGEST_WAIT, TRIES, Office, Report, deliver, wait_after
from campaigns.storage import donors, tray
from campaigns.storage.database import Database
from campaigns.storage.models import letters
from campaigns.storage.tray import LetterKind
from tests import mail
from tests.gifts import NOW, RETENTION, a_receipt, new_vault

ANNA, JAN = "anna@example.net", "jan@example.net"
MINUTE = timedelta(minutes=1)


class Room:
    """A mailroom at work: its tray, its vault and its mail server."""

    def __init__(self, database: Database, server: mail.MailServer) -> None:
        self.database = database
        self.server = server
        self.vault = new_vault()
        self.office = Office("office@example.org", server.url, "a secret of the test")

    def deliver(self, after: timedelta = timedelta(0)) -> Report:
        return deliver(self.database, self.vault, self.office, NOW + after)

    def receipt_for(self, email: str, language: str = "pl") -> int:
        return a_receipt(self.database, self.vault, email, language)

    def states(self) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.scalars(select(letters.c.state).order_by(letters.c.id)))


@pytest.fixture
def room(database: Database, mail_server: mail.MailServer) -> Room:
    return Room(database, mail_server)


def test_each_donor_gets_one_receipt_in_the_own_language(room: Room) -> None:
    room.receipt_for(ANNA, "en")
    room.receipt_for(JAN, "pl")
    assert room.deliver() == Report(sent=2)
    assert room.server.recipients == [ANNA, JAN]
    assert [letter["Content-Language"] for letter in room.server.letters] == ["en", "pl"]
    assert room.server.connections == 1
    assert room.deliver(after=timedelta(days=1)) == Report()
    assert room.server.connections == 1, "with nothing to send nobody is called"


def test_an_alert_goes_to_the_organisation(room: Room) -> None:
    with room.database.transaction() as connection:
        tray.put(connection, LetterKind.ALERT, "alert:1", "pl", NOW)
    assert room.deliver().sent == 1
    assert room.server.recipients == ["office@example.org"]


def test_letters_come_from_the_address_in_mail_url_where_it_names_one(room: Room) -> None:
    room.receipt_for(ANNA)
    room.office = replace(room.office, mail_url=f"{room.server.url}?from=post@neutral.example")
    room.deliver()
    (letter,) = room.server.letters
    assert letter["From"].addresses[0].addr_spec == "post@neutral.example"
    assert "example.org" not in letter.as_string()


def test_without_a_mail_server_letters_wait_and_the_report_says_so(room: Room) -> None:
    room.receipt_for(ANNA)
    room.office = replace(room.office, mail_url=None)
    assert room.deliver() == Report(waiting=1, trouble="MAIL_URL is not set: letters wait.")


def test_a_refused_recipient_does_not_stop_the_others(room: Room) -> None:
    for email in ("gone@example.net", "full@example.net", ANNA):
        room.receipt_for(email)
    room.server.refused = {"gone@example.net": "550 5.1.1 unknown", "full@example.net": "452 4.2.2 mailbox full"}
    assert room.deliver() == Report(sent=1, postponed=1, undeliverable=1, waiting=1)
    assert room.states() == ["undeliverable", "waiting", "sent"]
    room.server.refused = {}
    assert room.deliver(after=MINUTE) == Report(sent=1)


def test_a_server_that_goes_away_midway_leaves_the_rest_waiting(room: Room) -> None:
    for email in (ANNA, JAN, "ewa@example.net"):
        room.receipt_for(email)
    room.server.hangs_up_after = 1
    report = room.deliver()
    assert (report.sent, report.postponed, report.waiting) == (1, 1, 2)
    assert report.trouble is not None
    assert "Stopped early" in report.trouble
    room.server.hangs_up_after = None
    assert room.deliver(after=MINUTE).sent == 2
    assert sorted(room.server.recipients) == sorted([ANNA, JAN, "ewa@example.net"])


def test_while_the_server_is_down_no_letter_loses_a_try(room: Room) -> None:
    room.receipt_for(ANNA)
    with mail.running(mail.MailServer()) as other:
        pass
    room.office = replace(room.office, mail_url=other.url)
    for day in range(TRIES + 1):
        assert room.deliver(after=timedelta(days=day)).waiting == 1
    room.office = replace(room.office, mail_url=room.server.url)
    assert room.deliver().sent == 1


def test_a_letter_sent_again_after_a_crash_is_recognisable(room: Room) -> None:
    room.receipt_for(ANNA)
    room.server.hangs_up_after, room.server.takes_it_first = 0, True
    assert room.deliver().postponed == 1
    room.server.hangs_up_after = None
    assert room.deliver(after=MINUTE).sent == 1
    first, second = room.server.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_two_senders_at_once_send_every_letter_once(room: Room) -> None:
    emails = [f"donor{number}@example.net" for number in range(12)]
    for email in emails:
        room.receipt_for(email)
    room.server.slow = 0.02
    with ThreadPoolExecutor(3) as senders:
        reports = list(senders.map(lambda _: room.deliver(), range(3)))
    assert sorted(room.server.recipients) == sorted(emails)
    assert sum(report.sent for report in reports) == len(emails)


def test_a_letter_that_is_never_taken_is_given_up_after_some_days(room: Room) -> None:
    room.receipt_for(ANNA)
    room.server.refused[ANNA] = "451 4.7.1 not now"
    after = timedelta(0)
    for tries in range(1, TRIES):
        assert room.deliver(after).postponed == 1
        assert room.deliver(after + wait_after(tries) - MINUTE / 2).postponed == 0, "not before its time"
        after += wait_after(tries)
    assert room.deliver(after) == Report(undeliverable=1)
    assert timedelta(days=4) < after < timedelta(days=6)


def test_waits_double_up_to_six_hours() -> None:
    waits = [wait_after(tries) for tries in range(1, TRIES)]
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == max(waits) == LONGEST_WAIT


def test_a_receipt_to_an_erased_address_is_dropped(room: Room) -> None:
    room.receipt_for(ANNA)
    with room.database.transaction() as connection:
        donors.purge(connection, NOW + RETENTION, limit=10)
    assert room.deliver() == Report(dropped=1)
    assert room.server.letters == []


def test_an_address_under_a_lost_key_waits_and_does_not_stop_the_others(room: Room) -> None:
    room.receipt_for(ANNA)
    right_vault, room.vault = room.vault, new_vault()
    room.receipt_for(JAN)
    report = room.deliver()
    assert (report.sent, report.postponed) == (1, 1)
    assert report.trouble is not None
    assert "PII_KEYS" in report.trouble
    room.vault = right_vault
    assert room.deliver(after=MINUTE).sent == 1


def test_no_report_names_a_donor(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    for email in (ANNA, JAN):
        room.receipt_for(email)
    room.server.refused = {ANNA: f"550 {ANNA} unknown", JAN: f"421 {JAN} closing"}
    with caplog.at_level(0):
        report = room.deliver()
    assert report.trouble is not None
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("mail."))
    assert not any(name in str(report) + ours for name in ("anna", "jan@"))
