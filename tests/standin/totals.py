"""What really happened to the money, from the objects themselves; the books must say the same."""

from collections.abc import Iterator

from tests.standin.account import Account
from tests.standin.store import JSON


def account_total(account: Account, currency: str) -> int:
    """Return minor units received, less succeeded refunds, less disputed and not won back."""
    return sum(a for found, _, a in _movements(account) if found == currency)


def by_reference(account: Account, currency: str) -> dict[str, int]:
    """Return the same figure per `client_reference_id`, of references that received anything."""
    totals: dict[str, int] = {}
    for found, reference, amount in _movements(account):
        if found == currency:
            totals[reference] = totals.get(reference, 0) + amount
    return totals


def _movements(account: Account) -> Iterator[tuple[str, str, int]]:
    """Yield currency, reference and signed amount of everything that moved."""
    for charge in account.store.of("charge", "status", "succeeded"):
        yield _movement(account, charge, charge["amount"])
    for refund in account.store.of("refund", "status", "succeeded"):
        yield _movement(account, refund, -refund["amount"])
    for dispute in account.store.oldest_first("dispute"):
        if dispute["status"] != "won":
            yield _movement(account, dispute, -dispute["amount"])


def _movement(account: Account, thing: JSON, amount: int) -> tuple[str, str, int]:
    session_id = account.session_of_intent[thing["payment_intent"]]
    session = account.store.get("checkout.session", session_id)
    return thing["currency"], session["client_reference_id"] or session_id, amount
