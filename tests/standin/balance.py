"""The account's own statement: every movement of money posts a line, with its fee."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from tests.standin import ids
from tests.standin.account import Account
from tests.standin.objects.balance import Movement, build
from tests.standin.store import JSON

_A_DAY = 24 * 60 * 60


def post_charge(account: Account, charge: JSON) -> JSON:
    """Post the money of a successful charge, less the processing fee of its method."""
    share, fixed = account.terms.fees[charge["payment_method_details"]["type"]]
    gross = _settle(account, charge, "charge" if _is_card(charge) else "payment", "charge", charge["amount"])
    fee = min(gross.amount, (gross.amount * share + 5_000) // 10_000 + fixed)
    return _post(account, charge, charge, replace(gross, fee=fee, fee_name="Stripe processing fees"))


def post_refund(account: Account, charge: JSON, refund: JSON) -> JSON:
    """Post the money that leaves for a refund; the processing fee is not given back."""
    kind = "refund" if _is_card(charge) else "payment_refund"
    return _post(account, charge, refund, _settle(account, charge, kind, "refund", -refund["amount"]))


def post_refund_failure(account: Account, charge: JSON, refund: JSON) -> JSON:
    """Post the money of a refund that the donor's bank sent back."""
    movement = _settle(account, charge, "refund_failure", "refund_failure", refund["amount"])
    return _post(account, charge, refund, movement)


def post_withdrawal(account: Account, charge: JSON, dispute: JSON) -> JSON:
    """Post the money that a disputing bank takes, with the dispute's fee."""
    movement = _settle(account, charge, "adjustment", "dispute", -dispute["amount"])
    movement = replace(movement, fee=account.terms.dispute_fee, fee_name="Dispute fee")
    return _post(account, charge, dispute, movement)


def post_reinstatement(account: Account, charge: JSON, dispute: JSON) -> JSON:
    """Post the money of a dispute that was won; its fee stays with Stripe."""
    movement = _settle(account, charge, "adjustment", "dispute_reversal", dispute["amount"])
    return _post(account, charge, dispute, movement)


def _is_card(charge: JSON) -> bool:
    return bool(charge["payment_method_details"]["type"] == "card")


def _settle(account: Account, charge: JSON, kind: str, category: str, amount: int) -> Movement:
    """Return an amount in the charge's currency as it reaches the balance, converted if need be."""
    currency = charge["currency"]
    rate = account.terms.rates.get(currency)
    if rate is None:
        return Movement(kind, category, amount, currency, None)
    converted = int((amount * rate).quantize(Decimal(1), ROUND_HALF_EVEN))
    return Movement(kind, category, converted, "pln", rate)


def _post(account: Account, charge: JSON, source: JSON, movement: Movement) -> JSON:
    now = account.clock.now()
    line = build(
        movement,
        ident=ids.mint("balance_transaction"),
        source=source["id"],
        description=charge["description"],
        created=now,
        available_on=now + account.terms.days_to_settle * _A_DAY,
    )
    account.unsettled.append(line)
    return account.store.put(line)


def summary(account: Account) -> JSON:
    """Return the balance object: what is available and what is still pending, per currency."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for line in account.store.oldest_first("balance_transaction"):
        side = sums[line["status"]]
        side[line["currency"]] = side.get(line["currency"], 0) + line["net"]
    return {
        "object": "balance",
        "livemode": account.livemode,
        **{
            side: [{"amount": net, "currency": currency} for currency, net in nets.items()]
            for side, nets in sums.items()
        },
    }
