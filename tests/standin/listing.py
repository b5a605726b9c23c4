"""Lists: newest first, filtered, cut into pages by identifiers."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from tests.standin.account import Account
from tests.standin.errors import invalid
from tests.standin.store import JSON

Filter = Callable[[JSON, Any], bool]

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda created, bound: created > bound,
    "gte": lambda created, bound: created >= bound,
    "lt": lambda created, bound: created < bound,
    "lte": lambda created, bound: created <= bound,
}
_PAGING = frozenset(("ending_before", "expand", "limit", "starting_after"))


def page(account: Account, kind: str, url: str, params: JSON, filters: dict[str, Filter]) -> JSON:
    """Return one page of a kind; ApiError 400 for a limit out of 1 to 100 or a false cursor."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid("Invalid integer: limit must be between 1 and 100", "limit")
    matching = (thing for thing in account.store.newest_first(kind) if _fits(thing, params, filters))
    found = list(islice(_from_cursor(account, kind, matching, params), limit + 1))
    data = found[:limit]
    if "ending_before" in params:
        data.reverse()
    return {"object": "list", "data": data, "has_more": len(found) > limit, "url": url}


def _fits(thing: JSON, params: JSON, filters: dict[str, Filter]) -> bool:
    for name, wanted in params.items():
        if name in _PAGING:
            continue
        fits = filters.get(name, _SHARED.get(name))
        if not (fits(thing, wanted) if fits else thing[name] == wanted):
            return False
    return True


def _created(thing: JSON, wanted: Any) -> bool:
    if isinstance(wanted, int):
        return bool(thing["created"] == wanted)
    return all(_COMPARISONS[name](thing["created"], bound) for name, bound in wanted.items())


_SHARED: dict[str, Filter] = {"created": _created}


def _from_cursor(account: Account, kind: str, matching: Iterable[JSON], params: JSON) -> Iterable[JSON]:
    """Return what comes after one cursor, or, nearest first, what comes before the other."""
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise invalid("You can only pass one of starting_after and ending_before.")
    if after:
        cursor = account.store.get(kind, after, param="starting_after", status=400)
        return _older_than(account, kind, cursor, matching)
    if before:
        cursor = account.store.get(kind, before, param="ending_before", status=400)
        newer = _newer_ids(account, kind, cursor)
        return reversed([thing for thing in matching if thing["id"] in newer])
    return matching


def _newer_ids(account: Account, kind: str, cursor: JSON) -> set[str]:
    newer: set[str] = set()
    for thing in account.store.newest_first(kind):
        if thing is cursor:
            break
        newer.add(thing["id"])
    return newer


def _older_than(account: Account, kind: str, cursor: JSON, matching: Iterable[JSON]) -> Iterable[JSON]:
    """Walk on from the cursor, even when the cursor itself no longer fits the filter."""
    skipped = _newer_ids(account, kind, cursor) | {cursor["id"]}
    return (thing for thing in matching if thing["id"] not in skipped)
