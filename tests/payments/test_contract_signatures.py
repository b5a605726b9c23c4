"""Which notices a gateway believes, and which it does not: one suite for all providers."""

import json
from datetime import timedelta
from secrets import token_hex

import pytest

from campaigns.payments.gateway import BadNotice, Topic
from tests.payments.providers import Provider, message, now, paid_gift
from tests.standin.signing import header


def signed(provider: Provider, body: bytes, *, secret: str | None = None, late: int = 0) -> str:
    """A signature of this body, right in all that the test does not spoil."""
    return header(body, [secret or provider.secret], provider.clock.now() - late)


def genuine(provider: Provider) -> tuple[bytes, str]:
    """The latest notice of a gift that was paid."""
    paid_gift(provider)
    return provider.letters.all[-1]


def refuses(provider: Provider, body: bytes, signature: str | None) -> None:
    with pytest.raises(BadNotice):
        provider.gateway.read_notice(body, signature, now(provider))


def test_a_genuine_notice_is_believed_twice(provider: Provider) -> None:
    body, signature = genuine(provider)
    first = provider.gateway.read_notice(body, signature, now(provider))
    assert first.topic is Topic.PAID
    assert provider.gateway.read_notice(body, signature, now(provider)) == first


@pytest.mark.parametrize("late", [0, 299, 300, -299, -300])
def test_a_notice_of_about_now_is_believed(provider: Provider, late: int) -> None:
    body, _ = genuine(provider)
    notice = provider.gateway.read_notice(body, signed(provider, body, late=late), now(provider))
    assert notice.topic is Topic.PAID


@pytest.mark.parametrize("late", [301, 86_400, -301, -86_400])
def test_a_notice_from_the_past_or_the_future_is_not(provider: Provider, late: int) -> None:
    body, _ = genuine(provider)
    refuses(provider, body, signed(provider, body, late=late))


def test_the_time_that_counts_is_the_one_that_was_given(provider: Provider) -> None:
    body, signature = genuine(provider)
    with pytest.raises(BadNotice):
        provider.gateway.read_notice(body, signature, now(provider) + timedelta(seconds=301))


def test_a_notice_signed_with_another_key_is_not_believed(provider: Provider) -> None:
    body, _ = genuine(provider)
    refuses(provider, body, signed(provider, body, secret=token_hex(32)))


def test_an_altered_notice_is_not_believed(provider: Provider) -> None:
    body, signature = genuine(provider)
    altered = body.replace(b"10000", b"99900")
    assert altered != body
    refuses(provider, altered, signature)


def test_a_signature_is_not_taken_for_another_time(provider: Provider) -> None:
    body, signature = genuine(provider)
    later = f"t={provider.clock.now() + 1}," + signature.partition(",")[2]
    refuses(provider, body, later)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "nonsense",
        "t=",
        "v1=",
        "t=now,v1=0",
        "t=-1,v1=0",
        "t=" + "9" * 5000 + ",v1=0",
        "t=1_7,v1=0",
        "t=1,t=2,v1=0",
        ",,,=,=",
    ],
)
def test_what_is_no_signature_is_refused(provider: Provider, signature: str | None) -> None:
    body, _ = genuine(provider)
    refuses(provider, body, signature)


def test_a_signature_outside_ascii_is_refused(provider: Provider) -> None:
    body, _ = genuine(provider)
    refuses(provider, body, f"t={provider.clock.now()},v1=zażółć")


def test_a_time_without_a_signature_is_refused(provider: Provider) -> None:
    body, _ = genuine(provider)
    refuses(provider, body, f"t={provider.clock.now()}")


def test_a_second_time_beside_the_signed_one_is_refused(provider: Provider) -> None:
    body, signature = genuine(provider)
    refuses(provider, body, signature + f",t={provider.clock.now()}")
    refuses(provider, body, f"t={provider.clock.now()}," + signed(provider, body, late=1000))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"paid"', b"null", b"{}", b"\xff\xfe{}", b'{"id": 1}'])
def test_what_is_signed_but_no_notice_is_refused(provider: Provider, body: bytes) -> None:
    refuses(provider, body, signed(provider, body))


def test_a_signed_notice_that_is_nested_without_end_is_refused(provider: Provider) -> None:
    body = b"[" * 100_000
    refuses(provider, body, signed(provider, body))


def test_a_notice_of_the_other_mode_is_refused(provider: Provider) -> None:
    genuine(provider)
    other = json.dumps(provider.of_the_other_mode(message(provider))).encode()
    refuses(provider, other, signed(provider, other))


def test_an_unknown_kind_of_notice_is_no_error(provider: Provider) -> None:
    genuine(provider)
    unknown = {"kind": "weather.changed", "type": "weather.changed"}
    body = json.dumps(message(provider) | unknown).encode()
    notice = provider.gateway.read_notice(body, signed(provider, body), now(provider))
    assert (notice.topic, notice.kind) == (Topic.OTHER, "weather.changed")
    assert notice.object_id


def test_while_secrets_rotate_either_is_believed(provider: Provider) -> None:
    newer, body = token_hex(32), genuine(provider)[0]
    gateway = provider.again(newer, provider.secret)
    for secret in (newer, provider.secret):
        signature = signed(provider, body, secret=secret)
        assert gateway.read_notice(body, signature, now(provider)).topic is Topic.PAID


def test_one_good_signature_among_several_is_enough(provider: Provider) -> None:
    body, _ = genuine(provider)
    signature = header(body, [token_hex(32), provider.secret], provider.clock.now())
    assert provider.gateway.read_notice(body, signature, now(provider)).topic is Topic.PAID


@pytest.mark.parametrize("secrets", [(), ("",), (" ",), ("good enough for a test", "")])
def test_a_gateway_without_a_secret_does_not_start(provider: Provider, secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret"):
        provider.again(*secrets)
