"""What the columns take and give: whole groszy, moments in UTC, known words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from campaigns.domain.money import Money
from campaigns.storage.columns import money
from campaigns.storage.database import Database
from campaigns.storage.models import campaigns, refunds, tries
from tests.storage.rows import ROWS, fill

MOST = 2**63 - 1
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


def keep_refund(database: Database, **changes: object) -> None:
    with database.transaction() as connection:
        connection.execute(insert(refunds), {**ROWS["refunds"], **changes})


def keep_try(database: Database, moment: datetime) -> datetime | None:
    """Keeps a moment and gives what the database then says of it."""
    with database.transaction() as connection:
        connection.execute(insert(tries), {"address_hash": "h", "tried_at": moment})
    with database.reading() as connection:
        kept: datetime | None = connection.execute(select(tries.c.tried_at)).scalar_one()
    return kept


@pytest.mark.parametrize("minor", [1, 10**12 + 1, MOST])
def test_an_amount_comes_back_to_the_grosz(database: Database, minor: int) -> None:
    keep_refund(database, amount_minor=minor)
    with database.reading() as connection:
        row = connection.execute(select(refunds)).one()
    assert money(row.amount_minor, row.currency) == Money(minor, "PLN")


def test_a_sum_made_by_the_database_is_money_again(database: Database) -> None:
    for number, minor in enumerate((1, 99, 10**15)):
        keep_refund(database, refund_id=f"re_{number}", amount_minor=minor)
    with database.reading() as connection:
        total = connection.execute(select(func.sum(refunds.c.amount_minor))).scalar_one()
    assert money(total, "PLN") == Money(10**15 + 100, "PLN")
    assert money(Decimal(5), "PLN") == Money(5, "PLN")  # type: ignore[arg-type]  # what PostgreSQL says of a sum


@pytest.mark.parametrize("change", [{"amount_minor": 0}, {"amount_minor": -1}, {"currency": "CHF"}, {"state": "lent"}])
def test_a_refund_that_cannot_be_is_not_kept(database: Database, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        keep_refund(database, **change)


def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        keep_try(database, datetime(2026, 11, 22, 12))  # noqa: DTZ001 - the very thing that must not happen


@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Kathmandu"), timezone(timedelta(hours=-12))]
)
def test_a_moment_of_any_zone_comes_back_in_utc_to_the_microsecond(database: Database, zone: timezone) -> None:
    kept = keep_try(database, NOON.astimezone(zone))
    assert kept == NOON
    assert kept is not None
    assert kept.tzinfo is UTC


def test_the_hour_that_comes_twice_in_autumn_is_kept_as_two(database: Database) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Warsaw"))
    second = first.replace(fold=1)
    assert keep_try(database, second) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)


def test_moments_are_compared_as_moments(database: Database) -> None:
    keep_try(database, NOON)
    later = (NOON + timedelta(minutes=1)).astimezone(ZoneInfo("Asia/Kathmandu"))
    with database.reading() as connection:
        assert connection.execute(select(tries.c.id).where(tries.c.tried_at < later)).all()
        assert not connection.execute(select(tries.c.id).where(tries.c.tried_at > later)).all()


def test_no_moment_stays_no_moment(database: Database) -> None:
    fill(database, "campaigns")
    with database.reading() as connection:
        assert connection.execute(select(campaigns.c.closes_at)).scalar_one() is None


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "raffle"},
        {"kind": "tax_appeal"},
        {"krs": "0000123456"},
        {"kind": "tax_appeal", "krs": "123"},
        {"figures": "hidden"},
        {"goal_minor": 0},
        {"min_minor": 0},
        {"min_minor": 1000001},
        {"closes_at": NOON - timedelta(days=365)},
    ],
)
def test_a_campaign_that_cannot_be_is_not_kept(database: Database, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(insert(campaigns), {**ROWS["campaigns"], **change})
