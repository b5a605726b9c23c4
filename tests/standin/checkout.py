"""Checkout sessions: created and expired by the product."""

from heapq import heappush

from tests.standin import ageing, ids, rules
from tests.standin.account import Account
from tests.standin.errors import invalid, missing_parameter, no_such, not_modelled
from tests.standin.objects import session as build_session
from tests.standin.store import JSON

# Everything else that the API would take changes how money moves; pretending would mislead.
_MODELLED = frozenset(
    {
        "adaptive_pricing",
        "allowed_payment_method_types",
        "billing_address_collection",
        "cancel_url",
        "client_reference_id",
        "consent_collection",
        "currency",
        "customer_creation",
        "customer_email",
        "custom_text",
        "excluded_payment_method_types",
        "expand",
        "expires_at",
        "integration_identifier",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "name_collection",
        "origin_context",
        "payment_intent_data",
        "payment_method_options",
        "phone_number_collection",
        "submit_type",
        "success_url",
        "ui_mode",
        "wallet_options",
    }
)
_MODELLED_INTENT_DATA = frozenset(
    {
        "capture_method",
        "description",
        "metadata",
        "receipt_email",
        "statement_descriptor",
        "statement_descriptor_suffix",
    }
)
_METHODS = {"pln": ["card", "blik", "p24"], "eur": ["card", "p24"]}


def create(account: Account, params: JSON, _: str | None = None) -> JSON:
    """Open a session for checked parameters; ApiError 400 for values that break a rule."""
    _refuse_unmodelled(params)
    _check_texts(account, params)
    items = _check_line_items(params)
    offer = _offer(params, items)
    _check_intent_data(params.get("payment_intent_data", {}), offer.methods)
    now = account.clock.now()
    expires_at = params.get("expires_at", now + rules.LONGEST_LIFE)
    rules.check_expiry(expires_at, now)
    metadata = rules.check_metadata(params.get("metadata", {}))

    ident = ids.mint_session(livemode=account.livemode)
    session = build_session.build(
        offer,
        {**params, "expires_at": expires_at, "metadata": metadata},
        ident=ident,
        url=f"{account.origin}/c/pay/{ident}",
        created=now,
        livemode=account.livemode,
    )
    account.line_items[ident] = [_line(item, now, account.livemode) for item in items]
    account.intent_data[ident] = params.get("payment_intent_data", {})
    heappush(account.expiries, (expires_at, ident))
    return account.store.put(session)


def _offer(params: JSON, items: list[JSON]) -> build_session.Offer:
    currency = items[0]["price_data"]["currency"]
    amount = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items)
    rules.check_total(amount, currency)
    return build_session.Offer(amount, currency, _offered_methods(params, currency))


def expire(account: Account, _: JSON, ident: str | None) -> JSON:
    """Expire an open session; ApiError 400 for one that is complete or expired already."""
    session = account.store.get("checkout.session", ident or "")
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    ageing.expire(account, session)
    return session


def _refuse_unmodelled(params: JSON) -> None:
    for name in params:
        if name not in _MODELLED:
            raise not_modelled(name)
    for name in params.get("payment_intent_data", {}):
        if name not in _MODELLED_INTENT_DATA:
            raise not_modelled(f"payment_intent_data[{name}]")
    if params.get("mode", "payment") != "payment":
        raise not_modelled("mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_modelled("ui_mode")


def _check_texts(account: Account, params: JSON) -> None:
    rules.check_address(params.get("success_url"), "success_url", livemode=account.livemode)
    if "cancel_url" in params:
        rules.check_address(params["cancel_url"], "cancel_url", livemode=account.livemode)
    rules.check_length(params.get("client_reference_id"), 200, "client_reference_id")


def _check_intent_data(data: JSON, methods: list[str]) -> None:
    name = "payment_intent_data[{}]".format
    rules.check_length(data.get("description"), 1000, name("description"))
    rules.check_metadata(data.get("metadata", {}), name("metadata"))
    descriptor = data.get("statement_descriptor")
    rules.check_descriptor(descriptor, name("statement_descriptor"))
    if descriptor is not None and methods == ["card"]:
        raise invalid(
            "Cards take `statement_descriptor_suffix`, not `statement_descriptor`.",
            name("statement_descriptor"),
        )
    suffix = data.get("statement_descriptor_suffix")
    rules.check_suffix(suffix, name("statement_descriptor_suffix"))
    if data.get("capture_method") == "manual":
        raise not_modelled(name("capture_method"))


def _check_line_items(params: JSON) -> list[JSON]:
    items: list[JSON] = params.get("line_items", [])
    if not items:
        raise missing_parameter("line_items")
    if len(items) > 100:
        raise invalid("A Checkout Session takes at most 100 line items.", "line_items")
    for index, item in enumerate(items):
        _check_line_item(item, f"line_items[{index}]")
    currencies = {item["price_data"]["currency"] for item in items}
    if currencies != {params.get("currency", items[0]["price_data"]["currency"])}:
        raise invalid("All line items must have the session's currency.", "line_items")
    return items


def _check_line_item(item: JSON, name: str) -> None:
    if "price" in item:
        raise no_such("price", item["price"], param=f"{name}[price]", status=400)
    for extra in item.keys() - {"price_data", "quantity", "metadata"}:
        raise not_modelled(f"{name}[{extra}]")
    if "price_data" not in item:
        raise missing_parameter(f"{name}[price_data]")
    if item.get("quantity", 0) < 1:
        raise invalid(f"Quantity is required. Add `quantity` to `{name}`", f"{name}[quantity]")
    rules.check_metadata(item.get("metadata", {}), f"{name}[metadata]")
    _check_price(item["price_data"], f"{name}[price_data]")


def _check_price(price: JSON, name: str) -> None:
    rules.check_currency(price["currency"], f"{name}[currency]")
    if "product" in price:
        raise no_such("product", price["product"], param=f"{name}[product]", status=400)
    if "product_data" not in price:
        raise missing_parameter(f"{name}[product_data]")
    for extra in price.keys() - {"currency", "product_data", "unit_amount"}:
        raise not_modelled(f"{name}[{extra}]")
    if "unit_amount" not in price:
        raise missing_parameter(f"{name}[unit_amount]")
    if price["unit_amount"] < 0:
        raise invalid("Invalid non-negative integer", f"{name}[unit_amount]", "parameter_invalid_integer")


def _offered_methods(params: JSON, currency: str) -> list[str]:
    offered = _METHODS.get(currency, ["card"])
    allowed = params.get("allowed_payment_method_types", offered)
    excluded = params.get("excluded_payment_method_types", [])
    methods = [m for m in offered if m in allowed and m not in excluded]
    if not methods:
        raise invalid(
            "No payment method types remain for this Checkout Session. Check the currency, and "
            "`allowed_payment_method_types` and `excluded_payment_method_types`."
        )
    return methods


def _line(item: JSON, now: int, livemode: bool) -> JSON:
    return build_session.line_item(
        ident=ids.mint("line_item"),
        price=ids.mint("price"),
        product=ids.mint("product"),
        created=now,
        livemode=livemode,
        item=item,
    )
