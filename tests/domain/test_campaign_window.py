"""When a campaign takes gifts, and how many days are left by the clock on a Polish wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.domain.campaign import Phase, Window

OPENS = datetime(2026, 11, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 12, 1, 9, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def warsaw(text: str, *, second_time: bool = False) -> datetime:
    """A moment as a Polish wall clock shows it; in autumn, the hour between two and three comes twice."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Warsaw"), fold=int(second_time))
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    "now, phase",
    [
        (OPENS - MOMENT, Phase.UPCOMING),
        (OPENS, Phase.OPEN),
        (CLOSES - MOMENT, Phase.OPEN),
        (CLOSES, Phase.CLOSED),
    ],
)
def test_a_campaign_opens_and_closes_on_the_dot(now: datetime, phase: Phase) -> None:
    assert Window(True, OPENS, CLOSES).phase(now) is phase


@pytest.mark.parametrize("now", [OPENS - MOMENT, OPENS, CLOSES])
def test_a_draft_is_a_draft_at_any_time(now: datetime) -> None:
    assert Window(False, OPENS, CLOSES).phase(now) is Phase.DRAFT


@pytest.mark.parametrize("window", [Window(True), Window(True, opens_at=OPENS), Window(True, closes_at=CLOSES)])
def test_a_campaign_without_a_beginning_or_an_end_is_open_in_between(window: Window) -> None:
    assert window.phase(OPENS) is Phase.OPEN


@pytest.mark.parametrize(
    "left, days",
    [
        (MOMENT, 1),
        (timedelta(hours=24), 1),
        (timedelta(hours=24) + MOMENT, 2),
        (timedelta(days=30), 30),
    ],
)
def test_the_running_day_is_counted(left: timedelta, days: int) -> None:
    assert Window(True, OPENS, CLOSES).days_left(CLOSES - left) == days


@pytest.mark.parametrize(
    "now, closes, days",
    [
        ("2027-03-28T00:00", "2027-03-29T00:00", 1),
        ("2027-03-27T00:00", "2027-03-29T00:00", 2),
        ("2026-10-25T00:00", "2026-10-26T00:00", 1),
        ("2026-10-24T00:00", "2026-10-26T00:00", 2),
        ("2026-10-23T23:59", "2026-10-26T00:00", 3),
    ],
)
def test_a_day_on_which_the_clocks_change_is_one_day(now: str, closes: str, days: int) -> None:
    assert Window(True, closes_at=warsaw(closes)).days_left(warsaw(now)) == days


def test_an_open_campaign_has_a_day_left_even_when_the_wall_clock_is_already_past_its_end() -> None:
    closes = warsaw("2026-10-25T02:10", second_time=True)
    assert Window(True, closes_at=closes).days_left(warsaw("2026-10-25T02:30")) == 1


@pytest.mark.parametrize("now", [OPENS - MOMENT, CLOSES])
def test_no_days_are_left_of_a_campaign_that_is_not_open(now: datetime) -> None:
    assert Window(True, OPENS, CLOSES).days_left(now) is None


def test_a_campaign_without_an_end_counts_no_days() -> None:
    assert Window(True, OPENS).days_left(OPENS) is None
