"""A balance transaction, one line of the account's own statement."""

from dataclasses import dataclass
from decimal import Decimal

from tests.standin.store import JSON


@dataclass(frozen=True)
class Movement:
    """Money that reaches or leaves the balance: `amount` gross, `fee` what Stripe keeps, in minor units."""

    kind: str
    category: str
    amount: int
    currency: str
    rate: Decimal | None
    fee: int = 0
    fee_name: str = ""


def build(
    movement: Movement, *, ident: str, source: str, description: str | None, created: int, available_on: int
) -> JSON:
    """Return a pending line about the object `source`; `net` is what is left after the fee."""
    fee_detail = {
        "amount": movement.fee,
        "application": None,
        "currency": movement.currency,
        "description": movement.fee_name,
        "type": "stripe_fee",
    }
    return {
        "id": ident,
        "object": "balance_transaction",
        "amount": movement.amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": created,
        "currency": movement.currency,
        "description": description,
        # A rate, not money; the wire carries it as a JSON number.
        "exchange_rate": None if movement.rate is None else float(movement.rate),
        "fee": movement.fee,
        "fee_details": [fee_detail] if movement.fee else [],
        "net": movement.amount - movement.fee,
        "reporting_category": movement.category,
        "source": source,
        "status": "pending",
        "type": movement.kind,
    }
