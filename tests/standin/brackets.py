"""Stripe's form encoding: `line_items[0][price_data][currency]=pln` becomes nested dicts."""

import re
from typing import Any
from urllib.parse import parse_qsl

from tests.standin.errors import invalid

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_PART = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    """Return the parameters as nested dicts with text leaves; lists keep their index as key.

    `a[]=x&a[]=y` counts as `a[0]=x&a[1]=y`. ApiError 400 for brackets that do not match,
    for bytes that are not UTF-8, and for a name that is a value and a branch at once.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except ValueError as error:
        raise invalid("Invalid request body: not form-encoded UTF-8") from error
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _plant(tree, name, value)
    return tree


def _plant(tree: dict[str, Any], name: str, value: str) -> None:
    match = _NAME.match(name)
    if match is None:
        raise invalid(f"Invalid parameter name: {name}", param=name)
    *path, leaf = [match.group(1), *_PART.findall(match.group(2))]
    branch = tree
    for step in path:
        branch = branch.setdefault(step or str(len(branch)), {})
        if not isinstance(branch, dict):
            raise invalid(f"Invalid hash: {name}", param=name)
    leaf = leaf or str(len(branch))
    if isinstance(branch.get(leaf), dict):
        raise invalid(f"Invalid string: {name}", param=name)
    branch[leaf] = value
