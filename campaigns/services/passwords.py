"""Passwords of staff: which are good enough, and how they are kept and compared."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from campaigns.domain.people import Person

SHORTEST = 12
LONGEST = 200

# The second recommended option of RFC 9106, section 4: Argon2id, three passes over 64 MiB in four lanes, a salt of
# 128 bits and a hash of 256. Above the least that OWASP asks for (19 MiB, two passes).
_HASHER = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
# The hash of a password that nobody knows: an account that does not exist takes as long as one that does.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$jfWfBW+84l9TmjJsIO1Xug$xNIt4B7OLcu1sokEgXInIeu65M/WGNothUXZeP+DQ8I"
# 64 MiB each: a crowd at the door must not take all the memory.
_AT_ONCE = BoundedSemaphore(2)

_FEWEST_CHARACTERS = 5
# What the lists of stolen passwords begin with, as far as it is long enough, and what Poles add to them.
_COMMON = frozenset(Path(__file__).with_name("common-passwords.txt").read_text().split())


class Weakness(StrEnum):
    """What is wrong with a new password."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    ONES_OWN = "ones_own"  # the person's own name or address


def weakness(password: str, person: Person) -> Weakness | None:
    """Why this person should not take this password; None if it is good enough."""
    password = _normal(password)
    if len(password) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    letters = _letters(password)
    if letters in _COMMON or len(set(letters)) < _FEWEST_CHARACTERS:
        return Weakness.COMMON
    own = (person.email, person.email.partition("@")[0], person.name)
    if any(_letters(word) and not re.sub(re.escape(_letters(word)), "", letters).strip("0123456789") for word in own):
        return Weakness.ONES_OWN
    return None


def hashed(password: str) -> str:
    """How a password is kept."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long where there is no hash, or the password is longer than any."""
    is_real = password_hash is not None and len(password) <= LONGEST
    try:
        with _AT_ONCE:
            _HASHER.verify(password_hash or _NOBODY, _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return is_real


def is_outdated(password_hash: str) -> bool:
    """Whether a password should be hashed anew, since hashes are made another way now."""
    return _HASHER.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    """One form for what looks the same, however a keyboard composes its letters (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
