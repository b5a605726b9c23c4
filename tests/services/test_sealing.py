"""Seals: who lacks the key cannot make one, and none holds for anything but its own record at its own place."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.config import Settings
from campaigns.services.sealing import BEGINNING, Seals, UnknownKey
from tests.world import environment


def settings(*keys: str) -> Settings:
    """A site with these secrets, the newest first."""
    return Settings.from_environment(environment("sqlite:////nowhere/x.sqlite3", SECRET_KEY=",".join(keys)))


NEW, OLD = secrets.token_hex(32), secrets.token_hex(32)
SEALS = Seals.of(settings(NEW), "books")


def test_the_same_record_at_the_same_place_has_the_same_seal() -> None:
    assert SEALS.seal(BEGINNING, b"entry 1") == Seals.of(settings(NEW), "books").seal(BEGINNING, b"entry 1")


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_another_record_has_another_seal(one: bytes, other: bytes) -> None:
    assert (SEALS.seal(BEGINNING, one) == SEALS.seal(BEGINNING, other)) == (one == other)


def test_a_record_moved_to_another_place_has_another_seal() -> None:
    first = SEALS.seal(BEGINNING, b"entry 1")
    assert SEALS.seal(first, b"entry 2") != SEALS.seal(BEGINNING, b"entry 2")


def test_a_seal_cannot_be_made_without_the_key() -> None:
    stranger = Seals.of(settings(secrets.token_hex(32)), "books")
    assert stranger.seal(BEGINNING, b"entry 1") != SEALS.seal(BEGINNING, b"entry 1")


def test_a_seal_of_one_purpose_proves_nothing_in_another() -> None:
    audit = Seals.of(settings(NEW), "audit")
    assert audit.key_id != SEALS.key_id
    assert audit.seal(BEGINNING, b"entry 1") != SEALS.seal(BEGINNING, b"entry 1")


def test_after_a_change_of_keys_the_former_one_still_verifies_and_the_new_one_seals() -> None:
    before, after = Seals.of(settings(OLD), "books"), Seals.of(settings(NEW, OLD), "books")
    assert after.key_id == SEALS.key_id
    assert after.seal(BEGINNING, b"entry 1", before.key_id) == before.seal(BEGINNING, b"entry 1")


def test_a_key_that_is_not_held_any_more_is_named() -> None:
    gone = Seals.of(settings(OLD), "books").key_id
    with pytest.raises(UnknownKey, match=gone):
        SEALS.seal(BEGINNING, b"entry 1", gone)


def test_the_id_of_a_key_tells_nothing_of_it() -> None:
    assert SEALS.key_id not in (NEW, NEW[:16])
    assert all(SEALS.key_id not in key.hex() for _, key in SEALS.keys)
