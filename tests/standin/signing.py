"""Signatures of notices, `t=...,v1=...`, written from Stripe's description of the scheme."""

import hmac
from collections.abc import Sequence
from hashlib import sha256


def header(body: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """Return the `Stripe-Signature` of a body: one `v1` for each secret of the endpoint."""
    signed = str(timestamp).encode() + b"." + body
    signatures = [hmac.new(secret.encode(), signed, sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])
