"""Bodies that are too large, with a length and without one: told so, and read no further."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hardening.houses import FUND, House, spoken, title, value_of
from tests.served import Served
from tests.wording import in_language

LIMIT = 256 * 1024
FORM = "application/x-www-form-urlencoded"


def pieces(size: int) -> Iterator[bytes]:
    """So many bytes of a form, in pieces, so that they go without a length."""
    yield b"amount=own&own_amount="
    for _ in range(size // 1024):
        yield b"x" * 1024


@pytest.mark.parametrize("lang", ["en", "pl"])
@pytest.mark.parametrize("length", ["told", "chunked"])
def test_a_form_that_is_too_large_is_refused_in_its_language(site: Served, lang: str, length: str) -> None:
    body = pieces(2 * LIMIT) if length == "chunked" else b"".join(pieces(2 * LIMIT))
    answer = site.ask(f"/{lang}/{FUND}/give", "POST", body, {"Origin": site.url, "Content-Type": FORM})
    assert (answer.status, spoken(answer.text)) == (413, lang)
    assert title(answer.text) == in_language(lang, "That was too much at once")


@pytest.mark.parametrize("length", ["told", "chunked"])
def test_a_notice_that_is_too_large_is_refused(site: Served, length: str) -> None:
    body = pieces(2 * LIMIT) if length == "chunked" else b"".join(pieces(2 * LIMIT))
    assert site.ask("/webhooks/sandbox", "POST", body).status == 413


@pytest.mark.parametrize("length", ["told", "chunked"])
def test_a_form_is_read_with_a_length_and_without(site: Served, length: str) -> None:
    body = [b"amount=own&own_", b"amount=77"]
    sent = iter(body) if length == "chunked" else b"".join(body)
    answer = site.ask(f"/en/{FUND}/give", "POST", sent, {"Origin": site.url, "Content-Type": FORM})
    assert answer.status == 200
    assert value_of(answer.text, "token")


def test_the_largest_notice_is_read_and_one_byte_more_is_not(quiet_house: House) -> None:
    assert quiet_house.tell(b" " * LIMIT, "t=1,v1=00").status_code == 400
    assert quiet_house.tell(b" " * (LIMIT + 1), "t=1,v1=00").status_code == 413


def test_a_form_of_too_many_fields_is_refused(quiet_house: House) -> None:
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n\r\n' for n in range(2000)) + "--x--"
    answer = quiet_house.send(f"/en/{FUND}/give", parts.encode(), Content_Type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
