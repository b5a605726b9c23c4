"""Amounts of money: what can be added, compared, split and rounded, and what cannot even be written."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.money import CurrencyMismatch, Money

quick = settings(max_examples=40)
minors = st.integers(-(10**18), 10**18)
amounts = minors.map(lambda minor: Money(minor, "PLN"))
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)


def zl(major: str) -> Money:
    return Money.of(major, "PLN")


@quick
@given(amounts, amounts)
def test_what_is_added_and_taken_away_again_leaves_the_same(one: Money, other: Money) -> None:
    assert one + other - other == one
    assert one + other == other + one
    assert one - other == one + -other
    assert -one + one == Money.zero("PLN")


@quick
@given(amounts, amounts)
def test_amounts_are_ordered_as_their_minor_units_are(one: Money, other: Money) -> None:
    assert (one < other) == (one.minor < other.minor)
    assert (one <= other) == (one.minor <= other.minor)
    assert (one > other) == (one.minor > other.minor)
    assert (one >= other) == (one.minor >= other.minor)


@quick
@given(st.lists(amounts, max_size=5))
def test_a_total_is_the_sum_of_its_parts(parts: list[Money]) -> None:
    assert Money.total(parts, "PLN").minor == sum(part.minor for part in parts)


@quick
@given(amounts, weights)
def test_shares_add_up_to_the_whole(whole: Money, weights: list[int]) -> None:
    assert Money.total(whole.split(weights), "PLN") == whole


@quick
@given(amounts, weights)
def test_no_share_is_further_than_a_grosz_from_the_fair_one(whole: Money, weights: list[int]) -> None:
    for share, weight in zip(whole.split(weights), weights, strict=True):
        assert abs(share.minor * sum(weights) - whole.minor * weight) <= sum(weights)
        assert weight or not share


def test_a_hundred_in_three_parts_loses_no_grosz() -> None:
    assert zl("100.00").split([1, 1, 1]) == [zl("33.34"), zl("33.33"), zl("33.33")]
    assert zl("-100.00").split([1, 1, 1]) == [zl("-33.34"), zl("-33.33"), zl("-33.33")]


def test_the_last_grosz_goes_to_one_who_has_a_share() -> None:
    assert zl("0.01").split([0, 1, 1]) == [zl("0"), zl("0.01"), zl("0")]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_nobody_can_be_dealt_out_to_by_senseless_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        zl("1.00").split(weights)


@quick
@given(amounts, st.integers(1, 10**6))
def test_rounding_down_goes_to_the_step_below(amount: Money, step: int) -> None:
    rounded = amount.rounded_down(Money(step, "PLN"))
    assert rounded.minor % step == 0
    assert rounded <= amount < rounded + Money(step, "PLN")


@pytest.mark.parametrize("step", ["0", "-10"])
def test_nothing_is_rounded_down_by_steps_that_do_not_go_upwards(step: str) -> None:
    with pytest.raises(ValueError, match="steps"):
        zl("15.00").rounded_down(zl(step))


@pytest.mark.parametrize(
    "deed", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__", "rounded_down", "percent_of"]
)
def test_zloty_and_euro_do_not_go_together(deed: str) -> None:
    with pytest.raises(CurrencyMismatch):
        getattr(zl("1.00"), deed)(Money.of("1.00", "EUR"))


def test_ten_zloty_are_not_ten_euro() -> None:
    assert Money.of(10, "PLN") != Money.of(10, "EUR")
    assert len({Money.zero("PLN"), Money.zero("EUR")}) == 2


@pytest.mark.parametrize("deed", ["__add__", "__sub__", "__lt__", "__ge__"])
def test_a_bare_number_is_not_money(deed: str) -> None:
    with pytest.raises(TypeError, match="money goes with money"):
        getattr(zl("1.00"), deed)(1)


@pytest.mark.parametrize("minor", [1.0, 0.5, True, "100", None, Decimal(1)])
def test_minor_units_are_whole_numbers_and_nothing_else(minor: object) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        Money(minor, "PLN")  # type: ignore[arg-type]  # the very thing that must not happen


@pytest.mark.parametrize("major", [0.5, 50.0, True, None])
def test_an_amount_is_never_written_as_a_float(major: object) -> None:
    with pytest.raises(TypeError):
        Money.of(major, "PLN")  # type: ignore[arg-type]  # the very thing that must not happen


@pytest.mark.parametrize("currency", ["CHF", "pln", "", "PLN "])
def test_only_currencies_that_are_enabled_exist(currency: str) -> None:
    with pytest.raises(ValueError, match="not enabled"):
        Money(100, currency)
    with pytest.raises(ValueError, match="not enabled"):
        Money.of(1, currency)


@pytest.mark.parametrize(
    "written, minor", [("50", 5000), ("50.5", 5050), ("-0.01", -1), (50, 5000), (Decimal("1E+2"), 10000)]
)
def test_major_units_become_minor_ones(written: str | int | Decimal, minor: int) -> None:
    assert Money.of(written, "PLN") == Money(minor, "PLN")


@pytest.mark.parametrize(
    "written", ["0.001", "1.0000000000000000000000000000001", "9" * 28 + ".99", "NaN", "Infinity", "-sNaN", "", "zł"]
)
def test_what_is_no_whole_number_of_groszy_is_refused_and_not_rounded(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Money.of(written, "PLN")


@quick
@given(amounts)
def test_an_amount_in_major_units_is_the_same_amount(amount: Money) -> None:
    assert Money.of(amount.major, "PLN") == amount
    assert Money.of(str(amount).removesuffix(" PLN"), "PLN") == amount


def test_round_amounts_have_no_groszy_to_show() -> None:
    assert zl("50.00").is_whole
    assert not zl("50.01").is_whole


def test_nothing_is_false_and_a_debt_is_something() -> None:
    assert not Money.zero("PLN")
    assert zl("0.01")
    assert zl("-0.01")
