"""Signing in: the password, then the second factor. Decision 11 says how guessing is held up, and nobody locked out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.config import Limit
from campaigns.domain.people import Person, Session
from campaigns.services import halfway, one_time_codes, passwords, sessions
from campaigns.services.audit_trail import Action, note
from campaigns.services.faults import way_to
from campaigns.services.halfway import Worthless
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries, block_of, count, forgive
from campaigns.storage import credentials, passkeys, staff
from campaigns.storage.database import Connection
from campaigns.storage.staff import Credentials
from campaigns.storage.vault import CannotOpen

log = logging.getLogger(__name__)

_TEN_MINUTES = timedelta(minutes=10)
PER_ADDRESS = (Limit(20, _TEN_MINUTES),)
PER_ADDRESS_AND_ACCOUNT = (Limit(10, _TEN_MINUTES),)
PER_ACCOUNT = (Limit(10, _TEN_MINUTES),)
# Of somebody who has the password: three in a million codes are right at any time.
CODES_PER_PASSWORD = (Limit(10, _TEN_MINUTES), Limit(50, timedelta(days=1)))

_LONGEST_EMAIL = 254


class Wrong(Exception):
    """What was shown proves nothing."""


class Step(StrEnum):
    """What is left to do after the right password."""

    NOTHING = "nothing"
    CODE = "code"
    SET_UP = "set_up"  # a second factor, which this role cannot do without


@dataclass(frozen=True, slots=True)
class Half:
    """Half a sign-in: a token for the form of the next step. `person` is known only where it may be told."""

    token: str
    step: Step
    person: Person | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign-in that has begun: whose, and the token for the cookie. `codes`: new recovery codes, shown once."""

    person: Person
    token: str
    codes: Sequence[str] = ()


def check_password(keys: Keys, email: str, password: str, address: str) -> Half | None:
    """The first step; None if the password is wrong, or nobody here has this address: nothing tells which.

    TooManyTries from this address. While an account is being besieged from many addresses, every password, right or
    wrong, leads on to the second step, and only there both are judged together.
    """
    email, now = staff.normal(email)[:_LONGEST_EMAIL], keys.now()
    with keys.database.transaction() as connection:
        tries, besieged = _count_password(connection, email, address, now)
        found = staff.by_email(connection, email)
        second = has_second_factor(connection, found)
    password_hash = found.password_hash if found and not found.person.disabled else None
    right = passwords.fits(password_hash, password)
    if right and found is not None:
        found = _welcome(keys, found, password, tries)
    if not right and not besieged:
        return None
    half = half_of(keys, found if right else None, second)
    return Half(half.token, Step.CODE, None) if besieged else half


def half_of(keys: Keys, shown: Credentials | None, second: bool) -> Half:
    """Half a sign-in for somebody who has shown the password (or has just chosen it); None: for nobody.

    `second`: whether there is a second factor to ask for.
    """
    token = halfway.seal(halfway.Half.of(shown, keys.now()), keys)
    if shown is None or second:
        return Half(token, Step.CODE, shown.person if shown else None)
    return Half(token, Step.SET_UP if shown.person.needs_second_factor else Step.NOTHING, shown.person)


def enter(keys: Keys, token: str, shown: str = "") -> Entry:
    """End a sign-in for which nothing is left to do. Worthless if there is."""
    half = halfway.read(token, keys)
    with keys.database.transaction() as connection:
        found = halfway.credentials(connection, half)
        if found is None or found.person.needs_second_factor or has_second_factor(connection, found):
            raise Worthless
        halfway.spend(connection, half)
        return Entry(found.person, complete(keys, connection, found.person, "password", shown))


def prove(keys: Keys, token: str, code: str, address: str, shown: str = "") -> Entry:
    """The second step, by a code of the app or a recovery code. `shown`: the token of a sign-in that this one replaces.

    Wrong if the code is, or if all was wrong from the first step on; Worthless for the token; TooManyTries.
    """
    half = halfway.read(token, keys)
    tries, app_counts = _count_code(keys, half, address)
    with keys.database.transaction() as connection:
        found = halfway.credentials(connection, half)
        how = _accepted(connection, keys, found, code, app_counts)
        if found is None or how is None:
            raise Wrong
        halfway.spend(connection, half)
        forgive(connection, tries)
        return Entry(found.person, complete(keys, connection, found.person, how, shown))


def set_up(keys: Keys, token: str, sealed: str, code: str, shown: str = "") -> Entry:
    """The second step of somebody whose role needs a second factor and who has none. Wrong if the code is."""
    half = halfway.read(token, keys)
    with keys.database.transaction() as connection:
        found = halfway.credentials(connection, half)
        if found is None or has_second_factor(connection, found):
            raise Worthless
        codes = one_time_codes.take(connection, keys, found.person, sealed, code)
        if codes is None:
            raise Wrong
        halfway.spend(connection, half)
        return Entry(found.person, complete(keys, connection, found.person, "password and code", shown), codes)


