"""Passwords: how they are kept, which are good enough, and that a stranger learns nothing from the time it takes."""

from __future__ import annotations

import unicodedata
from statistics import median
from time import perf_counter

import pytest

from campaigns.domain.people import Person, Role
from campaigns.services import passwords
from campaigns.services.passwords import Weakness

TERESA = Person(1, "teresa.wojcik@example.org", "Teresa Wójcik", Role.TREASURER, "pl")
GOOD = "trzy konie i rower"


def test_a_password_is_kept_as_rfc_9106_recommends_and_never_twice_the_same() -> None:
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert kept != passwords.hashed(GOOD)
    assert passwords.fits(kept, GOOD)
    assert not passwords.fits(kept, GOOD + "!")
    assert not passwords.is_outdated(kept)


def test_a_password_fits_however_a_keyboard_composes_its_letters() -> None:
    typed = "zażółć gęślą jaźń"
    kept = passwords.hashed(unicodedata.normalize("NFD", typed))
    assert passwords.fits(kept, unicodedata.normalize("NFC", typed))


@pytest.mark.parametrize("kept", ["", "nonsense", "$argon2id$v=19$m=65536,t=3,p=4$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_hash_that_cannot_be_read_fits_nothing(kept: str) -> None:
    assert not passwords.fits(kept, "")
    assert not passwords.fits(kept, GOOD)


def test_what_is_longer_than_any_password_fits_nothing() -> None:
    kept = passwords.hashed("x" * 200)
    assert passwords.fits(kept, "x" * 200)
    assert not passwords.fits(kept, "x" * 201), "not by its first 200 characters either"


def test_an_account_that_does_not_exist_takes_as_long_as_one_that_does() -> None:
    kept = passwords.hashed(GOOD)

    def seconds(password_hash: str | None) -> float:
        begun = perf_counter()
        assert not passwords.fits(password_hash, "another password")
        return perf_counter() - begun

    pairs = [(seconds(kept), seconds(None)) for _ in range(5)]
    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2
    assert not passwords.is_outdated(passwords._NOBODY), "nobody’s hash is made as all others are"


@pytest.mark.parametrize(
    "password,wrong",
    [
        ("", Weakness.TOO_SHORT),
        ("eleven-char", Weakness.TOO_SHORT),
        ("twelve-chars", None),
        ("x1 y2 z3 " * 22 + "ab", None),
        ("x1 y2 z3 " * 23, Weakness.TOO_LONG),
        ("password1234", Weakness.COMMON),
        ("Pass-word 1234", Weakness.COMMON),
        ("qwertyuiop123", Weakness.COMMON),
        ("polska123456", Weakness.COMMON),
        ("aaaaaaaaaaaaaaaa", Weakness.COMMON),
        ("121212121212121", Weakness.COMMON),
        ("            ", Weakness.COMMON),
        ("Teresa Wójcik", Weakness.ONES_OWN),
        ("teresa.wojcik@example.org", Weakness.ONES_OWN),
        ("teresawojcik2026", Weakness.ONES_OWN),
        ("2026teresa.wojcik", Weakness.ONES_OWN),
        ("Teresa lubi konie", None),
        ("koń bateria zszywka", None),
        ("🐎🚲🐎🚲🐕🛴🐈🚂🐁🚌🐖✈️", Weakness.COMMON),
    ],
)
def test_a_new_password_is_long_rare_and_not_one_s_own(password: str, wrong: Weakness | None) -> None:
    assert passwords.weakness(password, TERESA) is wrong
