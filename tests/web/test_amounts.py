"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.money import Money
from campaigns.language import language, speaking
from campaigns.web.forms.amount import BadAmount, Problem, read_amount
from campaigns.web.forms.complaints import about_amount
from tests.gifts import zloty

LEAST, MOST = zloty("5"), zloty("10000")


def read(text: str) -> Money:
    return read_amount(text, LEAST, MOST)


def outcome_of(text: str) -> Money | BadAmount:
    try:
        return read(text)
    except BadAmount as bad:
        return bad


def problem(text: str) -> BadAmount:
    outcome = outcome_of(text)
    assert isinstance(outcome, BadAmount)
    return outcome


@pytest.mark.parametrize(
    "typed,meant",
    [
        ("50", "50"),
        ("50,00", "50"),
        ("50.00", "50"),
        ("50,5", "50.50"),
        (" 50 ", "50"),
        ("50\t", "50"),
        ("1 000", "1000"),
        ("1\u00a0000", "1000"),
        ("1\u202f000,50\u00a0zł", "1000.50"),
        ("1 000,50 zł", "1000.50"),
        ("1000", "1000"),
        ("1.000,50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("50zł", "50"),
        ("50 ZŁ.", "50"),
        ("50 złotych", "50"),
        ("50 PLN", "50"),
        ("PLN 50", "50"),
        ("50,-", "50"),
        ("050", "50"),
        ("10 000", "10000"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert read(typed) == zloty(meant)


@pytest.mark.parametrize(
    "typed,expected",
    [
        ("", Problem.EMPTY),
        ("  ", Problem.EMPTY),
        ("zł", Problem.UNREADABLE),
        ("0", Problem.ZERO),
        ("0,00", Problem.ZERO),
        ("-50", Problem.NEGATIVE),
        ("−50", Problem.NEGATIVE),
        ("pięćdziesiąt", Problem.UNREADABLE),
        ("5O", Problem.UNREADABLE),
        ("1e3", Problem.UNREADABLE),
        ("٥٠", Problem.UNREADABLE),
        ("½", Problem.UNREADABLE),
        ("1 00", Problem.UNREADABLE),
        ("12,34,5", Problem.UNREADABLE),
        ("50; DROP TABLE", Problem.UNREADABLE),
        ("12,34567", Problem.TOO_FINE),
        ("1 000.500", Problem.TOO_FINE),
        ("0,500", Problem.TOO_FINE),
        ("1.000", Problem.AMBIGUOUS),
        ("1,000", Problem.AMBIGUOUS),
        ("1.000 zł", Problem.AMBIGUOUS),
        ("50 €", Problem.OTHER_CURRENCY),
        ("$50", Problem.OTHER_CURRENCY),
        ("4,99", Problem.TOO_SMALL),
        ("10 000,01", Problem.TOO_LARGE),
        ("1000000000000", Problem.TOO_LARGE),
        ("1.000.000", Problem.TOO_LARGE),
        ("\u202e50", Problem.HIDDEN),
        ("5\u200b0", Problem.HIDDEN),
        ("5\x000", Problem.HIDDEN),
        ("5\n0", Problem.HIDDEN),
        ("9" * 41, Problem.TOO_LONG),
    ],
)
def test_a_bad_amount_is_known_for_what_it_is(typed: str, expected: Problem) -> None:
    assert problem(typed).problem is expected


def test_an_ambiguous_amount_shows_both_readings_and_how_to_type_each() -> None:
    bad = problem("1.500")
    assert bad.readings == (zloty("1.50"), zloty("1500"))
    with speaking("pl"):
        sentence = about_amount(bad, LEAST, MOST)
    assert "1,50\u00a0zł" in sentence
    assert "1\u00a0500\u00a0zł" in sentence
    assert "Wpisz 1,50 albo 1500." in sentence


@pytest.mark.parametrize("code", ["pl", "en"])
def test_every_problem_has_a_sentence_of_its_own(code: str) -> None:
    problems = [each for each in Problem if each not in (Problem.TOO_LONG, Problem.AMBIGUOUS)]
    with speaking(code):
        sentences = {about_amount(BadAmount(each), LEAST, MOST) for each in problems}
    assert len(sentences) == len(problems)


@given(st.integers(500, 1_000_000), st.sampled_from(["pl", "en"]))
def test_what_we_print_can_be_typed_back(minor: int, code: str) -> None:
    amount = Money(minor, "PLN")
    outcome = outcome_of(language(code).money(amount))
    if isinstance(outcome, BadAmount):  # only English thousands are two things at once: 1,500
        assert code == "en"
        assert outcome.readings is not None
        assert outcome.readings[1] == amount
    else:
        assert outcome == amount


@given(st.text(max_size=60))
def test_no_text_whatsoever_is_an_accident(text: str) -> None:
    outcome = outcome_of(text)
    assert about_amount(outcome, LEAST, MOST) if isinstance(outcome, BadAmount) else LEAST <= outcome <= MOST
