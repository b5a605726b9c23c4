"""What an address asks of a list: words that we know, a free text, and where a page begins."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import abort, request

Word = TypeVar("Word", bound=StrEnum)

# A number that any database can hold: a larger one is the address of nothing.
NUMBER = "<int(max=999999999999999999):number>"
_DIGITS = 18


def text(name: str, given: Mapping[str, str] | None = None) -> str:
    """What stands in the address (or `given`) under this name; a page that does not exist for what nobody types."""
    value = (request.args if given is None else given).get(name, "").strip()
    if not value.isprintable():
        abort(404)
    return value


def one_word(kind: type[Word], name: str, given: Mapping[str, str] | None = None) -> Word | None:
    """One of our words; None where nothing is asked, a page that does not exist for any other word."""
    value = text(name, given)
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        abort(404)


def number_before() -> int | None:
    """The number below which a page begins; None for the first one."""
    return number_in("before")


def number_in(name: str) -> int | None:
    """The number that stands in the address under this name; None where nothing is asked."""
    typed = text(name)
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > _DIGITS:
        abort(404)
    return int(typed)
