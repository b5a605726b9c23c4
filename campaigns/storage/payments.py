"""Payments as they are kept, and the facts that providers tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Row, bindparam, case, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ColumnElement

from campaigns.domain.money import Money
from campaigns.domain.payment import (
    RANKS,
    Dispute,
    DisputeState,
    PaymentState,
    Refund,
    RefundState,
    Standing,
)
from campaigns.storage.columns import Moment, money
from campaigns.storage.models import disputes, payments, refunds

State = TypeVar("State", RefundState, DisputeState)

# Built once: building a statement costs more than running it.
_ADD = insert(payments).returning(payments.c.id)
_ADD_ALL = insert(payments).returning(payments.c.gateway, payments.c.object_id, payments.c.id)
_FIND = (
    select(payments)
    .where(payments.c.gateway == bindparam("of"), payments.c.object_id == bindparam("object"))
    .with_for_update()
)
_SETTLE = (
    update(payments)
    .where(payments.c.id == bindparam("settled"))
    .values(
        {name: bindparam(name) for name in ("amount_minor", "refunded_minor", "withdrawn_minor", "net_minor", "state")}
        | {"fee_due_at": func.coalesce(bindparam("fee_due_at", type_=Moment), payments.c.fee_due_at)}
    )
)
_BY_ID = select(payments).where(payments.c.id == bindparam("wanted"))
_OTHERS = select(func.coalesce(func.sum(payments.c.net_minor), 0)).where(
    payments.c.pledge_id == bindparam("pledge"),
    payments.c.id != bindparam("this"),
    payments.c.campaign_id == bindparam("campaign"),
)
_REFUNDS = (
    select(refunds)
    .where(refunds.c.gateway == bindparam("of"), refunds.c.payment_object == bindparam("object"))
    .order_by(refunds.c.refund_id)
)
_DISPUTES = (
    select(disputes)
    .where(disputes.c.gateway == bindparam("of"), disputes.c.payment_object == bindparam("object"))
    .order_by(disputes.c.dispute_id)
)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment with where it stands. Without a campaign it is ours, but could not be placed."""

    id: int
    gateway: str
    object_id: str
    pledge_id: int | None
    campaign_id: int | None
    standing: Standing
    net: Money


def find(connection: Connection, gateway: str, object_id: str) -> PaymentRow | None:
    """The payment under the provider's id; its row is held until the transaction ends."""
    row = connection.execute(_FIND, {"of": gateway, "object": object_id}).one_or_none()
    return _payment(row) if row else None


def by_id(connection: Connection, payment_id: int) -> PaymentRow | None:
    """The payment with this number, as it stands now: whoever changes it asks `find` again, under the lock."""
    row = connection.execute(_BY_ID, {"wanted": payment_id}).one_or_none()
    return _payment(row) if row else None


def add(
    connection: Connection,
    gateway: str,
    object_id: str,
    pledge_id: int | None,
    campaign_id: int | None,
    standing: Standing,
    now: datetime,
) -> PaymentRow:
    """Keep a payment for the first time; nothing of it counts yet."""
    nothing = Money.zero(standing.amount.currency)
    new = PaymentRow(0, gateway, object_id, pledge_id, campaign_id, standing, nothing)
    return replace(new, id=connection.execute(_ADD, _row(new, now)).scalar_one())


def add_all(connection: Connection, new: Sequence[PaymentRow], now: datetime) -> list[int]:
    """Keep payments, at least one, as they stand and count; returns their numbers in the same order."""
    told = connection.execute(_ADD_ALL, [_row(each, now) for each in new])
    known = {(row.gateway, row.object_id): row.id for row in told}
    return [known[each.gateway, each.object_id] for each in new]


def _row(new: PaymentRow, now: datetime) -> dict[str, object]:
    return {
        "gateway": new.gateway,
        "object_id": new.object_id,
        "pledge_id": new.pledge_id,
        "campaign_id": new.campaign_id,
        "currency": new.standing.amount.currency,
        "amount_minor": new.standing.amount.minor,
        "refunded_minor": new.standing.refunded.minor,
        "withdrawn_minor": new.standing.withdrawn.minor,
        "net_minor": new.net.minor,
        "state": new.standing.state,
        "created_at": now,
    }


def settle(
    connection: Connection, payment_id: int, standing: Standing, net: Money, fee_due_at: datetime | None
) -> None:
    """Write where the payment stands now: what of it counts as raised, when to ask for its fee (None: as before)."""
    row = {
        "settled": payment_id,
        "amount_minor": standing.amount.minor,
        "refunded_minor": standing.refunded.minor,
        "withdrawn_minor": standing.withdrawn.minor,
        "net_minor": net.minor,
        "state": standing.state,
        "fee_due_at": fee_due_at,
    }
    connection.execute(_SETTLE, row)


