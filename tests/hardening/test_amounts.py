"""Amounts that cannot be given: each is answered in the page's language, with what was typed still in its field."""

from __future__ import annotations

import re

import pytest

from tests.hardening.houses import FUND, House, complaint, spoken, value_of, visible

# What is typed, and the words that answer it.
BAD = {
    "": "Choose an amount",
    "   ": "Choose an amount",
    "0": "is zero",
    "0,00 zł": "is zero",
    "-50": "has a minus",
    "\N{MINUS SIGN}50": "has a minus",
    "1.000": "two ways",
    "1,000": "two ways",
    "12,34567": "more than two decimals",
    "1000000000000": "largest gift",
    "9" * 40: "largest gift",
    "9" * 41: "cannot read",
    "4,99": "smallest gift",
    "50 EUR": "another currency",
    "fifty": "cannot read",
    "1e3": "cannot read",
    "0x32": "cannot read",
    "NaN": "cannot read",
    "Infinity": "cannot read",
    "50; DROP TABLE pledges": "cannot read",
    '"><script>alert(1)</script>': "cannot read",
    "\N{ARABIC-INDIC DIGIT FIVE}\N{ARABIC-INDIC DIGIT ZERO}": "cannot read",
    "\N{RIGHT-TO-LEFT OVERRIDE}05": "invisible characters",
    "5\N{ZERO WIDTH SPACE}0": "invisible characters",
    "50\x07": "invisible characters",
    "5\x000": "invisible characters",
}
POLISH_LETTER = re.compile("[ąćęłńóśźż]")


@pytest.mark.parametrize("typed,answer", BAD.items(), ids=[ascii(typed) for typed in BAD])
def test_an_amount_that_cannot_be_given_is_answered_in_english_and_kept(
    quiet_house: House, typed: str, answer: str
) -> None:
    page = quiet_house.choose(typed, "en")
    assert (page.status_code, spoken(page.text)) == (422, "en")
    assert answer in complaint(page.text)
    assert kept(page.text) == visible(typed)
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", BAD, ids=[ascii(typed) for typed in BAD])
def test_an_amount_that_cannot_be_given_is_answered_in_polish_and_kept(quiet_house: House, typed: str) -> None:
    page = quiet_house.choose(typed, "pl")
    assert (page.status_code, spoken(page.text)) == (422, "pl")
    assert POLISH_LETTER.search(complaint(page.text))
    assert BAD[typed] not in complaint(page.text)
    assert kept(page.text) == visible(typed)


@pytest.mark.parametrize("preset", ["0", "-20", "1.000", "20000", "ten"])
def test_an_altered_preset_is_read_like_any_amount(quiet_house: House, preset: str) -> None:
    page = quiet_house.send(f"/en/{FUND}/give", {"amount": preset})
    assert page.status_code == 422
    assert kept(page.text) == preset


def test_a_form_without_an_amount_asks_for_one(quiet_house: House) -> None:
    assert "Choose an amount" in complaint(quiet_house.send(f"/en/{FUND}/give", {}).text)


def kept(text: str) -> str:
    return value_of(text, "own_amount")
