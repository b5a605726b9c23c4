"""A refund, money on its way back to a donor."""

from tests.standin.store import JSON


def build(*, ident: str, created: int, charge: JSON, amount: int, asked: JSON, status: str) -> JSON:
    """Return a refund of a charge; `asked` holds the checked request parameters."""
    method = charge["payment_method_details"]["type"]
    return {
        "id": ident,
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": {"type": method, method: _destination(method)},
        "metadata": asked.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": asked.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
        **({"pending_reason": "processing"} if status == "pending" else {}),
    }


def _destination(method: str) -> JSON:
    destination: JSON = {"reference": None, "reference_status": "pending"}
    if method == "card":
        return {**destination, "reference_type": "acquirer_reference_number", "type": "refund"}
    if method == "blik":
        return {**destination, "network_decline_code": None}
    return destination
