"""Delivering the letters that wait in the tray."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from campaigns.config import Settings
from campaigns.services import postman
from campaigns.services.letters import Inside, compose, message_id
from campaigns.services.postman import Gone, MailServer, Postman, Verdict
from campaigns.storage import donors, staff, tray
from campaigns.storage.database import Database
from campaigns.storage.tray import Letter, LetterKind, LetterState
from campaigns.storage.vault import CannotOpen, Vault

# No letter is in hand this long: an older claim belongs to a sender that died. A round ends long before its claims do.
LEASE = timedelta(minutes=30)
ROUND = timedelta(minutes=1)

# 1, 2, 4 ... minutes, then every six hours: about five days in all, as RFC 5321 (4.5.4.1) asks of mail servers.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
TRIES = 28


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: the organisation's address (alerts go there too), its MAIL_URL, a secret for the Message-IDs, and
    where links in letters for staff lead."""

    email: str
    mail_url: str | None
    secret: str
    base_url: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Office:
        return cls(settings.organisation.email, settings.mail_url, settings.secret_key, settings.base_url)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the letters in one round, how many wait now, and what stood in the way, if anything did."""

    sent: int = 0
    postponed: int = 0
    undeliverable: int = 0
    dropped: int = 0
    waiting: int = 0
    trouble: str | None = None


def deliver(database: Database, vault: Vault, office: Office, now: datetime) -> Report:
    """Send the letters that are due at `now` over one connection, for a minute at most. Nodes may do so at once.

    A letter is sent twice only where a sender dies between the server's answer and our note of it; then both copies
    have the same Message-ID. ValueError for a MAIL_URL that cannot be used.
    """
    if office.mail_url is None:
        return _report(database, Counter(), "MAIL_URL is not set: letters wait.")
    server = MailServer.parse(office.mail_url)
    if not _is_any_due(database, now):
        return _report(database, Counter(), None)
    sender = server.sender or office.email
    this_round = _Round(database, vault, office, sender, now)
    try:
        with postman.connected(server, sender) as carrier:
            this_round.go(carrier)
    except Gone as gone:
        this_round.trouble = f"Stopped early: {gone}."
    return _report(database, this_round.fates, this_round.trouble)


class _Round:
    """One round: which letters became what, and what stood in the way."""

    def __init__(self, database: Database, vault: Vault, office: Office, sender: str, now: datetime) -> None:
        self._database = database
        self._vault = vault
        self._office = office
        self._sender = sender
        self._now = now
        self.fates: Counter[LetterState] = Counter()
        self.trouble: str | None = None

    def go(self, carrier: Postman) -> None:
        """Take one letter after the other until none is due or the time is up; Gone if the server went away."""
        end = monotonic() + ROUND.total_seconds()
        while monotonic() < end and (letter := self._claim()):
            self._deliver(carrier, letter)

    def _claim(self) -> Letter | None:
        with self._database.transaction() as connection:
            return tray.claim(connection, self._now, self._now + LEASE)

    def _deliver(self, carrier: Postman, letter: Letter) -> None:
        try:
            recipient = self._recipient(letter)
            secret = self._vault.open(letter.secret) if letter.secret else ""
        except CannotOpen as error:
            self.trouble = f"An address cannot be opened: {error}."
            self._try_again(letter)
            return
        if recipient is None:
            self._settle(letter, LetterState.DROPPED)
            return
        name = message_id(letter, self._office.secret, postman.domain_of(self._sender))
        inside = Inside(secret, self._office.base_url)
        message = compose(letter, recipient, self._sender, name, self._now, inside)
        try:
            verdict = carrier.hand_over(message, recipient)
        except Gone:
            self._try_again(letter)
            raise
        match verdict:
            case Verdict.ACCEPTED:
                self._settle(letter, LetterState.SENT)
            case Verdict.NEVER:
                self._settle(letter, LetterState.UNDELIVERABLE)
            case Verdict.LATER:
                self._try_again(letter)

    def _recipient(self, letter: Letter) -> str | None:
        if letter.kind is LetterKind.ALERT and letter.staff_id is None:
            return self._office.email
        with self._database.reading() as connection:
            if letter.staff_id is not None:
                found = staff.by_id(connection, letter.staff_id)
                return found.person.email if found and not found.person.disabled else None
            if letter.pledge_id is not None:
                return donors.email_of(connection, self._vault, letter.pledge_id)
        return None

    def _try_again(self, letter: Letter) -> None:
        if letter.attempts >= TRIES:
            self._settle(letter, LetterState.UNDELIVERABLE)
            return
        with self._database.transaction() as connection:
            tray.postpone(connection, letter, self._now + wait_after(letter.attempts))
        self.fates[LetterState.WAITING] += 1

    def _settle(self, letter: Letter, fate: LetterState) -> None:
        with self._database.transaction() as connection:
            tray.settle(connection, letter, fate, self._now)
        self.fates[fate] += 1


def wait_after(attempts: int) -> timedelta:
    """How long to wait after that many tries (one or more): twice as long each time, up to a limit."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _is_any_due(database: Database, now: datetime) -> bool:
    with database.reading() as connection:
        return tray.is_any_due(connection, now)


def _report(database: Database, fates: Counter[LetterState], trouble: str | None) -> Report:
    with database.reading() as connection:
        return Report(
            sent=fates[LetterState.SENT],
            postponed=fates[LetterState.WAITING],
            undeliverable=fates[LetterState.UNDELIVERABLE],
            dropped=fates[LetterState.DROPPED],
            waiting=tray.waiting(connection),
            trouble=trouble,
        )
