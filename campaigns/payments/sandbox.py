"""The sandbox, a payment provider that moves no money: on its page one chooses what happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from campaigns.domain.money import Money
from campaigns.domain.payment import Refund
from campaigns.payments import sandbox_words as words
from campaigns.payments.gateway import BadNotice, Checkout, CheckoutOrder, Fee, GatewayError, Notice
from campaigns.payments.sandbox_bank import SandboxBank, refund_id
from campaigns.payments.sandbox_gift import Gift
from campaigns.payments.sandbox_memory import SandboxMemory
from campaigns.payments.sandbox_post import Deliver, SandboxPost
from campaigns.payments.signature import is_signed, usable_secrets


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SandboxGateway:
    """The sandbox behind our port, and what its own pages and jobs need besides.

    `secrets` sign notices (all of them do, and any of them is believed, so that they can be rotated); `base_url` is our
    own address, where its page is. ValueError without a usable secret.
    """

    name = "sandbox"
    signature_header = "Sandbox-Signature"

    def __init__(
        self,
        secrets: tuple[str, ...],
        memory: SandboxMemory,
        base_url: str,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._secrets = usable_secrets(secrets)
        self._base_url = base_url.rstrip("/")
        self._post = SandboxPost(memory, self._secrets)
        self.clock = clock
        self.bank = SandboxBank(memory, self._post, clock)

    @property
    def checkout_origin(self) -> str:
        """Our own."""
        parts = urlsplit(self._base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def open_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a page under /sandbox/checkout/."""
        gift = self.bank.open(order)
        return Checkout(gift.checkout_id, f"{self._base_url}/sandbox/checkout/{gift.checkout_id}")

    def close_checkout(self, checkout_id: str) -> None:
        """Close the page; no error if it is."""
        self.bank.close(checkout_id)

    def read_notice(self, body: bytes, signature: str | None, now: datetime) -> Notice:
        """Verify, then read; the sandbox's notices are one JSON object with id, mode, at, kind and object."""
        if not signature or not is_signed(body, signature, self._secrets, now):
            raise BadNotice("not signed with any of our secrets at about this time")
        try:
            message = json.loads(body)
            told = words.Told(message["kind"], message["object"])
            if message["mode"] != self.name:
                raise BadNotice("of another mode: real notices are not for the sandbox")
            return words.notice_of(message["id"], told)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadNotice("not readable") from None

    def refund(self, payment_id: str, amount: Money, key: str) -> Refund:
        """Give money back at once."""
        gift = self.bank.refund(payment_id, amount, key)
        return next(refund for refund in gift.refunds if refund.id == refund_id(gift, key))

    def fetch(self, object_id: str) -> tuple[Notice, ...]:
        """The present state, told as the notices tell it."""
        gift = self.bank.gift(object_id)
        return tuple(
            words.notice_of(f"fetched:{told.subject['id']}:{told.kind}", told) for told in _now(gift, object_id)
        )

    def fee_of(self, payment_id: str) -> Fee | None:
        """What the sandbox keeps; known as soon as the money is there."""
        return self.bank.gift(payment_id).fee

    def deliver_due(self, now: datetime, deliver: Deliver) -> int:
        """Let time pass at the sandbox and hand over the notices that are due; returns how many were taken."""
        self.bank.let_time_pass(now)
        return self._post.deliver(now, deliver)


def _now(gift: Gift, object_id: str) -> list[words.Told]:
    kind = object_id[:7]
    if kind == "sb_chk_":
        return words.checkout(gift)
    if kind == "sb_pay_":
        return words.payment(gift)
    told = words.refund(gift, object_id) if kind == "sb_ref_" else words.dispute(gift, object_id)
    if not told:
        raise GatewayError("the sandbox has no such thing")
    return told
