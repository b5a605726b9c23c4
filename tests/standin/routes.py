"""The table of the API: which request does what, and which parameters it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from stripe import params as takes
from stripe.params import checkout as checkout_takes

from tests.standin import balance, checkout, listing, refunds
from tests.standin.account import Account
from tests.standin.errors import ApiError
from tests.standin.params import Shape
from tests.standin.store import JSON

Act = Callable[[Account, JSON, str | None], JSON]


@dataclass(frozen=True)
class Endpoint:
    """One method on one address; `{id}` in the pattern is passed to the act."""

    method: str
    pattern: str
    shape: Shape
    act: Act
    regex: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        regex = re.compile(self.pattern.replace("{id}", r"(?P<id>[^/]+)"))
        object.__setattr__(self, "regex", regex)


def find(method: str, path: str) -> tuple[Endpoint, str | None]:
    """Return the endpoint and the identifier in the path; ApiError 404 for what is not there."""
    for endpoint in ENDPOINTS:
        match = endpoint.regex.fullmatch(path)
        if match and endpoint.method == method:
            return endpoint, match.groupdict().get("id")
    raise ApiError(404, f"Unrecognized request URL ({method}: {path}).")


def _retrieve(kind: str, account: Account, _: JSON, ident: str | None) -> JSON:
    return account.store.get(kind, ident or "")


def _list(kind: str, url: str, filters: dict[str, listing.Filter], account: Account, params: JSON, _: Any) -> JSON:
    return listing.page(account, kind, url, params, filters)


def _balance(account: Account, _: JSON, __: str | None) -> JSON:
    return balance.summary(account)


def _never(_: JSON, __: Any) -> bool:
    """Filter for what the stand-in has none of: customers, payouts, subscriptions."""
    return False


def _has_email(session: JSON, wanted: JSON) -> bool:
    customer = session["customer_details"]
    return bool(customer is not None and customer["email"] == wanted["email"])


def _has_type(event: JSON, wanted: str) -> bool:
    if wanted.endswith(".*"):
        return bool(event["type"].startswith(wanted.removesuffix("*")))
    return bool(event["type"] == wanted)


_EVENT_FILTERS: dict[str, listing.Filter] = {
    "delivery_success": lambda event, wanted: (event["pending_webhooks"] == 0) == wanted,
    "type": _has_type,
    "types": lambda event, wanted: any(_has_type(event, kind) for kind in wanted),
}
_SESSION_FILTERS: dict[str, listing.Filter] = {
    "customer_details": _has_email,
    "payment_link": _never,
    "subscription": _never,
}


def _noun(
    address: str,
    kind: str,
    one: Shape,
    many: Shape,
    filters: dict[str, listing.Filter] | None = None,
) -> list[Endpoint]:
    """Return the two readings of a noun: one by identifier, many as a list."""
    url = f"/v1/{address}"
    return [
        Endpoint("GET", f"{url}/{{id}}", one, partial(_retrieve, kind)),
        Endpoint("GET", url, many, partial(_list, kind, url, filters or {})),
    ]


ENDPOINTS: list[Endpoint] = [
    Endpoint("POST", "/v1/checkout/sessions", checkout_takes.SessionCreateParams, checkout.create),
    Endpoint(
        "POST",
        "/v1/checkout/sessions/{id}/expire",
        checkout_takes.SessionExpireParams,
        checkout.expire,
    ),
    Endpoint("POST", "/v1/refunds", takes.RefundCreateParams, refunds.create),
    Endpoint("GET", "/v1/balance", takes.BalanceRetrieveParams, _balance),
    *_noun(
        "checkout/sessions",
        "checkout.session",
        checkout_takes.SessionRetrieveParams,
        checkout_takes.SessionListParams,
        _SESSION_FILTERS,
    ),
    *_noun(
        "payment_intents",
        "payment_intent",
        takes.PaymentIntentRetrieveParams,
        takes.PaymentIntentListParams,
    ),
    *_noun(
        "charges",
        "charge",
        takes.ChargeRetrieveParams,
        takes.ChargeListParams,
        {"transfer_group": _never},
    ),
    *_noun("refunds", "refund", takes.RefundRetrieveParams, takes.RefundListParams),
    *_noun("disputes", "dispute", takes.DisputeRetrieveParams, takes.DisputeListParams),
    *_noun(
        "balance_transactions",
        "balance_transaction",
        takes.BalanceTransactionRetrieveParams,
        takes.BalanceTransactionListParams,
        {"payout": _never},
    ),
    *_noun("events", "event", takes.EventRetrieveParams, takes.EventListParams, _EVENT_FILTERS),
]
