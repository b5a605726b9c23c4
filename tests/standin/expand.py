"""Expansion: identifiers in an answer replaced by the objects they name."""

from collections.abc import Sequence

from tests.standin.account import Account
from tests.standin.errors import invalid
from tests.standin.store import JSON

_LINKS = {
    "checkout.session": {"payment_intent"},
    "payment_intent": {"latest_charge"},
    "charge": {"balance_transaction", "failure_balance_transaction", "payment_intent"},
    "refund": {"balance_transaction", "charge", "failure_balance_transaction", "payment_intent"},
    "dispute": {"charge", "payment_intent"},
    "balance_transaction": {"source"},
}
_DEEPEST = 4


def expand(account: Account, thing: JSON, paths: Sequence[str]) -> JSON:
    """Return a copy with every path (`latest_charge.balance_transaction`) followed.

    ApiError 400 for a property that names no object, and for more than four levels.
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise invalid(f"You cannot expand more than {_DEEPEST} levels of a property: {path}")
        thing = _follow(account, thing, steps, path)
    return thing


def _follow(account: Account, thing: JSON, steps: Sequence[str], path: str) -> JSON:
    if not steps:
        return thing
    step, rest = steps[0], steps[1:]
    if thing["object"] == "list" and step == "data":
        return {**thing, "data": [_follow(account, t, rest, path) for t in thing["data"]]}
    included = _included(account, thing, step)
    if included is not None:
        return {**thing, step: _follow(account, included, rest, path)}
    if step not in _LINKS.get(thing["object"], ()):
        raise invalid(f"This property cannot be expanded ({path}).", "expand")
    target = thing.get(step)
    if isinstance(target, str):
        target = account.store.find(target)
    if target is None:
        return thing
    return {**thing, step: _follow(account, target, rest, path)}


def _included(account: Account, thing: JSON, step: str) -> JSON | None:
    """Return a list that an object holds only on demand, or None."""
    if (thing["object"], step) == ("checkout.session", "line_items"):
        url = f"/v1/checkout/sessions/{thing['id']}/line_items"
        return _list(account.line_items[thing["id"]], url)
    if (thing["object"], step) == ("charge", "refunds"):
        refunds = account.store.of("refund", "charge", thing["id"])
        return _list(refunds[::-1], f"/v1/charges/{thing['id']}/refunds")
    return None


def _list(data: list[JSON], url: str) -> JSON:
    return {"object": "list", "data": data, "has_more": False, "url": url}
