"""The public figures for machines: their fields, their types and their headers."""

import json
from datetime import timedelta

import pytest

from campaigns.domain.campaign import Figures, Kind
from tests.gifts import zloty
from tests.web import widgets
from tests.web.sites import KRS, Site

MONEY = ["goal_minor", "raised_minor", "pledged_minor"]
FIELDS = ["slug", "kind", "currency", *MONEY, "supporters", "percent", "as_of", "open"]


def figures(site: Site, slug: str) -> dict[str, object]:
    answer = site.visitor.raw("GET", f"/api/campaigns/{slug}.json")
    assert answer.status_code == 200
    read: dict[str, object] = json.loads(answer.data)
    return read


def test_a_fund_has_exactly_the_published_fields(site: Site) -> None:
    widgets.add(site, "half")
    shown = figures(site, "half")
    assert list(shown) == FIELDS
    assert shown == {
        "slug": "half", "kind": "fund", "currency": "PLN", "goal_minor": 500_000, "raised_minor": 228_550,
        "pledged_minor": 30_000, "supporters": 34, "percent": 45.7, "as_of": "2026-11-22T15:30:00Z", "open": True,
    }  # fmt: skip


def test_without_a_goal_goal_and_percent_are_null(site: Site) -> None:
    widgets.add(site, "no-goal")
    shown = figures(site, "no-goal")
    assert (shown["goal_minor"], shown["percent"], shown["raised_minor"]) == (None, None, 1_234_567)


@pytest.mark.parametrize(
    "slug, percent", [("nothing", 0), ("little", 0.4), ("ended", 99.9), ("full", 100), ("more", 137)]
)
def test_the_percent_has_one_decimal_is_rounded_down_and_not_capped(site: Site, slug: str, percent: float) -> None:
    widgets.add(site, slug)
    assert figures(site, slug)["percent"] == percent


@pytest.mark.parametrize("slug, is_open", [("half", True), ("ended", False), ("not-yet", False)])
def test_open_says_whether_gifts_are_taken_now(site: Site, slug: str, is_open: bool) -> None:
    widgets.add(site, slug)
    assert figures(site, slug)["open"] is is_open


def test_the_money_of_a_tax_appeal_is_null_and_it_names_its_krs(site: Site) -> None:
    site.add("tax", kind=Kind.TAX_APPEAL, krs=KRS, goal=zloty("5000"))
    shown = figures(site, "tax")
    assert [shown[name] for name in (*MONEY, "percent")] == [None] * 4
    assert (shown["kind"], shown["krs"], shown["open"]) == ("tax_appeal", KRS, True)


def test_guarded_figures_tell_the_time_of_the_snapshot_and_nothing_of_a_gift(site: Site) -> None:
    site.add("guarded", figures=Figures.GUARDED)
    before = figures(site, "guarded")
    site.give("guarded", "50", "33")
    site.clock.turn(timedelta(minutes=20))
    site.let_the_edge_forget()
    assert figures(site, "guarded") == before
    assert (before["raised_minor"], before["as_of"]) == (0, "2026-11-22T15:00:00Z")


def test_the_figures_move_with_a_gift(site: Site) -> None:
    site.give("fund", "50")
    site.let_the_edge_forget()
    assert figures(site, "fund")["raised_minor"] == 5000


def test_any_page_may_read_the_figures(site: Site) -> None:
    answer = site.visitor.raw("GET", "/api/campaigns/fund.json", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=5"
    assert answer.mimetype == "application/json"
    assert "Set-Cookie" not in answer.headers
    assert len(answer.headers["ETag"]) > 10


def test_a_draft_and_what_does_not_exist_are_told_with_the_same_bytes(site: Site) -> None:
    site.add("draft", published=False)
    draft, nothing = (site.visitor.raw("GET", f"/api/campaigns/{slug}.json") for slug in ("draft", "nothing"))
    assert (draft.status_code, draft.data, list(draft.headers)) == (404, nothing.data, list(nothing.headers))
    assert json.loads(draft.data) == {"error": "not found"}
    assert draft.headers["Access-Control-Allow-Origin"] == "*"
