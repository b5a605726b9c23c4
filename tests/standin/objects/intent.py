"""A payment intent, the whole of one donor's attempts to pay one session."""

from tests.standin.ids import random_letters
from tests.standin.store import JSON

_NOTHING_YET = (
    "application",
    "application_fee_amount",
    "canceled_at",
    "cancellation_reason",
    "customer",
    "customer_account",
    "last_payment_error",
    "latest_charge",
    "managed_payments",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "processing",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "transfer_data",
    "transfer_group",
)


def build(*, ident: str, created: int, session: JSON, data: JSON) -> JSON:
    """Return a new intent for a session; `data` is the session's `payment_intent_data`."""
    return {
        "id": ident,
        "object": "payment_intent",
        **dict.fromkeys(_NOTHING_YET),
        "allowed_payment_method_types": session["allowed_payment_method_types"],
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "capture_method": data.get("capture_method", "automatic_async"),
        "client_secret": f"{ident}_secret_{random_letters(25)}",
        "confirmation_method": "automatic",
        "created": created,
        "currency": session["currency"],
        "description": data.get("description"),
        "excluded_payment_method_types": session["excluded_payment_method_types"],
        "livemode": session["livemode"],
        "metadata": dict(data.get("metadata", {})),
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "receipt_email": data.get("receipt_email"),
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
    }


def payment_error(charge: JSON) -> JSON:
    """Return `last_payment_error` after this failed charge."""
    return {
        "charge": charge["id"],
        "code": charge["failure_code"],
        "decline_code": "generic_decline" if charge["failure_code"] == "card_declined" else None,
        "message": charge["failure_message"],
        "payment_method_type": charge["payment_method_details"]["type"],
        "type": "card_error",
    }
