"""Passkeys: made on one's own device, and shown in place of a password and a code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from campaigns.domain.people import Person, Session
from campaigns.services import ceremonies, challenges, sessions, sign_in
from campaigns.services.audit_trail import Action, note
from campaigns.services.ceremonies import Party, Shown, Unverified
from campaigns.services.challenges import Challenge, Purpose, Worthless
from campaigns.services.keys import Keys
from campaigns.services.sign_in import Entry
from campaigns.storage import passkeys, staff
from campaigns.storage.database import Connection
from campaigns.storage.passkeys import NewPasskey, Passkey

LONGEST_NAME = 60
MOST = 20  # of one person

_Entered = TypeVar("_Entered")


class Problem(StrEnum):
    """Why a passkey was not taken, as far as the person at the browser is told."""

    STALE = "stale"  # the page was open for too long, or its question has been answered
    UNKNOWN = "unknown"  # not verified, or not known here
    TAKEN = "taken"  # known already, this person's or another's
    TOO_MANY = "too_many"


class Refused(Exception):
    """Nothing was changed; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Question:
    """What a page needs to ask for a passkey: options for the browser (JSON), and our signed note of the challenge."""

    options: str
    token: str


def ask_for_new(keys: Keys, person: Person) -> Question | None:
    """The question for a passkey that this person is to make; None where browsers would refuse to."""
    party = Party.of(keys.settings)
    if party is None:
        return None
    challenge = Challenge.make(Purpose.ADD, person.id, keys.now())
    options = ceremonies.options_to_make(party, challenge, person.id, person.name, _ids(keys, person))
    return Question(options, challenges.sign(challenge, keys.settings))


def ask(keys: Keys, person: Person | None = None) -> Question | None:
    """The question for a passkey of whoever signs in, or of this person, who is to prove it again.

    None as above, and where the person has none.
    """
    party, known = Party.of(keys.settings), _ids(keys, person)
    if party is None or (person is not None and not known):
        return None
    challenge = Challenge.make(*_expected(person), keys.now())
    options = ceremonies.options_to_show(party, challenge, known)
    return Question(options, challenges.sign(challenge, keys.settings))


def add(keys: Keys, person: Person, token: str, answer: str, name: str) -> None:
    """Keep the passkey that a person has made; `answer` is the browser's JSON. Refused if it proves nothing."""
    party, challenge = _read(keys, token, Purpose.ADD, person.id)
    try:
        made = ceremonies.made(party, challenge, answer)
    except Unverified as error:
        raise Refused(Problem.UNKNOWN) from error
    new = NewPasskey(person.id, made.credential_id, made.public_key, made.sign_count, name[:LONGEST_NAME])
    with keys.database.transaction() as connection:
        if not challenges.spend(connection, challenge):
            raise Refused(Problem.STALE)
        if len(passkeys.of_person(connection, person.id)) >= MOST:
            raise Refused(Problem.TOO_MANY)
        number = passkeys.add(connection, new, keys.now())
        if number is None:
            raise Refused(Problem.TAKEN)
        note(connection, keys, person, Action.FACTOR_CHANGED, f"staff:{person.id}", f"passkey {number} added")


def prove(keys: Keys, token: str, answer: str, shown: str = "") -> Entry:
    """Sign in by a passkey alone: the device knows its user, so it counts for both factors.

    The sign-in that the browser came with, `shown`, ends. Refused if the answer proves nothing; a copy of a passkey
    is written down.
    """

    def begin(connection: Connection, owner: Person) -> Entry:
        return Entry(owner, sign_in.complete(keys, connection, owner, "passkey", shown))

    return _proved(keys, token, answer, None, begin)


def prove_again(keys: Keys, session: Session, token: str, answer: str) -> str:
    """Prove within a sign-in who one is; returns its new token. Refused as above, and for anybody else's passkey."""

    def renew(connection: Connection, owner: Person) -> str:
        renewed = sessions.renew(connection, session, keys.now())
        if renewed is None:
            raise Refused(Problem.STALE)
        note(connection, keys, owner, Action.SIGN_IN, f"staff:{owner.id}", "again, by passkey")
        return renewed

    return _proved(keys, token, answer, session.person, renew)


def _proved(
    keys: Keys, token: str, answer: str, person: Person | None, enter: Callable[[Connection, Person], _Entered]
) -> _Entered:
    """What `enter` returns once the answer is verified, within the transaction that uses the challenge up."""
    party, challenge = _read(keys, token, *_expected(person))
    try:
        shown = ceremonies.shown(answer)
        known, owner = _known(keys, party, shown, person)
        sign_count = ceremonies.verify(party, challenge, shown, known.public_key)
    except Unverified as error:
        raise Refused(Problem.UNKNOWN) from error
    with keys.database.transaction() as connection:
        if not challenges.spend(connection, challenge):
            raise Refused(Problem.STALE)
        if passkeys.use(connection, known.id, sign_count, keys.now()):
            return enter(connection, owner)
        note(connection, keys, None, Action.PASSKEY_REFUSED, f"staff:{owner.id}", f"passkey {known.id}")
    raise Refused(Problem.UNKNOWN)


def _known(keys: Keys, party: Party, shown: Shown, person: Person | None) -> tuple[Passkey, Person]:
    """The passkey as it is kept, and whose it is; Unverified if it is nobody's who may show it here."""
    with keys.database.reading() as connection:
        passkey = passkeys.by_credential(connection, shown.credential_id)
        owner = staff.by_id(connection, passkey.staff_id) if passkey else None
    if passkey is None or owner is None or owner.person.disabled or owner.person.id != (person or owner.person).id:
        raise Unverified
    # A device that was told which passkeys to look for need not say for which account.
    if shown.handle != party.handle(owner.person.id) and (person is None or shown.handle is not None):
        raise Unverified
    return passkey, owner.person


def _read(keys: Keys, token: str, purpose: Purpose, staff_id: int | None) -> tuple[Party, Challenge]:
    party = Party.of(keys.settings)
    try:
        challenge = challenges.read(token, purpose, staff_id, keys.settings, keys.now())
    except Worthless as error:
        raise Refused(Problem.STALE) from error
    if party is None:
        raise Refused(Problem.UNKNOWN)
    return party, challenge


def _expected(person: Person | None) -> tuple[Purpose, int | None]:
    return (Purpose.SIGN_IN, None) if person is None else (Purpose.AGAIN, person.id)


def _ids(keys: Keys, person: Person | None) -> list[str]:
    if person is None:
        return []
    with keys.database.asking() as connection:
        return [passkey.credential_id for passkey in passkeys.of_person(connection, person.id)]
