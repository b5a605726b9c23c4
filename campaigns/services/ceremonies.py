"""The one place that knows py_webauthn: what a browser is asked for, and whether its answer is true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from campaigns.config import Settings
from campaigns.services.challenges import LIFETIME, Challenge

_ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_TIMEOUT = int(LIFETIME.total_seconds() * 1000)
_LONGEST_ANSWER = 16_384
_LONGEST_ID = 1023  # bytes, by the standard
_PORTS = {"http": 80, "https": 443}


class Unverified(Exception):
    """An answer that proves nothing, or is none."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom passkeys are made for: the host that browsers bind them to, and the one origin that they are shown on."""

    id: str
    origin: str
    name: str

    @classmethod
    def of(cls, settings: Settings) -> Party | None:
        """From BASE_URL. Browsers refuse passkeys on a bare address: a demo on one has them on localhost instead.

        None where there is no such name either.
        """
        parts = urlsplit(settings.base_url)
        host = parts.hostname or ""
        if _is_address(host):
            if not settings.demo or "localhost" not in {name.partition(":")[0] for name in settings.trusted_hosts}:
                return None
            host = "localhost"
        port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
        return cls(host, f"{parts.scheme}://{host}{port}", settings.organisation.name)

    def handle(self, staff_id: int) -> bytes:
        """What a device knows an account by: tells nothing of the person, and outlives the keys of the site."""
        return hashlib.sha256(f"passkey:{self.id}:{staff_id}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device has made, verified. Id and public key are in base64url."""

    credential_id: str
    public_key: str
    sign_count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that a browser shows, not verified yet: its id, and the handle of the account that it is for."""

    credential_id: str
    handle: bytes | None
    answer: AuthenticationCredential


def options_to_make(party: Party, challenge: Challenge, staff_id: int, name: str, known: Sequence[str]) -> str:
    """What the browser is told, as JSON: a passkey that the device finds by itself, and only after it knows its user.

    `known`: ids of the passkeys that the person has, so that no device makes a second one.
    """
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=party.handle(staff_id),
        user_name=name,
        challenge=challenge.random,
        timeout=_TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json(options)


def options_to_show(party: Party, challenge: Challenge, known: Sequence[str]) -> str:
    """What the browser is told, as JSON. `known`: the ids of which it must be one; none: any for this site."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge.random,
        timeout=_TIMEOUT,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def made(party: Party, challenge: Challenge, answer: str) -> Made:
    """The passkey in a browser's answer (JSON); Unverified unless it was made for us, here, now and by its user."""
    with _unverified_if_it_fails(answer):
        credential = parse_registration_credential_json(answer)
        _must_not_be_framed(credential.response.client_data_json)
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.random,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
        if len(verified.credential_id) > _LONGEST_ID:
            raise Unverified
    public_key = bytes_to_base64url(verified.credential_public_key)
    return Made(bytes_to_base64url(verified.credential_id), public_key, verified.sign_count)


def shown(answer: str) -> Shown:
    """Which passkey a browser's answer (JSON) is about; Unverified if it is no answer."""
    with _unverified_if_it_fails(answer):
        credential = parse_authentication_credential_json(answer)
    return Shown(credential.id, credential.response.user_handle, credential)


def verify(party: Party, challenge: Challenge, shown: Shown, public_key: str) -> int:
    """How many times the passkey has signed by now; Unverified unless it signed for us, here, now and for its user.

    The number is compared where it is kept: of two answers at the same moment one is a copy's.
    """
    with _unverified_if_it_fails():
        _must_not_be_framed(shown.answer.response.client_data_json)
        verified = verify_authentication_response(
            credential=shown.answer,
            expected_challenge=challenge.random,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    return verified.new_sign_count


@contextmanager
def _unverified_if_it_fails(answer: str = "") -> Iterator[None]:
    """Whatever a stranger's bytes make the library raise (its parts raise many things), it is not verified."""
    if len(answer) > _LONGEST_ANSWER:
        raise Unverified
    try:
        yield
    except Exception as error:
        raise Unverified from error


def _must_not_be_framed(client_data: bytes) -> None:
    """The library does not look whether the question was asked from within a page of somebody else."""
    if parse_client_data_json(client_data).cross_origin:
        raise Unverified


def _descriptors(known: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential_id)) for credential_id in known]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
