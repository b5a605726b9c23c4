"""A charge, one attempt to move a donor's money."""

from tests.standin.ids import random_letters
from tests.standin.rules import full_descriptor
from tests.standin.store import JSON

FAILURES = {
    "card": ("card_declined", "Your card was declined."),
    "blik": ("payment_method_provider_decline", "The payment was declined in the bank's app."),
    "p24": ("payment_method_provider_decline", "The transfer was refused by the bank."),
}

_NOTHING_YET = (
    "application",
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "customer",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "on_behalf_of",
    "receipt_number",
    "receipt_url",
    "review",
    "shipping",
    "source",
    "source_transfer",
    "transfer_data",
    "transfer_group",
)


def build(*, ident: str, payment_method: str, created: int, intent: JSON, details: JSON, donor: JSON) -> JSON:
    """Return a charge that is on its way: status pending, nothing captured."""
    return {
        "id": ident,
        "object": "charge",
        **dict.fromkeys(_NOTHING_YET),
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": donor,
        "calculated_statement_descriptor": _descriptor(intent, details["type"]),
        "captured": False,
        "created": created,
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": intent["livemode"],
        "metadata": dict(intent["metadata"]),
        "outcome": outcome(approved=True),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": payment_method,
        "payment_method_details": details,
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
    }


def _descriptor(intent: JSON, method: str) -> str:
    own: str | None = intent["statement_descriptor"]
    if method != "card" and own is not None:
        return own
    return full_descriptor(intent["statement_descriptor_suffix"])


def outcome(*, approved: bool) -> JSON:
    """Return what the bank's network said."""
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None if approved else "05",
        "network_status": "approved_by_network" if approved else "declined_by_network",
        "reason": None if approved else "generic_decline",
        "risk_level": "normal",
        "seller_message": "Payment complete." if approved else "The bank did not say why.",
        "type": "authorized" if approved else "issuer_declined",
    }


def billing_details(*, email: str, name: str, country: str | None) -> JSON:
    """Return the donor's details as the charge carries them."""
    return {
        "address": {
            "city": None,
            "country": country,
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        },
        "email": email,
        "name": name,
        "phone": None,
        "tax_id": None,
    }


def method_details(method: str, *, card_country: str, amount: int, name: str) -> JSON:
    """Return `payment_method_details`, with the identifiers that a donor would not want kept."""
    if method == "card":
        return {"type": "card", "card": _card(card_country, amount)}
    if method == "blik":
        return {"type": "blik", "blik": {"buyer_id": random_letters(16)}}
    reference = "-".join(("P24", *(random_letters(3).upper() for _ in range(3))))
    return {
        "type": "p24",
        "p24": {"bank": "mbank_mtransfer", "reference": reference, "verified_name": name},
    }


def _card(country: str, amount: int) -> JSON:
    unavailable = {"status": "unavailable"}
    return {
        "amount_authorized": amount,
        "authorization_code": random_letters(6).upper(),
        "brand": "visa",
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": country,
        "exp_month": 8,
        "exp_year": 2030,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": random_letters(16),
        "funding": "debit",
        "incremental_authorization": unavailable,
        "installments": None,
        "last4": "0005",
        "mandate": None,
        "multicapture": unavailable,
        "network": "visa",
        "network_token": {"used": False},
        "network_transaction_id": random_letters(15),
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }
