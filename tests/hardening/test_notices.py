"""Notices that are not what they should be: refused, with nothing written, and nothing told of why."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

import pytest

from campaigns.payments.signature import sign
from tests.hardening.houses import NOW, House

KEY = secrets.token_hex(32)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b'{"id": 1}', b"not json at all", b'"' + b"9" * 5000],
)
def test_what_is_signed_but_no_notice_is_refused(house: House, body: bytes) -> None:
    refused(house, body, sign(body, (sandbox_key(house),), NOW))


@pytest.mark.parametrize(
    "signature", [None, "", "t=,v1=", "nonsense", "v1=00", "t=1", "t=99999999999999,v1=00", "żółć"]
)
def test_a_notice_without_a_good_signature_is_refused(house: House, signature: str | None) -> None:
    ((body, _), *_) = house.notices()
    refused(house, body, signature)


@pytest.mark.parametrize("age", [timedelta(seconds=301), timedelta(days=1), timedelta(seconds=-301)])
def test_an_old_notice_and_one_from_the_future_are_refused(house: House, age: timedelta) -> None:
    ((body, _), *_) = house.notices()
    refused(house, body, sign(body, (sandbox_key(house),), NOW - age))


def test_a_notice_signed_with_another_key_is_refused(house: House) -> None:
    ((body, _), *_) = house.notices()
    refused(house, body, sign(body, (KEY,), NOW))


def test_a_notice_that_was_altered_is_refused(house: House) -> None:
    ((body, signature), *_) = house.notices()
    altered = body.replace(b"5000", b"9900")
    assert altered != body
    refused(house, altered, signature)


def test_a_notice_of_real_money_is_refused_by_the_sandbox(house: House) -> None:
    ((body, _), *_) = house.notices()
    real = json.dumps(json.loads(body) | {"mode": "live"}).encode()
    refused(house, real, sign(real, (sandbox_key(house),), NOW))


@pytest.mark.parametrize("gateway", ["stripe", "SANDBOX", "sandbox/", "nobody", "%00"])
def test_the_address_of_another_gateway_does_not_exist(house: House, gateway: str) -> None:
    ((body, signature), *_) = house.notices()
    before = house.rows()
    assert house.tell(body, signature, gateway).status_code == 404
    assert house.rows() == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_notices_come_by_post_only(house: House, method: str) -> None:
    assert house.visit("/webhooks/sandbox", method).status_code == 405


def test_the_good_notice_moves_the_books_once_however_often_it_comes(house: House) -> None:
    before = house.raised
    notices = house.notices()
    for body, signature in notices * 3:
        assert house.tell(body, signature).status_code == 200
    assert house.raised == before + 5000


def refused(house: House, body: bytes, signature: str | None) -> None:
    """The notice is answered with 400 and one plain line, and writes nothing."""
    before = house.rows()
    answer = house.tell(body, signature)
    assert (answer.status_code, answer.data) == (400, b"not verified\n")
    assert house.rows() == before


def sandbox_key(house: House) -> str:
    """The key that this house's sandbox signs with."""
    (key,) = house.keys.gateway._secrets  # type: ignore[attr-defined]  # only the sandbox itself may know it
    return str(key)
