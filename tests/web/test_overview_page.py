"""Alerts, notices and the overview: what needs a hand is seen, dealt with, and then gone."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex

import pytest
from sqlalchemy import select, text, update

from campaigns.domain.people import Role
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import Topic
from campaigns.services.rolling_up import roll_up
from campaigns.storage.models import letters, staff
from tests.gifts import a_pledge, zloty
from tests.services.test_returns import REFUND
from tests.web.gift_desk import FUND, NOT_TREASURERS, OTHER, Treasury, cells
from tests.web.gift_desk import treasury as treasury
from tests.web.gift_desk import treasury_on_each as treasury_on_each
from tests.web.page_rules import Page, text_of


def matters(treasury: Treasury) -> list[str]:
    """What the overview says needs a hand."""
    page = treasury.in_english.get("/treasury/")
    return [text_of(item) for lists in page.every("ul") if lists.get("class") == "matters" for item in lists]


def alerts(treasury: Treasury) -> list[str]:
    page = treasury.in_english.get("/treasury/alerts")
    return [text_of(heading) for heading in page.every("h2")]


def actions(page: Page) -> set[str]:
    return {form.get("action", "") for form in page.every("form")} - {"/sign-out"}


def test_a_quiet_day_needs_nobody(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    assert matters(treasury) == []
    assert "Nothing needs you." in treasury.in_english.get("/treasury/").text


def test_everything_that_needs_a_hand_is_counted(treasury_on_each: Treasury) -> None:
    world = treasury_on_each.world
    with treasury_on_each.site.keys.database.transaction() as connection:
        a_pledge(connection, 1, zloty("50"))
    world.bank.dispute(world.gave("100", slug=FUND))
    world.bank.pay(world.opened("100", Method.CARD, FUND), card_country="RU")
    world.tell()
    world.money_comes(reference=token_hex(16))
    world.says(Topic.REFUND, refund=REFUND, object_id=REFUND.id, payment="payment-2")
    treasury_on_each.site.clock.turn(timedelta(days=12))
    assert [matter.partition(" to be answered")[0] for matter in matters(treasury_on_each)] == [
        "1 dispute to look at",
        "1 card of a dangerous country",
        "1 payment without a campaign",
        "1 notice has waited for its payment for more than a day",
        "1 gift has been undecided for more than a day",
        "The month 2026-11 is over and can be closed",
    ]


def test_a_bar_that_is_not_what_the_books_say_is_seen(treasury: Treasury) -> None:
    treasury.world.gave("100", slug=FUND)
    with treasury.site.keys.database.transaction() as connection:
        connection.execute(text("UPDATE campaign_totals SET raised_minor = raised_minor + 1"))
    assert matters(treasury) == [
        "The bars of 2 campaigns are not what the books say. Have “flask books check” run at once."
    ]


@pytest.mark.parametrize("rolled_up", [True, False])
def test_campaigns_stand_against_their_goal_with_pace_and_average(treasury: Treasury, rolled_up: bool) -> None:
    treasury.site.give(FUND, "100", "50")
    treasury.site.clock.turn(timedelta(days=10))
    treasury.world.gave("30", slug=FUND)
    if rolled_up:
        assert roll_up(treasury.site.keys.database) == 3
    page = treasury.in_english.get("/treasury/")
    tile = next(text_of(item) for item in page.every("li") if text_of(item).startswith("Travel fund"))
    assert "180 zł 3.6% of 5,000 zł" in tile
    assert "Average gift 60 zł Last 7 days 30 zł Last 30 days 180 zł" in tile
    assert "the goal is 804 days away" in tile
    assert ["22 November 2026", "150 zł"] in cells(page)
    assert "Cash in hand150 zł" in text_of(page.root).replace("Cash in hand 150", "Cash in hand150")


def test_days_on_which_more_went_than_came_are_shown_as_such(treasury: Treasury) -> None:
    world = treasury.world
    payment = world.gave("100", slug=FUND)
    treasury.site.clock.turn(timedelta(days=1))
    world.bank.refund(payment, zloty("40"), "part")
    world.tell()
    rows = cells(treasury.in_english.get("/treasury/"))
    assert rows[:2] == [["23 November 2026", "-40 zł"], ["22 November 2026", "100 zł"]]


# Alerts.


def test_alerts_come_with_what_they_are_about_and_the_nearest_deadline_first(treasury_on_each: Treasury) -> None:
    world = treasury_on_each.world
    world.bank.pay(world.opened("20", Method.CARD, FUND), card_country="BY")
    world.bank.dispute(world.gave("100", slug=FUND))
    world.tell()
    assert alerts(treasury_on_each) == ["Dispute, 100 zł", "Card of a dangerous country, 20 zł (BY)"]
    page = treasury_on_each.treasurer.get("/treasury/alerts")
    assert {"/treasury/pledges/1", "/treasury/pledges/2"} <= {link.get("href") for link in page.every("a")}


def test_unassigned_money_can_be_assigned_or_paid_back(treasury: Treasury) -> None:
    treasury.world.money_comes(reference=token_hex(16))
    links = {link.get("href") for link in treasury.treasurer.get("/treasury/alerts").every("a")}
    assert {"/treasury/book/assignment", "/treasury/payments/1/refund"} <= links


def test_what_was_dealt_with_is_gone_and_noted_once(treasury: Treasury) -> None:
    treasury.world.bank.dispute(treasury.world.gave("100", slug=FUND))
    treasury.world.tell()
    for _ in range(2):
        assert treasury.treasurer.done("/treasury/alerts/1/settle", {}) == "/treasury/alerts?done=settled"
    assert (alerts(treasury), matters(treasury)) == ([], [])
    assert treasury.deeds() == [("alert_settled", "alert:1", "dispute")]


# Notices.


def test_a_notice_is_found_by_its_state_and_asked_about_again(treasury: Treasury) -> None:
    world = treasury.world
    payment = world.gave("100", slug=FUND)
    world.bank.refund(payment, zloty("40"), "part")
    world.hear()
    page = treasury.treasurer.get("/treasury/notices?state=done")
    (row,) = cells(page)
    assert row[1:3] == ["checkout.paid", payment.replace("_pay_", "_chk_")]
    (replay,) = actions(page) - {"/treasury/notices"}
    assert treasury.treasurer.done(replay, {"state": "done"}) == "/treasury/notices?state=done&done=replayed"
    assert treasury.deeds() == [("notice_replayed", "notice:1", "checkout.paid")]
    assert cells(treasury.treasurer.get("/treasury/notices?state=unfit")) == []


def test_asking_about_what_the_provider_does_not_know_is_no_fault(treasury: Treasury) -> None:
    treasury.world.says(Topic.OTHER, "unknown")
    treasury.treasurer.post("/treasury/notices/1/replay", {}, 502)
    treasury.treasurer.post("/treasury/notices/2/replay", {}, 404)
    treasury.treasurer.get("/treasury/notices?state=nonsense", 404)


@pytest.mark.parametrize("role", NOT_TREASURERS)
def test_nobody_but_a_treasurer_settles_or_asks_again(treasury: Treasury, role: Role) -> None:
    treasury.world.bank.dispute(treasury.world.gave("100", slug=FUND))
    treasury.world.tell()
    for path in ("/treasury/alerts/1/settle", "/treasury/notices/1/replay"):
        treasury.signed_in(role).post(path, {}, 403)
    assert (alerts(treasury), treasury.deeds()) == (["Dispute, 100 zł"], [])


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_may_only_read_is_offered_nothing_to_do(treasury: Treasury, role: Role) -> None:
    treasury.world.bank.dispute(treasury.world.gave("100", slug=FUND))
    treasury.world.tell()
    for path in ("/treasury/", "/treasury/alerts"):
        assert actions(treasury.signed_in(role).get(path)) == set()


# Letters.


def written(treasury: Treasury) -> list[int | None]:
    """To whom alerts were written; None is the organisation."""
    with treasury.site.keys.database.reading() as connection:
        return list(connection.scalars(select(letters.c.staff_id).where(letters.c.kind == "alert")))


def test_every_treasurer_who_can_sign_in_is_written_to(treasury: Treasury) -> None:
    numbers = [treasury.person(role).id for role in (Role.TREASURER, Role.AUDITOR)]
    with treasury.site.keys.database.transaction() as connection:
        connection.execute(update(staff).values(password_hash="set"))
    treasury.world.bank.dispute(treasury.world.gave("100", slug=FUND))
    treasury.world.tell()
    assert written(treasury) == numbers[:1]


def test_without_a_treasurer_the_organisation_is_written_to(treasury: Treasury) -> None:
    treasury.person(Role.TREASURER)  # invited, and has not come yet
    treasury.world.bank.dispute(treasury.world.gave("100", slug=OTHER))
    treasury.world.tell()
    assert written(treasury) == [None]
