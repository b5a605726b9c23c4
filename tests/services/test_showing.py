"""What the public sees of a campaign: live figures follow the books, guarded ones give no single gift away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.domain.campaign import Figures, Kind, Phase, Snapshot
from campaigns.domain.money import Money
from campaigns.services.jobs import run_jobs
from campaigns.services.showing import CampaignView, show_campaign, show_campaigns
from tests.gifts import NOW, zloty
from tests.world import FUND, World, new_fund

GUARDED = "guarded-fund"
HOUR = timedelta(hours=1)


def shown(world: World, slug: str = FUND, language: str = "pl") -> CampaignView:
    view = show_campaign(world.database, slug, language, world.clock())
    assert view is not None
    return view


def figures(world: World, slug: str = FUND) -> tuple[Money, Money, int]:
    snapshot: Snapshot = shown(world, slug).snapshot
    return snapshot.raised, snapshot.pledged, snapshot.supporters


def renew(world: World) -> int:
    return run_jobs(world.keys, world.clock())["snapshots renewed"]


def test_live_figures_follow_the_books_at_once(world: World) -> None:
    world.gave("50")
    world.bank.pay_later(world.opened("25"))
    world.tell()
    assert figures(world) == (zloty("50"), zloty("25"), 1)


def test_the_time_of_live_figures_is_the_minute_and_never_a_gift_s(world: World) -> None:
    assert shown(world).snapshot.as_of == NOW.replace(second=0, microsecond=0)


@pytest.fixture
def guarded(world: World) -> World:
    new_fund(world.database, GUARDED, figures=Figures.GUARDED)
    assert renew(world) == 1
    return world


NOTHING = (zloty("0"), zloty("0"), 0)


def test_guarded_figures_wait_for_an_hour_and_three_gifts(guarded: World) -> None:
    for _ in range(3):
        guarded.gave("37", slug=GUARDED)
    assert (renew(guarded), figures(guarded, GUARDED)) == (0, NOTHING), "three gifts, but no hour"
    guarded.clock.turn(HOUR)
    assert (renew(guarded), figures(guarded, GUARDED)) == (1, (zloty("110"), zloty("0"), 3))
    for _ in range(2):
        guarded.gave("37", slug=GUARDED)
    guarded.clock.turn(HOUR)
    assert (renew(guarded), figures(guarded, GUARDED)) == (0, (zloty("110"), zloty("0"), 3)), "an hour, but two gifts"
    guarded.gave("37", slug=GUARDED)
    assert renew(guarded) == 0, "the third gift would be known by its moment"
    guarded.clock.turn(HOUR)
    assert (renew(guarded), figures(guarded, GUARDED)) == (1, (zloty("220"), zloty("0"), 6))


def test_guarded_figures_are_as_of_the_full_hour(guarded: World) -> None:
    for _ in range(3):
        guarded.gave("40", slug=GUARDED)
    guarded.clock.turn(HOUR)
    assert renew(guarded) == 1
    assert shown(guarded, GUARDED).snapshot.as_of == (NOW + HOUR).replace(minute=0, second=0, microsecond=0)


def test_guarded_figures_change_together_and_never_alone(guarded: World) -> None:
    guarded.bank.pay_later(guarded.opened("38", slug=GUARDED))
    payments = [guarded.gave("40", slug=GUARDED) for _ in range(2)]
    guarded.bank.refund(payments[0], zloty("40"), "whole")
    guarded.tell()
    guarded.clock.turn(HOUR)
    assert (renew(guarded), figures(guarded, GUARDED)) == (0, NOTHING)


def test_a_visit_does_not_renew_guarded_figures(guarded: World) -> None:
    for _ in range(3):
        guarded.gave("40", slug=GUARDED)
    guarded.clock.turn(HOUR)
    assert figures(guarded, GUARDED) == NOTHING


def test_guarded_figures_that_no_job_has_made_yet_are_nothing(world: World) -> None:
    new_fund(world.database, GUARDED, figures=Figures.GUARDED)
    world.gave("50", slug=GUARDED)
    assert figures(world, GUARDED) == NOTHING
    assert shown(world, GUARDED).snapshot.as_of == NOW.replace(minute=0, second=0, microsecond=0)


def test_a_draft_and_what_does_not_exist_look_the_same(world: World) -> None:
    new_fund(world.database, "draft", published=False)
    assert show_campaign(world.database, "draft", "pl", NOW) is None
    assert show_campaign(world.database, "nothing", "pl", NOW) is None
    assert show_campaign(world.database, FUND, "xx", NOW) is None, "nor is there one in a language without texts"
    assert [view.slug for view in show_campaigns(world.database, "pl", NOW)] == [FUND]


def test_campaigns_come_in_the_organisation_s_order(world: World) -> None:
    new_fund(world.database, "last", position=2)
    new_fund(world.database, "first", position=-1)
    assert [view.slug for view in show_campaigns(world.database, "en", NOW)] == ["first", FUND, "last"]


def test_texts_are_in_the_reader_s_language(world: World) -> None:
    assert (shown(world, language="pl").title, shown(world, language="en").title) == ("Fundusz dojazdów", "Travel fund")


def test_only_an_open_fund_takes_gifts(world: World) -> None:
    new_fund(world.database, "closed", closes_at=NOW)
    new_fund(world.database, "soon", opens_at=NOW + HOUR)
    new_fund(world.database, "tax-1-5", kind=Kind.TAX_APPEAL, krs="0000000000")
    slugs = (FUND, "closed", "soon", "tax-1-5")
    assert [shown(world, slug).takes_gifts for slug in slugs] == [True, False, False, False]
    assert shown(world, "closed").phase is Phase.CLOSED


def test_progress_is_told_against_the_goal(world: World) -> None:
    world.gave("50")
    progress = shown(world).progress
    assert (str(progress.percent), progress.reached) == ("1.0", False)
