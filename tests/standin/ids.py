"""Identifiers that look like Stripe's: a prefix that tells the kind, then random letters."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_PREFIXES = {
    "payment_intent": "pi_3",
    "payment_method": "pm_1",
    "price": "price_1",
    "product": "prod_",
    "line_item": "li_1",
    "charge": "ch_3",
    "payment": "py_3",
    "refund": "re_3",
    "payment_refund": "pyr_1",
    "dispute": "du_1",
    "balance_transaction": "txn_3",
    "event": "evt_1",
    "request": "req_",
}


def random_letters(length: int) -> str:
    """Return `length` unguessable letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def mint(kind: str) -> str:
    """Return a new identifier for an object of this kind; KeyError for an unknown kind."""
    return _PREFIXES[kind] + random_letters(23)


def mint_session(*, livemode: bool) -> str:
    """Return a new checkout session's identifier, the only one that shows its mode."""
    return f"cs_{'live' if livemode else 'test'}_a1{random_letters(56)}"


def mint_key(*, livemode: bool) -> str:
    """Return a new secret API key."""
    return "_".join(("sk", "live" if livemode else "test", secrets.token_hex(24)))


def mint_webhook_secret() -> str:
    """Return a new signing secret for one webhook endpoint."""
    return "_".join(("whsec", secrets.token_hex(16)))
