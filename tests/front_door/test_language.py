"""How the languages speak: amounts, dates, percents, typography, and the choice among them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from campaigns.domain.money import Money
from campaigns.language import current, language, negotiate, speaking, tie_orphans

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "code, amount, written",
    [
        ("pl", "5000", f"5{NB}000{NB}zł"),
        ("pl", "12.50", f"12,50{NB}zł"),
        ("pl", "1234.05", f"1{NB}234,05{NB}zł"),
        ("pl", "0", f"0{NB}zł"),
        ("en", "5000", f"5,000{NB}zł"),
        ("en", "1234.05", f"1,234.05{NB}zł"),
    ],
)
def test_amounts_are_written_as_the_readers_write_them(code: str, amount: str, written: str) -> None:
    assert language(code).money(Money.of(amount, "PLN")) == written


def test_percents_keep_one_decimal_and_drop_an_empty_one() -> None:
    assert [language("pl").percent(Decimal(number)) for number in ("45.7", "100.0", "137.4")] == [
        "45,7%",
        "100%",
        "137,4%",
    ]


def test_a_day_is_the_day_that_it_was_in_warsaw() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert language("pl").date(late) == f"1{NB}stycznia 2027"
    assert language("en").date(late) == f"1{NB}January 2027"


def test_one_letter_words_do_not_end_a_polish_line() -> None:
    assert tie_orphans("Idę z psem i w lesie, a on w domu.") == (f"Idę z{NB}psem i{NB}w{NB}lesie, a{NB}on w{NB}domu.")
    assert tie_orphans("W Polsce") == f"W{NB}Polsce"


@pytest.mark.parametrize(
    "header, chosen",
    [
        ("", "pl"),
        ("pl", "pl"),
        ("en-GB,en;q=0.9,pl;q=0.8", "en"),
        ("be,ru;q=0.8,pl;q=0.5", "pl"),
        ("be,ru;q=0.8", "en"),
        ("de", "en"),
        ("pl;q=0,en;q=0.1", "en"),
        ("pl;q=nonsense", "en"),
        (",;;=,", "en"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str, chosen: str) -> None:
    assert negotiate(header) == chosen


def test_a_language_ends_with_its_block() -> None:
    with speaking("en"):
        assert current().code == "en"
    assert current().code == "pl"
