"""A donor gives: one form is one pledge and one page of the provider, whatever happens in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns.domain.campaign import Kind
from campaigns.domain.pledge import CHECKOUT_LIFETIME, PledgeState
from campaigns.payments.gateway import GatewayDown
from campaigns.services.giving import AmountOutOfRange, CampaignNotOpen, pledge_behind
from campaigns.services.jobs import run_jobs
from campaigns.storage.database import Database
from campaigns.storage.models import pledges, sandbox_objects
from tests.gifts import NOW, zloty
from tests.standin import StripeStandIn
from tests.world import ANNA, FUND, World, new_fund, page_of

FORM = "one and the same form"


def pledges_kept(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(pledges)) or 0


def pages_opened(world: World) -> int:
    with world.database.reading() as connection:
        gifts = select(func.count()).select_from(sandbox_objects).where(sandbox_objects.c.kind == "gift")
        return connection.scalar(gifts) or 0


def test_a_form_sent_again_leads_to_the_same_page(world: World) -> None:
    first, again = world.give(form=FORM), world.give(form=FORM)
    assert (again.pledge.id, again.checkout_url) == (first.pledge.id, first.checkout_url)
    assert pledges_kept(world.database) == 1
    assert pages_opened(world) == 1


def test_a_double_click_makes_one_pledge_and_one_page(world: World) -> None:
    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(lambda _: world.give(form=FORM), range(4)))
    assert len({answer.checkout_url for answer in answers}) == 1
    assert pledges_kept(world.database) == 1
    assert pages_opened(world) == 1


def test_another_form_is_another_gift(world: World) -> None:
    assert world.give().pledge.id != world.give().pledge.id
    assert pages_opened(world) == 2


def test_a_crash_between_promise_and_page_heals_by_the_same_form(world: World, stripe: StripeStandIn) -> None:
    stripe.fail_next("close", acted=True, times=3)
    with pytest.raises(GatewayDown):
        world.give(form=FORM)
    assert world.give(form=FORM).checkout_url
    assert len(stripe.things("checkout.session")) == 1
    assert pledges_kept(world.database) == 1


def test_a_provider_that_is_down_leaves_a_pledge_that_the_next_try_finds(world: World, stripe: StripeStandIn) -> None:
    stripe.fail_next("error_500", times=3)
    with pytest.raises(GatewayDown):
        world.give(form=FORM)
    assert pledges_kept(world.database) == 1
    started = world.give(form=FORM)
    (session,) = stripe.things("checkout.session")
    assert session["client_reference_id"] == started.pledge.reference
    assert pledges_kept(world.database) == 1


def test_a_failure_that_the_provider_remembers_is_not_met_again(world: World, stripe: StripeStandIn) -> None:
    stripe.fail_next("error_500_kept")
    with pytest.raises(GatewayDown):
        world.give(form=FORM)
    started = world.give(form=FORM)
    assert started.checkout_url
    assert pledges_kept(world.database) == 1


@pytest.mark.parametrize("amount", ["4.99", "10000.01", "-50"])
def test_an_amount_out_of_range_is_refused_with_the_range(world: World, amount: str) -> None:
    with pytest.raises(AmountOutOfRange) as refused:
        world.give(amount)
    assert (refused.value.minimum, refused.value.maximum) == (zloty("5"), zloty("10000"))
    assert pledges_kept(world.database) == 0


@pytest.mark.parametrize("amount", ["5", "10000"])
def test_the_least_and_the_greatest_amount_are_taken(world: World, amount: str) -> None:
    assert world.give(amount).pledge.amount == zloty(amount)


@pytest.mark.parametrize(
    "campaign",
    [
        {"closes_at": NOW},
        {"opens_at": NOW + timedelta(seconds=1)},
        {"published": False},
        {"kind": Kind.TAX_APPEAL, "krs": "0000000000"},
    ],
    ids=["closed", "not open yet", "a draft", "a tax appeal"],
)
def test_a_campaign_that_takes_no_gifts_now_makes_no_pledge(world: World, campaign: dict[str, object]) -> None:
    new_fund(world.database, "another", **campaign)
    with pytest.raises(CampaignNotOpen):
        world.give(slug="another")
    assert pledges_kept(world.database) == 0


def test_a_campaign_that_does_not_exist_is_not_open(world: World) -> None:
    with pytest.raises(CampaignNotOpen):
        world.give(slug="nothing")


def test_a_form_whose_gift_is_paid_leads_nowhere_but_to_the_thanks(world: World) -> None:
    world.bank.pay(page_of(world.give(form=FORM)))
    world.tell()
    again = world.give(form=FORM)
    assert (again.pledge.state, again.checkout_url) == (PledgeState.FULFILLED, "")


def test_a_form_whose_page_has_run_out_leads_nowhere(world: World) -> None:
    world.give(form=FORM)
    world.clock.turn(CHECKOUT_LIFETIME)
    assert world.give(form=FORM).checkout_url == ""


def test_a_pledge_expires_when_its_page_has_run_out_and_not_before(world: World) -> None:
    token = world.give().pledge.thanks_token
    world.clock.turn(CHECKOUT_LIFETIME - timedelta(seconds=1))
    assert run_jobs(world.keys, world.clock())["pledges expired"] == 0
    world.clock.turn(timedelta(seconds=1))
    assert run_jobs(world.keys, world.clock())["pledges expired"] == 1
    assert state_behind(world, token) is PledgeState.EXPIRED


def test_money_that_the_provider_reports_on_its_way_does_not_expire(world: World) -> None:
    started = world.give()
    world.bank.pay_later(page_of(started))
    world.tell()
    world.clock.turn(timedelta(days=3))
    run_jobs(world.keys, world.clock())
    with world.database.reading() as connection:
        assert connection.scalar(select(pledges.c.state)) == PledgeState.OPEN


def state_behind(world: World, token: str) -> PledgeState | None:
    view = pledge_behind(world.keys, token)
    return view.pledge.state if view else None


def test_the_donor_sees_the_own_gift_for_an_hour_after_its_last_news(world: World) -> None:
    started = world.give()
    world.clock.turn(timedelta(minutes=59))
    world.bank.pay(page_of(started))
    world.tell()
    world.clock.turn(timedelta(minutes=59))
    assert state_behind(world, started.pledge.thanks_token) is PledgeState.FULFILLED
    world.clock.turn(timedelta(minutes=1))
    assert pledge_behind(world.keys, started.pledge.thanks_token) is None


def test_the_donor_sees_that_a_payment_was_refused(world: World) -> None:
    started = world.give()
    world.bank.decline(page_of(started))
    world.tell()
    view = pledge_behind(world.keys, started.pledge.thanks_token)
    assert view is not None
    assert (view.failed, view.pledge.state, view.slug) == (True, PledgeState.CANCELLED, FUND)


def test_an_unknown_thanks_address_shows_nothing(world: World) -> None:
    assert pledge_behind(world.keys, "unknown") is None


def test_form_reference_and_thanks_address_have_nothing_in_common(world: World) -> None:
    pledge = world.give(form=FORM).pledge
    with world.database.reading() as connection:
        form_hash = connection.scalar(select(pledges.c.form_hash))
    assert FORM not in (form_hash, pledge.reference, pledge.thanks_token)
    assert len({form_hash, pledge.reference, pledge.thanks_token}) == 3
    assert (len(pledge.reference), len(pledge.thanks_token)) == (32, 22), "128 bits each"


def test_the_provider_is_told_neither_the_donor_nor_the_campaign(world: World, stripe: StripeStandIn) -> None:
    world.give(email=ANNA, address="192.0.2.1")
    told = str(stripe.requests())
    for word in (ANNA, "anna", "192.0.2.1", FUND, "travel", "lawyer"):
        assert word not in told.lower()
