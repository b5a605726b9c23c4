"""The vault: what names a person is sealed before it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

# A Fernet token carries the time of its making in the clear; a fixed one tells nothing.
_NO_TIME = 0


class CannotOpen(Exception):
    """No key of the vault opens this: a key is missing, or the text was altered. Names no data."""


class Vault:
    """Seals with the first key and opens with any of them, so that keys can be replaced one after the other."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Takes Fernet keys, the newest first; ValueError where there is none, or one that is not a key."""
        if not keys:
            raise ValueError("a vault without a key")
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        """The text, encrypted; the same text looks different every time, and no time shows."""
        return self._keys.encrypt_at_time(text.encode(), _NO_TIME).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; CannotOpen if no key fits."""
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken:
            # The token is left out of the chain: an error that is logged must not carry it along.
            raise CannotOpen("sealed with a key that PII_KEYS does not hold") from None

    def rotate(self, sealed: str) -> str:
        """The same text under the first key, whichever it was sealed with; CannotOpen if no key fits."""
        return self.seal(self.open(sealed))
