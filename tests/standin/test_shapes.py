"""Every object has the keys and types that Stripe's library declares for it."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe

from tests.standin import StripeStandIn
from tests.standin.store import JSON
from tests.standin.till import Till

_KINDS: dict[str, type[Any]] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "balance_transaction": stripe.BalanceTransaction,
    "event": stripe.Event,
}


def _faults(kind: type[Any], thing: JSON, path: str) -> Iterator[str]:
    """Yield what differs from the class: unknown keys, missing keys, values of another type."""
    hints = {name: hint for name, hint in kind.__annotations__.items() if name != "OBJECT_NAME"}
    for name in thing.keys() - hints.keys():
        yield f"{path}.{name} is unknown"
    for name, hint in hints.items():
        if name in thing:
            yield from _mismatch(hint, thing[name], f"{path}.{name}")
        elif NoneType not in get_args(hint):
            yield f"{path}.{name} is missing"


def _mismatch(hint: Any, value: Any, path: str) -> Iterator[str]:
    choices = get_args(hint) if get_origin(hint) is Union else (hint,)
    if value is None:
        if NoneType not in choices:
            yield f"{path} is None"
    elif isinstance(value, dict):
        for choice in choices:
            if isinstance(choice, type) and "__annotations__" in vars(choice):
                yield from _faults(choice, value, path)
    elif isinstance(value, list):
        (inner,) = (get_args(choice)[0] for choice in choices if get_origin(choice) is list)
        for index, item in enumerate(value):
            yield from _mismatch(inner, item, f"{path}[{index}]")
    elif not any(_takes(choice, value) for choice in choices):
        yield f"{path} is {value!r}, not {hint}"


def _takes(choice: Any, value: Any) -> bool:
    if get_origin(choice) is Literal:
        return value in get_args(choice)
    if isinstance(choice, ForwardRef):  # an object of the API, as its identifier unless expanded
        return isinstance(value, str)
    return isinstance(choice, type) and type(value) is choice


def test_every_object_has_the_librarys_shape(standin: StripeStandIn, till: Till) -> None:
    for method in ("card", "blik", "p24"):
        standin.pay(till.open(client_reference_id="r").id, method)
    till.open(allowed_payment_method_types=["card"], wallet_options={"link": {"display": "never"}})
    standin.decline(till.open().id)
    standin.pay_later(till.open().id)
    standin.keep_refunds_pending()
    card, blik, p24 = (intent["id"] for intent in standin.things("payment_intent")[:3])
    standin.fail_refund(standin.refund(card, 100)["id"])
    standin.refund(p24)
    standin.win(standin.dispute(card)["id"])
    standin.dispute(blik)
    faults = [
        fault for name, kind in _KINDS.items() for thing in standin.things(name) for fault in _faults(kind, thing, name)
    ]
    assert all(standin.things(name) for name in _KINDS)
    assert faults == []


def test_the_lines_of_a_session_have_the_librarys_shape(till: Till) -> None:
    session = till.v1.checkout.sessions.retrieve(till.open().id, {"expand": ["line_items"]}).to_dict()
    (line,) = session["line_items"]["data"]
    assert list(_faults(stripe.LineItem, line, "item")) == []
    assert set(line["price"]) <= set(stripe.Price.__annotations__)


def test_the_balance_has_the_librarys_shape(standin: StripeStandIn, till: Till) -> None:
    standin.pay(till.open().id)
    assert list(_faults(stripe.Balance, till.v1.balance.retrieve().to_dict(), "balance")) == []
