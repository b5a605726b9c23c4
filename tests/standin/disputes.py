"""Disputes: opened by a donor's bank, won or lost."""

from tests.standin import balance, ids
from tests.standin.account import Account
from tests.standin.errors import Refused
from tests.standin.objects import dispute as build_dispute
from tests.standin.store import JSON


def open_dispute(account: Account, intent_id: str, amount: int | None = None, reason: str = "fraudulent") -> JSON:
    """The bank takes money back: all that was not refunded, or `amount` in minor units.

    Refused for Przelewy24, which knows no disputes, and while one is open or lost.
    """
    intent = account.store.get("payment_intent", intent_id)
    if intent["status"] != "succeeded":
        raise Refused(f"no money to dispute: the intent is {intent['status']}")
    charge = account.store.get("charge", intent["latest_charge"])
    if charge["payment_method_details"]["type"] == "p24":
        raise Refused("Przelewy24 knows no disputes")
    if charge["disputed"]:
        raise Refused("the charge is disputed already")
    if amount is None:
        amount = charge["amount"] - charge["amount_refunded"]
    if not 0 < amount <= charge["amount"]:
        raise Refused(f"cannot dispute {amount} of a charge of {charge['amount']}")
    dispute = build_dispute.build(
        ident=ids.mint("dispute"),
        created=account.clock.now(),
        charge=charge,
        amount=amount,
        reason=reason,
    )
    account.store.put(dispute)
    charge.update(disputed=True)
    account.events.record("charge.dispute.created", dispute)
    line = balance.post_withdrawal(account, charge, dispute)
    dispute["balance_transactions"].append(line)
    account.events.record("charge.dispute.funds_withdrawn", dispute)
    return dispute


def win(account: Account, ident: str) -> JSON:
    """The organisation is right; the money comes back and the charge can be refunded again."""
    dispute = _open_or_refuse(account, ident)
    charge = account.store.get("charge", dispute["charge"])
    dispute.update(status="won")
    charge.update(disputed=False)
    account.events.record("charge.dispute.closed", dispute, {"status": "needs_response"})
    line = balance.post_reinstatement(account, charge, dispute)
    dispute["balance_transactions"].append(line)
    account.events.record("charge.dispute.funds_reinstated", dispute)
    return dispute


def lose(account: Account, ident: str) -> JSON:
    """The donor's bank is right; the money stays gone."""
    dispute = _open_or_refuse(account, ident)
    dispute.update(status="lost")
    account.events.record("charge.dispute.closed", dispute, {"status": "needs_response"})
    return dispute


def _open_or_refuse(account: Account, ident: str) -> JSON:
    dispute = account.store.get("dispute", ident)
    if dispute["status"] != "needs_response":
        raise Refused(f"the dispute is {dispute['status']}")
    return dispute
