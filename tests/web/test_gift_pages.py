"""The treasurer's pages about gifts: the list, one gift's whole life, and who gave, behind one more click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns.domain.people import Role
from campaigns.domain.pledge import Method
from campaigns.services.looking_through import ROWS
from campaigns.storage.models import audit_log, donors
from tests.gifts import zloty
from tests.web.gift_desk import FUND, NOT_TREASURERS, OTHER, Treasury, cells
from tests.web.gift_desk import treasury as treasury
from tests.web.gift_desk import treasury_on_each as treasury_on_each
from tests.web.page_rules import text_of
from tests.world import ANNA, page_of

DEEDS = ("cancel", "replay", "donor", "forget")


def numbers(treasury: Treasury, query: str = "") -> list[str]:
    """The numbers of the gifts in the list at this address."""
    return [row[1] for row in cells(treasury.treasurer.get(f"/treasury/pledges?{query}"))]


# The list.


def test_the_newest_gift_comes_first_and_nobody_is_named(treasury: Treasury) -> None:
    world = treasury.world
    world.bank.pay(page_of(world.give("100", slug=FUND, email=ANNA)))
    world.tell()
    world.opened("25", Method.CARD, OTHER)
    page = treasury.in_english.get("/treasury/pledges")
    assert [row[1:2] + row[3:] for row in cells(page)] == [
        ["2", "25 zł", "Card", "Started", "–"], ["1", "100 zł", "BLIK", "Fulfilled", "Paid"]]  # fmt: skip
    assert ANNA not in page.html


def test_gifts_are_found_by_state_campaign_way_of_paying_and_age(treasury_on_each: Treasury) -> None:
    world = treasury_on_each.world
    world.opened(slug=OTHER)
    treasury_on_each.site.clock.turn(timedelta(hours=2))
    assert numbers(treasury_on_each, "age=hour") == ["1"]
    world.gave(slug=FUND)
    world.opened(method=Method.CARD, slug=FUND)
    assert numbers(treasury_on_each, "state=fulfilled") == ["2"]
    assert numbers(treasury_on_each, f"campaign={OTHER}") == ["1"]
    assert numbers(treasury_on_each, "method=card&campaign=fund") == ["3"]
    assert numbers(treasury_on_each, "age=hour") == []
    assert numbers(treasury_on_each, "age=day") == numbers(treasury_on_each, "campaign=nowhere") == []


def test_a_gift_is_found_by_its_number_or_by_what_the_provider_calls_it(treasury: Treasury) -> None:
    payment = treasury.world.gave(slug=FUND)
    treasury.world.gave(slug=FUND)
    checkout = payment.replace("sb_pay_", "sb_chk_")
    for name in ("1", payment, checkout):
        assert numbers(treasury, f"named={name}") == ["1"]
    assert numbers(treasury, "named=anna%40example.net") == []


def test_the_list_goes_on_where_the_page_ends(treasury: Treasury) -> None:
    for _ in range(ROWS + 2):
        treasury.site.give(FUND, "10")
    first = treasury.treasurer.get("/treasury/pledges?method=cash")
    (older,) = [link.get("href") for link in first.every("a") if "before=" in link.get("href", "")]
    assert older == "/treasury/pledges?method=cash&before=3"
    assert [row[1] for row in cells(treasury.treasurer.get(older))] == ["2", "1"]


@pytest.mark.parametrize("query", ["state=nonsense", "age=year", "method=gold", "before=x", "before=9" + 18 * "9"])
def test_an_address_that_means_nothing_is_no_page(treasury: Treasury, query: str) -> None:
    treasury.treasurer.get(f"/treasury/pledges?{query}", 404)


def test_an_unknown_gift_is_no_page(treasury: Treasury) -> None:
    for number in ("1", "0", 30 * "9"):
        treasury.treasurer.get(f"/treasury/pledges/{number}", 404)


# One gift's life.


def test_a_gift_tells_its_whole_life(treasury: Treasury) -> None:
    world = treasury.world
    payment = world.bank.pay(page_of(world.give("100", Method.BLIK, FUND, email=ANNA))).payment_id
    world.tell()
    treasury.site.clock.turn(timedelta(minutes=1))
    world.bank.refund(payment, zloty("40"), "part")
    world.tell()
    treasury.site.clock.turn(timedelta(minutes=1))
    world.bank.dispute(payment)
    world.tell()
    page = treasury.in_english.get("/treasury/pledges/1")
    steps = [row[1] for row in cells(page)]
    told = "Notice from the provider: Dealt with"
    assert steps == [
        "The gift was begun", told, "Entry 1: Gift", "Confirmation waits to be sent",
        told, "Entry 2: Refund", told, "Entry 3: Dispute: money withdrawn",
    ]  # fmt: skip
    assert "to be answered by 29 November 2026" in page.text.replace("\xa0", " ")
    assert ANNA not in page.html
    assert "/treasury/ledger/1" in {link.get("href") for link in page.every("a")}


def test_what_is_left_is_told_apart_from_what_came(treasury: Treasury) -> None:
    world = treasury.world
    payment = world.gave("100", slug=FUND)
    world.bank.refund(payment, zloty("40"), "part")
    world.tell()
    page = treasury.treasurer.get("/treasury/pledges/1")
    words = [text_of(pair) for pair in page.every("dd")]
    assert words[6:10] == ["100 zł", "40 zł", "0 zł", "60 zł"]


# Who gave.


def test_the_donor_is_shown_to_a_treasurer_once_and_that_is_written_down_first(treasury_on_each: Treasury) -> None:
    treasury_on_each.world.give(slug=FUND, email=ANNA)
    treasurer = treasury_on_each.treasurer
    assert ANNA not in treasurer.get("/treasury/pledges/1").html
    assert treasury_on_each.deeds() == []
    assert ANNA in treasurer.post("/treasury/pledges/1/donor", {}).text
    assert treasury_on_each.deeds() == [("donor_seen", "pledge:1", "")]
    assert ANNA not in treasurer.get("/treasury/pledges/1").html


def test_where_no_address_was_left_none_was_seen(treasury: Treasury) -> None:
    treasury.world.give(slug=FUND)
    page = treasury.treasurer.post("/treasury/pledges/1/donor", {})
    assert "Nie ma adresu" in page.text
    assert treasury.deeds() == []


def test_a_forgotten_donor_is_gone_and_the_page_says_since_when(treasury: Treasury) -> None:
    world = treasury.world
    world.bank.pay(page_of(world.give(slug=FUND, email=ANNA)))
    world.tell()
    assert treasury.treasurer.done("/treasury/pledges/1/forget", {}) == "/treasury/pledges/1?done=forgotten"
    assert treasury.ask(select(func.count()).select_from(donors)) == 0
    page = treasury.in_english.get("/treasury/pledges/1")
    assert "It was erased on 22 November 2026." in page.text.replace("\xa0", " ")


def test_an_old_sign_in_must_be_renewed_before_a_donor_is_shown(treasury: Treasury) -> None:
    treasury.world.give(slug=FUND, email=ANNA)
    treasurer = treasury.treasurer
    treasury.site.clock.turn(timedelta(minutes=11))
    assert ANNA not in treasurer.post("/treasury/pledges/1/donor", {}, 401).html
    assert treasury.deeds() == []


@pytest.mark.parametrize("role", NOT_TREASURERS)
@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_but_a_treasurer_touches_a_gift(treasury: Treasury, role: Role, deed: str) -> None:
    treasury.world.give(slug=FUND, email=ANNA)
    page = treasury.signed_in(role).post(f"/treasury/pledges/1/{deed}", {}, 403)
    assert ANNA not in page.html
    assert treasury.ask(select(func.count()).select_from(audit_log)) == 0
    assert numbers(treasury, "state=started") == ["1"]


@pytest.mark.parametrize("deed", DEEDS)
def test_a_form_from_elsewhere_touches_nothing(treasury: Treasury, deed: str) -> None:
    treasury.world.give(slug=FUND, email=ANNA)
    treasury.treasurer.post(f"/treasury/pledges/1/{deed}", {}, 403, origin="https://evil.example")
    assert treasury.deeds() == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_may_only_read_sees_gifts_and_no_button(treasury: Treasury, role: Role) -> None:
    treasury.world.give(slug=FUND, email=ANNA)
    page = treasury.signed_in(role).get("/treasury/pledges/1")
    assert [form.get("action") for form in page.every("form")] == ["/sign-out"]
    assert ANNA not in page.html


def test_an_editor_sees_no_gift(treasury: Treasury) -> None:
    treasury.world.give(slug=FUND)
    for path in ("/treasury/pledges", "/treasury/pledges/1", "/treasury/alerts", "/treasury/notices", "/treasury/"):
        treasury.signed_in(Role.EDITOR).get(path, 403)


# Cancelling, and asking again.


def test_a_started_gift_is_cancelled(treasury: Treasury) -> None:
    treasury.world.opened(slug=FUND)
    treasurer = treasury.treasurer
    assert treasurer.done("/treasury/pledges/1/cancel", {}) == "/treasury/pledges/1?done=cancelled"
    assert treasury.deeds() == [("pledge_cancelled", "pledge:1", "started")]
    treasurer.post("/treasury/pledges/1/cancel", {}, 409)


def test_a_notice_that_was_lost_is_asked_for_again(treasury: Treasury) -> None:
    world = treasury.world
    world.bank.pay(world.opened("50", slug=FUND))
    world.hear()
    assert treasury.treasurer.done("/treasury/pledges/1/replay", {}) == "/treasury/pledges/1?done=replayed"
    assert world.tally(FUND).raised.minor == 5000
    assert treasury.deeds() == [("notice_replayed", "pledge:1", "")]
