"""A checkout session, the page where a donor pays."""

from dataclasses import dataclass
from typing import Any

from tests.standin.store import JSON


@dataclass(frozen=True)
class Offer:
    """What there is to pay, in minor units, and the ways to pay it."""

    amount: int
    currency: str
    methods: list[str]


def build(offer: Offer, params: JSON, *, ident: str, url: str, created: int, livemode: bool) -> JSON:
    """Return a new open session for checked request parameters; its intent comes with the money."""
    return {
        "id": ident,
        "object": "checkout.session",
        **_money(offer),
        **_asked(params),
        **_unused(),
        "client_secret": None,
        "created": created,
        "customer_details": _customer(params.get("customer_email")),
        "expires_at": params["expires_at"],
        "livemode": livemode,
        "payment_intent": None,
        "payment_method_types": offer.methods,
        "payment_status": "unpaid",
        "status": "open",
        "url": url,
    }


def _money(offer: Offer) -> JSON:
    return {
        "amount_subtotal": offer.amount,
        "amount_total": offer.amount,
        "currency": offer.currency,
        "currency_conversion": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    }


def _asked(params: JSON) -> JSON:
    """Repeat what the request said, or Stripe's default."""
    defaults: JSON = {
        "adaptive_pricing": {"enabled": True},
        "allowed_payment_method_types": None,
        "billing_address_collection": None,
        "cancel_url": None,
        "client_reference_id": None,
        "consent_collection": None,
        "customer_creation": "if_required",
        "customer_email": None,
        "excluded_payment_method_types": None,
        "integration_identifier": None,
        "locale": None,
        "metadata": {},
        "mode": "payment",
        "name_collection": None,
        "origin_context": None,
        "phone_number_collection": {"enabled": False},
        "submit_type": None,
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }
    asked = {name: params.get(name, default) for name, default in defaults.items()}
    return {**asked, "success_url": params["success_url"], "custom_text": _texts(params)}


def _texts(params: JSON) -> JSON:
    names = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    given = params.get("custom_text", {})
    return {name: given.get(name) or None for name in names}


def _unused() -> JSON:
    """Return the fields that a one-off gift leaves as they are."""
    nothing: dict[str, Any] = dict.fromkeys(
        (
            "after_expiration",
            "allow_promotion_codes",
            "branding_settings",
            "collected_information",
            "consent",
            "customer",
            "customer_account",
            "invoice",
            "managed_payments",
            "optional_items",
            "payment_link",
            "payment_method_configuration_details",
            "permissions",
            "recovered_from",
            "redirect_on_completion",
            "return_url",
            "saved_payment_method_options",
            "setup_intent",
            "shipping_address_collection",
            "shipping_cost",
            "subscription",
            "tax_id_collection",
        )
    )
    return {
        **nothing,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "discounts": [],
        "invoice_creation": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "shipping_options": [],
    }


def _customer(email: str | None) -> JSON | None:
    return None if email is None else customer_details(email=email, name=None, country=None)


def customer_details(*, email: str, name: str | None, country: str | None) -> JSON:
    """Return what the hosted page learned of the donor."""
    return {
        "address": {
            "city": None,
            "country": country,
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        },
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def line_item(*, ident: str, price: str, product: str, created: int, livemode: bool, item: JSON) -> JSON:
    """Return one line of the session for a checked `line_items` element with inline price."""
    data = item["price_data"]
    total = data["unit_amount"] * item["quantity"]
    return {
        "id": ident,
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": data["currency"],
        "description": data["product_data"]["name"],
        "metadata": item.get("metadata", {}),
        "price": {
            "id": price,
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": created,
            "currency": data["currency"],
            "custom_unit_amount": None,
            "livemode": livemode,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": product,
            "recurring": None,
            "tax_behavior": "unspecified",
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": data["unit_amount"],
            "unit_amount_decimal": str(data["unit_amount"]),
        },
        "quantity": item["quantity"],
    }
