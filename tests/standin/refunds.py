"""Refunds: asked for through the API or the dashboard, settled or sent back by banks."""

from tests.standin import balance, ids, rules
from tests.standin.account import Account
from tests.standin.errors import Refused, invalid, not_modelled
from tests.standin.objects import refund as build_refund
from tests.standin.store import JSON

_MODELLED = frozenset(("amount", "charge", "expand", "metadata", "payment_intent", "reason"))


def create(account: Account, params: JSON, _: str | None = None) -> JSON:
    """Refund a charge in whole or in part; ApiError 400 above what is left, or under dispute."""
    for name in params.keys() - _MODELLED:
        raise not_modelled(name)
    charge = _charge(account, params)
    amount = _amount(charge, params.get("amount"))
    metadata = rules.check_metadata(params.get("metadata") or {})
    is_card = charge["payment_method_details"]["type"] == "card"
    refund = build_refund.build(
        ident=ids.mint("refund" if is_card else "payment_refund"),
        created=account.clock.now(),
        charge=charge,
        amount=amount,
        asked={**params, "metadata": metadata},
        status="pending" if account.refunds_stay_pending else "succeeded",
    )
    refund["balance_transaction"] = balance.post_refund(account, charge, refund)["id"]
    before = charge["amount_refunded"]
    _set_refunded(charge, before + amount)
    account.store.put(refund)
    account.events.record("refund.created", refund)
    account.events.record("charge.refunded", charge, {"amount_refunded": before})
    return refund


def settle(account: Account, ident: str) -> JSON:
    """The donor's bank confirms a pending refund."""
    refund = _pending_or_refuse(account, ident, ("pending",))
    refund.update(status="succeeded")
    refund.pop("pending_reason", None)
    _record_update(account, refund, {"status": "pending"})
    return refund


def fail(account: Account, ident: str) -> JSON:
    """The donor's bank sends a refund back, even one that had succeeded; the money returns."""
    refund = _pending_or_refuse(account, ident, ("pending", "succeeded"))
    before = refund["status"]
    charge = account.store.get("charge", refund["charge"])
    line = balance.post_refund_failure(account, charge, refund)
    refund.update(
        status="failed",
        failure_balance_transaction=line["id"],
        failure_reason="lost_or_stolen_card" if refund["id"].startswith("re_") else "unknown",
    )
    refund.pop("pending_reason", None)
    _set_refunded(charge, charge["amount_refunded"] - refund["amount"])
    _record_update(account, refund, {"status": before})
    account.events.record("refund.failed", refund)
    return refund


def _record_update(account: Account, refund: JSON, previous: JSON) -> None:
    """Stripe tells the same change under two names."""
    account.events.record("refund.updated", refund, previous)
    account.events.record("charge.refund.updated", refund, previous)


def _pending_or_refuse(account: Account, ident: str, allowed: tuple[str, ...]) -> JSON:
    refund = account.store.get("refund", ident)
    if refund["status"] not in allowed:
        raise Refused(f"the refund is {refund['status']}")
    return refund


def _charge(account: Account, params: JSON) -> JSON:
    """Return the charge that the request means."""
    if ("charge" in params) == ("payment_intent" in params):
        raise invalid(
            "One of the following params should be provided for this request: `payment_intent` or `charge`.",
            None if "charge" in params else "payment_intent",
        )
    if "charge" in params:
        charge = account.store.get("charge", params["charge"], param="charge", status=400)
    else:
        charge = _charge_of_intent(account, params["payment_intent"])
    if charge["status"] != "succeeded":
        raise invalid("This payment has no successful charge to refund.")
    return charge


def _charge_of_intent(account: Account, ident: str) -> JSON:
    intent = account.store.get("payment_intent", ident, param="payment_intent", status=400)
    if intent["status"] != "succeeded":
        raise invalid(
            f"This PaymentIntent ({ident}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return account.store.get("charge", intent["latest_charge"])


def _amount(charge: JSON, asked: int | None) -> int:
    """Return the minor units to refund, all that is left when none were asked."""
    if charge["disputed"]:
        raise invalid(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    left: int = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if asked is None:
        return left
    if asked < 1:
        raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
    if asked > left:
        raise invalid(
            f"Refund amount ({rules.money(asked, charge['currency'])}) is greater than "
            f"unrefunded amount on charge ({rules.money(left, charge['currency'])})",
            "amount",
        )
    return asked


def _set_refunded(charge: JSON, amount: int) -> None:
    charge.update(amount_refunded=amount, refunded=amount == charge["amount"])
