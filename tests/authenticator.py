"""A device for passkeys, in software: it makes real ones (ES256) and signs with them, and can be told to cheat."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

# Bits of the flags: the user was there; the device knows the user; a new passkey follows.
PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40
_ES256 = -7


@dataclass
class Device:
    """One authenticator in a browser on `origin`. It does not check what it is asked for: a thief's would not either.

    `counts`: whether it counts its signatures; most that sync their passkeys say 0 for ever.
    """

    origin: str
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    cross_origin: bool = False
    rp_id: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    signed: int = 0

    def make(self, options: str, kind: str = "webauthn.create", **changes: Any) -> str:
        """The answer to a question for a new passkey, as JSON; `changes` are of the client's data."""
        asked = json.loads(options)
        self.handle = unpacked(asked["user"]["id"])
        fresh = b"\0" * 16 + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public_key()
        data = self._data(self.rp_id or asked["rp"]["id"], self.flags | NEW) + fresh
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client(kind, asked["challenge"], **changes)
        return self._answer({"clientDataJSON": packed(client), "attestationObject": packed(attestation)})

    def show(self, options: str, kind: str = "webauthn.get", **changes: Any) -> str:
        """The answer to a question for a passkey, as JSON; `changes` are of the client's data."""
        asked = json.loads(options)
        self.signed += 1 if self.counts else 0
        data = self._data(self.rp_id or asked["rpId"], self.flags)
        client = self._client(kind, asked["challenge"], **changes)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"authenticatorData": data, "clientDataJSON": client, "signature": signature}
        handle = {"userHandle": packed(self.handle)} if self.handle else {}
        return self._answer({name: packed(value) for name, value in response.items()} | handle)

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.signed.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, **changes: Any) -> bytes:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(data | changes).encode()

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return encode_cbor({1: 2, 3: _ES256, -1: 1} | point)

    def _answer(self, response: dict[str, str]) -> str:
        name = packed(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def packed(content: bytes) -> str:
    """Base64url, as browsers write it."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def altered(answer: str, name: str, place: int = -1) -> str:
    """An answer in which one byte of one part of the response is another."""
    whole = json.loads(answer)
    content = bytearray(unpacked(whole["response"][name]))
    content[place] ^= 1
    whole["response"][name] = packed(bytes(content))
    return json.dumps(whole)
