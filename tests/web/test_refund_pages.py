"""Giving money back and correcting campaigns on the treasurer's pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.domain.people import Role
from campaigns.domain.pledge import Method
from tests.web.gift_desk import FUND, NOT_TREASURERS, OTHER, Treasury
from tests.web.gift_desk import treasury as treasury
from tests.web.gift_desk import treasury_on_each as treasury_on_each
from tests.web.page_rules import text_of

REFUND = "/treasury/payments/1/refund"
CORRECT = "/treasury/payments/1/correct"


def raised(treasury: Treasury, slug: str = FUND) -> int:
    """In groszy, after everything that the provider has to tell has arrived."""
    treasury.world.tell()
    assert treasury.world.is_right
    return treasury.world.tally(slug).raised.minor


def test_a_part_is_paid_back_and_the_gift_says_so(treasury_on_each: Treasury) -> None:
    treasury_on_each.world.gave("100", slug=FUND)
    form = treasury_on_each.refund_form()
    assert treasury_on_each.treasurer.done(REFUND, form) == "/treasury/pledges/1?done=refunding"
    assert raised(treasury_on_each) == 6000
    assert treasury_on_each.deeds() == [("refunded", "payment:1", "40.00 PLN donor_asked")]
    page = treasury_on_each.in_english.get("/treasury/pledges/1")
    assert "Refund asked for" in page.text
    assert "Treasurer, 40 zł: The donor asked for it" in page.text.replace("\xa0", " ")


def test_the_form_is_filled_in_with_all_that_is_left(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    treasury.treasurer.done(REFUND, treasury.refund_form())
    treasury.world.tell()
    page = treasury.treasurer.get(REFUND)
    assert page.by_id("amount").get("value") == "60,00"
    form = treasury.refund_form(amount="60,00", reason="other")
    treasury.treasurer.done(REFUND, form)
    assert raised(treasury) == 0
    treasury.treasurer.get(REFUND, 409)


def test_a_form_that_is_sent_twice_pays_back_once(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    form = treasury.refund_form()
    for _ in range(3):
        treasury.treasurer.done(REFUND, form)
        treasury.world.tell()
    assert (raised(treasury), len(treasury.deeds())) == (6000, 1)


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"amount": "100,01"}, "Do zwrotu zostało najwyżej 100 zł."),
        ({"amount": ""}, "Wpisz, ile zwrócić"),
        ({"amount": "0"}, "Wpisz, ile zwrócić"),
        ({"amount": "1.500"}, "na dwa sposoby"),
        ({"amount": "5 EUR"}, "PLN"),
        ({"reason": ""}, "Wybierz powód."),
        ({"reason": "because"}, "Wybierz powód."),
    ],
)
def test_what_is_wrong_with_the_form_is_said_at_the_field(
    treasury: Treasury, typed: dict[str, str], words: str
) -> None:
    treasury.world.gave("100", slug=FUND)
    page = treasury.treasurer.post(REFUND, {**treasury.refund_form(), **typed}, 422)
    assert words in page.text.replace("\xa0", " ")
    assert (raised(treasury), treasury.deeds()) == (10000, [])


def test_more_than_is_left_by_now_is_refused_at_the_field(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    late = treasury.refund_form(amount="70")
    treasury.treasurer.done(REFUND, treasury.refund_form())
    treasury.world.tell()
    page = treasury.treasurer.post(REFUND, late, 422)
    assert "najwyżej 60 zł" in page.text.replace("\xa0", " ")
    assert raised(treasury) == 6000


def test_what_the_provider_refuses_is_said_plainly(treasury: Treasury) -> None:
    world = treasury.world
    world.bank.dispute(world.gave("100", slug=FUND))
    page = treasury.treasurer.post(REFUND, treasury.refund_form(), 409)
    assert "Operator płatności odmówił" in page.text
    assert "that much cannot be refunded" in page.text
    assert [detail for _action, _subject, detail in treasury.deeds()] == [
        "40.00 PLN donor_asked", "40.00 PLN donor_asked refused"]  # fmt: skip


def test_a_form_of_another_gift_or_an_old_one_pays_back_nothing(treasury: Treasury) -> None:
    for _ in range(2):
        treasury.world.gave("100", slug=FUND)
    form = treasury.refund_form(number=2)
    treasury.treasurer.post(REFUND, form, 409)
    treasury.treasurer.post(REFUND, {**form, "slip": "forged"}, 409)
    treasury.treasurer.post(REFUND, {}, 409)
    treasury.site.clock.turn(timedelta(hours=1))
    treasury.treasurer.post("/treasury/payments/2/refund", form, 409)
    assert (raised(treasury), treasury.deeds()) == (20000, [])


def test_the_page_warns_of_a_card_that_puts_the_donor_in_danger(treasury: Treasury) -> None:
    world = treasury.world
    world.bank.pay(world.opened("100", Method.CARD, FUND), card_country="BY")
    world.tell()
    page = treasury.in_english.get(REFUND)
    assert "The card was issued in BY." in page.text
    assert "a refund does not remove it" in page.text


def test_what_was_booked_by_hand_is_not_paid_back_from_here(treasury: Treasury) -> None:
    treasury.site.give(FUND, "70")
    treasury.treasurer.get(REFUND, 409)
    treasury.treasurer.get("/treasury/payments/99/refund", 404)


@pytest.mark.parametrize("role", NOT_TREASURERS)
def test_nobody_but_a_treasurer_pays_back_or_corrects(treasury: Treasury, role: Role) -> None:
    treasury.world.gave("100", slug=FUND)
    form, somebody = treasury.refund_form(), treasury.signed_in(role)
    for path in (REFUND, CORRECT):
        somebody.get(path, 403)
        somebody.post(path, {**form, "from": FUND, "to": OTHER}, 403)
    assert (raised(treasury), treasury.deeds()) == (10000, [])


def test_an_old_sign_in_must_be_renewed_before_money_goes_back(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    form, treasurer = treasury.refund_form(), treasury.treasurer
    treasury.site.clock.turn(timedelta(minutes=11))
    treasurer.post(REFUND, form, 401)
    assert (raised(treasury), treasury.deeds()) == (10000, [])


# The campaign of a gift.


def test_a_gift_is_corrected_and_both_bars_move(treasury_on_each: Treasury) -> None:
    treasury_on_each.world.gave("100", slug=FUND)
    treasurer = treasury_on_each.treasurer
    page = treasurer.get(CORRECT)
    assert [option.get("value") for option in page.every("option")] == [OTHER]
    assert treasurer.done(CORRECT, {"from": FUND, "to": OTHER}) == "/treasury/pledges/1?done=corrected"
    assert (raised(treasury_on_each), raised(treasury_on_each, OTHER)) == (0, 10000)
    assert treasury_on_each.deeds() == [("campaign_corrected", "payment:1", f"{FUND} > {OTHER}")]
    life = treasury_on_each.in_english.get("/treasury/pledges/1")
    assert sum("Reversal" in text_of(cell) for cell in life.every("td")) == 1


def test_a_correction_that_is_sent_twice_says_that_the_gift_has_moved(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    treasury.treasurer.done(CORRECT, {"from": FUND, "to": OTHER})
    treasury.treasurer.post(CORRECT, {"from": FUND, "to": OTHER}, 409)
    treasury.treasurer.post(CORRECT, {"from": OTHER, "to": "nowhere"}, 409)
    treasury.treasurer.post("/treasury/payments/99/correct", {"from": FUND, "to": OTHER}, 404)
    assert (raised(treasury), raised(treasury, OTHER)) == (0, 10000)