def person_behind(keys: Keys, token: str) -> Person:
    """Who is half signed in and sets up a second factor; Worthless for anybody else."""
    half = halfway.read(token, keys)
    with keys.database.reading() as connection:
        found = halfway.credentials(connection, half)
        if found is None or has_second_factor(connection, found):
            raise Worthless
    return found.person


def prove_again(keys: Keys, session: Session, password: str, code: str, address: str) -> str:
    """Prove within a sign-in who one is: the password, and the code where there is one. Returns its new token.

    Wrong, without a word on which of the two; TooManyTries; Worthless if the sign-in has ended meanwhile.
    """
    first = check_password(keys, session.person.email, password, address)
    if first is None or first.step is Step.SET_UP:
        raise Wrong
    half = halfway.read(first.token, keys)
    tries, app_counts = _count_code(keys, half, address)
    with keys.database.transaction() as connection:
        found = halfway.credentials(connection, half)
        needs_code = first.step is Step.CODE
        how = _accepted(connection, keys, found, code, app_counts) if needs_code else "password"
        if found is None or found.person.id != session.person.id or how is None:
            raise Wrong
        halfway.spend(connection, half)
        forgive(connection, tries)
        token = sessions.renew(connection, session, keys.now())
        if token is None:
            raise Worthless
        note(connection, keys, found.person, Action.SIGN_IN, f"staff:{found.person.id}", f"again, by {how}")
        return token


def asks_for_code(keys: Keys, person: Person) -> bool:
    """Whether this person is asked for more than the password."""
    with keys.database.reading() as connection:
        return has_second_factor(connection, staff.by_id(connection, person.id))


def complete(keys: Keys, connection: Connection, person: Person, how: str = "", shown: str = "") -> str:
    """Begin a sign-in for somebody who has proved all that is needed; returns the token for the cookie.

    `how` goes into the audit log. `shown`: the token that the browser came with; that sign-in ends.
    """
    if shown:
        sessions.end(connection, shown)
    token = sessions.begin(connection, person, keys.now())
    note(connection, keys, person, Action.SIGN_IN, f"staff:{person.id}", f"by {how}" if how else "")
    return token


def leave(keys: Keys, token: str) -> None:
    """End the sign-in that a browser shows the token of, if there is one."""
    with keys.database.transaction() as connection:
        staff_id = sessions.end(connection, token)
        found = staff.by_id(connection, staff_id) if staff_id else None
        if found is not None:
            note(connection, keys, found.person, Action.SIGN_OUT, f"staff:{found.person.id}")


def has_second_factor(connection: Connection, found: Credentials | None) -> bool:
    """Whether there is something to ask this person for beside the password."""
    if found is None:
        return False
    return found.totp_sealed is not None or bool(passkeys.of_person(connection, found.person.id))


def _welcome(keys: Keys, found: Credentials, password: str, tries: Sequence[int]) -> Credentials:
    """After the right password: the tries are forgiven, and a hash of an older making is replaced."""
    fresh = passwords.hashed(password) if passwords.is_outdated(found.password_hash or "") else None
    with keys.database.transaction() as connection:
        forgive(connection, tries)
        if fresh is None:
            return found
        credentials.set_password(connection, found.person.id, fresh)
    return replace(found, password_hash=fresh)


def _count_password(connection: Connection, email: str, address: str, now: datetime) -> tuple[list[int], bool]:
    """The tries that were counted, and whether the account is besieged."""
    block = block_of(address)
    tries = [
        count(connection, f"sign-in:{block}", PER_ADDRESS, now),
        count(connection, f"sign-in:{block}:{email}", PER_ADDRESS_AND_ACCOUNT, now),
    ]
    try:
        tries.append(count(connection, f"sign-in:account:{email}", PER_ACCOUNT, now))
    except TooManyTries:
        return tries, True
    return tries, False


def _count_code(keys: Keys, half: halfway.Half, address: str) -> tuple[list[int], bool]:
    """The tries that were counted, and whether codes of the app still count; recovery codes always do."""
    with keys.database.transaction() as connection:
        tries = [count(connection, f"code:{block_of(address)}", PER_ADDRESS, keys.now())]
        try:
            tries.append(count(connection, f"code:{half.staff_id}:{half.mark}", CODES_PER_PASSWORD, keys.now()))
        except TooManyTries:
            return tries, False
    return tries, True


def _accepted(connection: Connection, keys: Keys, found: Credentials | None, code: str, app_counts: bool) -> str | None:
    """How the person has proved it, in words for the audit log; None if not."""
    if found is None:
        return None
    try:
        if app_counts and one_time_codes.accepts(connection, keys.vault, found, code, keys.now()):
            return "password and code"
    except CannotOpen as error:
        log.error("a person's codes cannot be checked: %s", way_to(error))
    if one_time_codes.accepts_recovery(connection, keys, found.person, code):
        return "password and recovery code"
    return None