def fee_known(connection: Connection, payment_id: int) -> bool:
    """Note that a payment's fee is known now; False if it was before."""
    asked = update(payments).where(payments.c.id == payment_id, payments.c.fee_due_at.is_not(None))
    return connection.execute(asked.values(fee_due_at=None)).rowcount == 1


def claim_fees(
    connection: Connection, gateway: str, now: datetime, again_at: datetime, limit: int
) -> list[tuple[int, str]]:
    """Payments (number, provider's id) whose fee to ask for now; other nodes will not ask before `again_at`."""
    due = (
        select(payments.c.id)
        .where(payments.c.fee_due_at <= now, payments.c.gateway == gateway)
        .order_by(payments.c.fee_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = update(payments).where(payments.c.id.in_(due)).values(fee_due_at=again_at)
    return [(row.id, row.object_id) for row in connection.execute(claim.returning(payments.c.id, payments.c.object_id))]


def others_of_pledge(
    connection: Connection, pledge_id: int, payment_id: int, campaign_id: int | None, currency: str
) -> Money:
    """What the pledge's other payments count together for this campaign."""
    wanted = {"pledge": pledge_id, "this": payment_id, "campaign": campaign_id}
    return money(connection.execute(_OTHERS, wanted).scalar_one(), currency)


def last_state_of_pledge(connection: Connection, pledge_id: int) -> PaymentState | None:
    """The state of the pledge's newest payment, if there is one."""
    query = select(payments.c.state).where(payments.c.pledge_id == pledge_id).order_by(payments.c.id.desc()).limit(1)
    state = connection.execute(query).scalar_one_or_none()
    return PaymentState(state) if state else None


def note_refund(connection: Connection, gateway: str, payment_object: str, refund: Refund) -> None:
    """Keep what the provider says of a refund; a state of lower rank, told late, changes nothing."""
    table = refunds.c
    statement = _insert(connection)(refunds).values(
        gateway=gateway,
        refund_id=refund.id,
        payment_object=payment_object,
        amount_minor=refund.amount.minor,
        currency=refund.amount.currency,
        state=refund.state,
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["gateway", "refund_id"],
            set_={"state": _higher(table.state, refund.state, RefundState)},
        )
    )


def note_dispute(
    connection: Connection, gateway: str, payment_object: str, dispute: Dispute, due: datetime | None
) -> None:
    """Keep what the provider says of a dispute; what was once withdrawn or reinstated stays so."""
    table = disputes.c
    statement = _insert(connection)(disputes).values(
        gateway=gateway,
        dispute_id=dispute.id,
        payment_object=payment_object,
        amount_minor=dispute.amount.minor,
        currency=dispute.amount.currency,
        state=dispute.state,
        withdrawn=dispute.withdrawn,
        reinstated=dispute.reinstated,
        due_at=due,
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["gateway", "dispute_id"],
            set_={
                "state": _higher(table.state, dispute.state, DisputeState),
                "withdrawn": table.withdrawn.is_(True) | literal(dispute.withdrawn),
                "reinstated": table.reinstated.is_(True) | literal(dispute.reinstated),
                "due_at": func.coalesce(statement.excluded.due_at, table.due_at),
            },
        )
    )


def refunds_of(connection: Connection, gateway: str, payment_object: str) -> tuple[Refund, ...]:
    told = connection.execute(_REFUNDS, {"of": gateway, "object": payment_object})
    return tuple(Refund(row.refund_id, money(row.amount_minor, row.currency), RefundState(row.state)) for row in told)


def disputes_of(connection: Connection, gateway: str, payment_object: str) -> tuple[Dispute, ...]:
    told = connection.execute(_DISPUTES, {"of": gateway, "object": payment_object})
    return tuple(
        Dispute(
            row.dispute_id,
            money(row.amount_minor, row.currency),
            DisputeState(row.state),
            row.withdrawn,
            row.reinstated,
        )
        for row in told
    )


def _payment(row: Row[*tuple[object, ...]]) -> PaymentRow:
    standing = Standing(
        PaymentState(row.state),
        money(row.amount_minor, row.currency),
        money(row.refunded_minor, row.currency),
        money(row.withdrawn_minor, row.currency),
    )
    net = money(row.net_minor, row.currency)
    return PaymentRow(row.id, row.gateway, row.object_id, row.pledge_id, row.campaign_id, standing, net)


def _insert(connection: Connection) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return sqlite.Insert if connection.dialect.name == "sqlite" else postgresql.Insert


def _higher(column: ColumnElement[str], told: State, kind: type[State]) -> ColumnElement[str]:
    """The state of higher rank: the one that is kept, or the one that is told."""
    lower: Sequence[str] = [state for state in kind if RANKS[state] < RANKS[told]]
    return case((column.in_(lower), literal(told.value)), else_=column)
