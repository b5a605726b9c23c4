"""Request parameters checked against the types that Stripe's own library publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import stripe

from tests.standin.errors import invalid, missing_parameter, unknown_parameters

Shape = type[Any]

# The library names these two in annotations without importing them where they are evaluated.
_NAMES_LEFT_OUT = {"StripeContext": object, "Mapping": Mapping}

_EMPTY = (
    "You passed an empty string for '{0}'. We assume empty values are an attempt to unset a "
    "parameter; however '{0}' cannot be unset. You should remove '{0}' from your request or "
    "supply a non-empty value."
)


@dataclass(frozen=True)
class Field:
    """One parameter: its type, and whether it must be there."""

    hint: Any
    required: bool


_known_fields: dict[Shape, dict[str, Field]] = {}


def fields(shape: Shape) -> dict[str, Field]:
    """Return what may be sent for a TypedDict of the library, without the client's own options."""
    if shape not in _known_fields:
        _known_fields[shape] = _read_fields(shape)
    return _known_fields[shape]


def _read_fields(shape: Shape) -> dict[str, Field]:
    options = stripe.RequestOptions.__annotations__
    hints = get_type_hints(shape, localns=dict(_NAMES_LEFT_OUT))
    required = shape.__required_keys__
    return {n: Field(h, n in required) for n, h in hints.items() if n not in options}


def check(shape: Shape, raw: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the parameters in their own types (int, bool, list, ...).

    ApiError 400 for an unknown name at any depth, a missing one, or a value of another type.
    """
    known = fields(shape)
    unknown = [_join(prefix, name) for name in raw if name not in known]
    if unknown:
        raise unknown_parameters(unknown)
    for name, field in known.items():
        if field.required and name not in raw:
            raise missing_parameter(_join(prefix, name))
    return {n: _value(known[n].hint, v, _join(prefix, n)) for n, v in raw.items()}


def _join(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name


def _value(hint: Any, raw: Any, name: str) -> Any:
    choices = _alternatives(hint)
    allowed = [v for c in choices if get_origin(c) is Literal for v in get_args(c)]
    if raw == "":
        if "" not in allowed:
            raise invalid(_EMPTY.format(name), name, "parameter_invalid_empty")
        return raw
    if isinstance(raw, dict):
        return _branch(choices, raw, name)
    return _leaf(choices, allowed, raw, name)


def _alternatives(hint: Any) -> list[Any]:
    """Flatten a union; a literal inside `Literal[...] | str` stays a closed list, as at Stripe."""
    if get_origin(hint) in (Union, UnionType):
        return [a for part in get_args(hint) for a in _alternatives(part)]
    return [hint]


def _branch(choices: list[Any], raw: dict[str, Any], name: str) -> Any:
    for choice in choices:
        if hasattr(choice, "__required_keys__"):  # typing_extensions' own TypedDict, too
            return check(choice, raw, name)
        if get_origin(choice) is list:
            return _items(get_args(choice)[0], raw, name)
        if get_origin(choice) is dict:
            return _text_map(raw, name)
    raise invalid(f"Invalid value: {name} does not take nested parameters", name)


def _items(hint: Any, raw: dict[str, Any], name: str) -> list[Any]:
    if not all(index.isdecimal() for index in raw):
        raise invalid(f"Invalid array: {name}", name)
    ordered = sorted(raw.items(), key=lambda item: int(item[0]))
    return [_value(hint, value, _join(name, index)) for index, value in ordered]


def _text_map(raw: dict[str, Any], name: str) -> dict[str, str]:
    for key, value in raw.items():
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {name}[{key}]", _join(name, key))
    return dict(raw)


def _leaf(choices: list[Any], allowed: list[Any], raw: str, name: str) -> Any:
    if [v for v in allowed if v != ""]:
        if raw not in allowed:
            listed = ", ".join(str(v) for v in allowed if v != "")
            raise invalid(f"Invalid {name}: must be one of {listed}", name)
        return raw
    for kind, read in _READERS.items():
        if kind in choices:
            return read(raw, name)
    if str in choices:
        return raw
    if any(get_origin(choice) is list for choice in choices):
        raise invalid("Invalid array", name)
    raise invalid("Invalid object", name)


def _integer(raw: str, name: str) -> int:
    digits = raw.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        raise invalid(f"Invalid integer: {raw}", name, "parameter_invalid_integer")
    return int(raw)


def _boolean(raw: str, name: str) -> bool:
    if raw not in ("true", "false"):
        raise invalid(f"Invalid boolean: {raw}", name)
    return raw == "true"


def _decimal(raw: str, name: str) -> Decimal:
    try:
        number = Decimal(raw)
    except InvalidOperation as error:
        raise invalid(f"Invalid decimal: {raw}", name) from error
    if not number.is_finite():
        raise invalid(f"Invalid decimal: {raw}", name)
    return number


_READERS = {int: _integer, bool: _boolean, Decimal: _decimal}
