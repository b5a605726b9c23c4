"""The vault: nothing shows, keys can be replaced, and nothing opens without one."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode

import pytest
from cryptography.fernet import Fernet

from campaigns.storage.vault import CannotOpen, Vault

EMAIL = "anna.nowak@example.org"


def a_key() -> str:
    return Fernet.generate_key().decode()


def test_what_is_sealed_can_be_opened_and_not_be_read() -> None:
    vault = Vault([a_key()])
    sealed = vault.seal(EMAIL)
    assert vault.open(sealed) == EMAIL
    assert "anna" not in sealed
    assert sealed != vault.seal(EMAIL), "the same address must not be recognisable"


def test_the_time_of_sealing_does_not_show() -> None:
    token = urlsafe_b64decode(Vault([a_key()]).seal(EMAIL))
    (moment,) = struct.unpack(">Q", token[1:9])
    assert moment == 0


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old, new = a_key(), a_key()
    sealed_before = Vault([old]).seal(EMAIL)
    both = Vault([new, old])
    assert both.open(sealed_before) == EMAIL
    assert Vault([new]).open(both.seal(EMAIL)) == EMAIL
    assert Vault([new]).open(both.rotate(sealed_before)) == EMAIL


def test_what_was_sealed_with_a_lost_key_or_altered_does_not_open() -> None:
    vault = Vault([a_key()])
    sealed = vault.seal(EMAIL)
    for unfit in (Vault([a_key()]).seal(EMAIL), sealed[:-4], ""):
        with pytest.raises(CannotOpen) as raised:
            vault.open(unfit)
        assert "anna" not in str(raised.value)


@pytest.mark.parametrize("keys", [[], ["short"], [a_key(), "short"]])
def test_there_is_no_vault_without_proper_keys(keys: list[str]) -> None:
    with pytest.raises(ValueError, match=r"without a key|32 url-safe"):
        Vault(keys)
