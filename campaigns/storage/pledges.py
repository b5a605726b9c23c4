"""Pledges as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from campaigns.domain.money import Money
from campaigns.domain.pledge import Method, Pledge, PledgeState
from campaigns.storage.columns import money
from campaigns.storage.models import campaigns, pledges

# Built once: building a statement costs more than running it.
_ADD = insert(pledges).returning(pledges.c.id)
_ADD_ALL = insert(pledges).returning(pledges.c.reference, pledges.c.id)
_BY_FORM = select(pledges).where(pledges.c.form_hash == bindparam("wanted"))
_BY_REFERENCE = select(pledges).where(pledges.c.reference == bindparam("wanted")).with_for_update()
_BY_ID = select(pledges).where(pledges.c.id == bindparam("wanted")).with_for_update()
_SET_STATE = (
    update(pledges)
    .where(pledges.c.id == bindparam("moved"))
    .values(state=bindparam("state"), changed_at=bindparam("changed_at"))
)


@dataclass(frozen=True, slots=True)
class NewPledge:
    """A promise about to be kept; `form_hash` is the hash of the form's token, None where no form was sent."""

    reference: str
    thanks_token: str
    form_hash: str | None
    campaign_id: int
    amount: Money
    method: Method
    language: str
    gateway: str
    created_at: datetime
    expires_at: datetime
    state: PledgeState = PledgeState.STARTED


def add(connection: Connection, new: NewPledge) -> int:
    """Keep a promise and return its id; IntegrityError if the form was used already."""
    pledge_id: int = connection.execute(_ADD, _row(new)).scalar_one()
    return pledge_id


def add_all(connection: Connection, new: Sequence[NewPledge]) -> list[int]:
    """Keep promises, at least one, and return their ids in the same order."""
    known = {row.reference: row.id for row in connection.execute(_ADD_ALL, [_row(each) for each in new])}
    return [known[each.reference] for each in new]


def _row(new: NewPledge) -> dict[str, object]:
    return {
        "reference": new.reference,
        "thanks_token": new.thanks_token,
        "form_hash": new.form_hash,
        "campaign_id": new.campaign_id,
        "amount_minor": new.amount.minor,
        "currency": new.amount.currency,
        "method": new.method,
        "frequency": "once",
        "language": new.language,
        "state": new.state,
        "gateway": new.gateway,
        "created_at": new.created_at,
        "changed_at": new.created_at,
        "expires_at": new.expires_at,
    }


def by_form(connection: Connection, form_hash: str) -> Pledge | None:
    """The pledge that this form made, if it made one."""
    row = connection.execute(_BY_FORM, {"wanted": form_hash}).one_or_none()
    return _pledge(row) if row else None


def by_reference(connection: Connection, reference: str) -> Pledge | None:
    """The pledge that a provider speaks of; its row is held until the transaction ends."""
    row = connection.execute(_BY_REFERENCE, {"wanted": reference}).one_or_none()
    return _pledge(row) if row else None


def must_be(connection: Connection, pledge_id: int) -> Pledge:
    """The pledge with this number, which is known to exist; its row is held until the transaction ends."""
    return _pledge(connection.execute(_BY_ID, {"wanted": pledge_id}).one())


def by_id(connection: Connection, pledge_id: int) -> tuple[Pledge, str] | None:
    """The pledge with this number as it stands now, and the gateway that it was begun at."""
    row = connection.execute(select(pledges).where(pledges.c.id == pledge_id)).one_or_none()
    return (_pledge(row), row.gateway) if row else None


def by_thanks_token(connection: Connection, token: str) -> tuple[Pledge, str] | None:
    """The pledge behind a donor's thank-you address, and its campaign's slug."""
    query = select(pledges, campaigns.c.slug).join_from(pledges, campaigns)
    row = connection.execute(query.where(pledges.c.thanks_token == token)).one_or_none()
    return (_pledge(row), row.slug) if row else None


def attach_checkout(connection: Connection, pledge_id: int, checkout_id: str, checkout_url: str) -> None:
    """Remember the provider's page; whoever comes second with the same page changes nothing."""
    connection.execute(
        update(pledges).where(pledges.c.id == pledge_id).values(checkout_id=checkout_id, checkout_url=checkout_url)
    )


def renew_reference(connection: Connection, pledge_id: int, used: str, fresh: str) -> None:
    """Give the pledge another reference, unless somebody has done so since `used` was."""
    where = (pledges.c.id == pledge_id) & (pledges.c.reference == used) & pledges.c.checkout_id.is_(None)
    connection.execute(update(pledges).where(where).values(reference=fresh))


def set_state(connection: Connection, pledge_id: int, state: PledgeState, now: datetime) -> None:
    connection.execute(_SET_STATE, {"moved": pledge_id, "state": state, "changed_at": now})


def set_campaign(connection: Connection, pledge_id: int, campaign_id: int) -> None:
    connection.execute(update(pledges).where(pledges.c.id == pledge_id).values(campaign_id=campaign_id))


def expire_overdue(connection: Connection, now: datetime, limit: int = 500) -> int:
    """Expire started pledges whose checkout has run out, and say how many; nodes may do it at once.

    Open ones stay: the provider has said that their money is on its way.
    """
    overdue = (
        select(pledges.c.id)
        .where(pledges.c.state == PledgeState.STARTED, pledges.c.expires_at < now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    result = connection.execute(
        update(pledges)
        .where(pledges.c.id.in_(overdue), pledges.c.state == PledgeState.STARTED)
        .values(state=PledgeState.EXPIRED, changed_at=now)
    )
    return result.rowcount


def _pledge(row: Row[*tuple[object, ...]]) -> Pledge:
    return Pledge(
        id=row.id,
        reference=row.reference,
        thanks_token=row.thanks_token,
        campaign_id=row.campaign_id,
        amount=money(row.amount_minor, row.currency),
        method=Method(row.method),
        language=row.language,
        state=PledgeState(row.state),
        created_at=row.created_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        checkout_id=row.checkout_id,
        checkout_url=row.checkout_url,
    )
