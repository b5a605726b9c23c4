"""The port that every payment provider is reached through, and the words that cross it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from campaigns.domain.money import Money
from campaigns.domain.payment import Dispute, Refund
from campaigns.domain.pledge import Method


class GatewayError(Exception):
    """The provider could not be reached or refused; the message is for the log and names no person."""


class GatewayDown(GatewayError):
    """It may work on another try: a time-out, a broken connection, an overload at the provider."""


class GatewayBroken(GatewayDown):
    """The provider answered with a failure of its own, and may repeat that answer to the same reference for hours."""


class BadNotice(Exception):
    """A notice that is not verified: wrong or missing signature, too old, not readable, or of the wrong mode."""


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What the provider is asked to collect. `reference` is our random one, and the idempotency key as well.

    Nothing here names the donor or the campaign: what a provider does not get, it cannot show to a bank.
    `amount` is what the donor chose; `expires_at` is UTC; `language` is one of ours (pl, en).
    """

    reference: str
    amount: Money
    method: Method
    language: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Checkout:
    """The provider's hosted page for one pledge."""

    id: str
    url: str


class Topic(StrEnum):
    """What a notice is about, in our words."""

    PROCESSING = "processing"  # money is on its way, as the provider says
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"  # the checkout ran out unpaid
    REFUND = "refund"
    DISPUTE = "dispute"
    CARD = "card"  # only tells where the card was issued
    OTHER = "other"  # verified, but of no consequence to our books


@dataclass(frozen=True, slots=True)
class Notice:
    """One verified message of a provider, translated.

    `event_id` and `kind` are the provider's; `object_id` is what could be fetched again for a replay.
    `payment_id` names the payment at the provider; `reference` is ours where the message carries it.
    """

    event_id: str
    kind: str
    topic: Topic
    object_id: str
    payment_id: str | None = None
    reference: str | None = None
    amount: Money | None = None
    refund: Refund | None = None
    dispute: Dispute | None = None
    dispute_due: datetime | None = None
    card_country: str | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What the provider kept for one payment, in the currency in which it settles; its own unique id."""

    id: str
    amount: Money


class Gateway(Protocol):
    """A payment provider.

    No method writes to our database (the sandbox keeps its own memory through a port of its own), and none is called
    inside a transaction. All raise GatewayDown when another try may help and GatewayError when it will not.
    """

    @property
    def name(self) -> str:
        """The word in `/webhooks/<name>`, in the inbox and in the books."""

    @property
    def checkout_origin(self) -> str:
        """Scheme and host of the hosted page, for `form-action`; may be our own for the sandbox."""

    @property
    def signature_header(self) -> str:
        """The HTTP header that carries a notice's signature."""

    def open_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a hosted page; the same reference and order always give the same page. Must not move money."""

    def close_checkout(self, checkout_id: str) -> None:
        """Make sure that an unpaid hosted page can no longer be paid; no error if it is closed already."""

    def read_notice(self, body: bytes, signature: str | None, now: datetime) -> Notice:
        """Verify and translate the raw bytes of a notice; BadNotice if anything about it is not right."""

    def refund(self, payment_id: str, amount: Money, key: str) -> Refund:
        """Give money back; the same `key` never refunds twice. The books change only when the notice comes."""

    def fetch(self, object_id: str) -> tuple[Notice, ...]:
        """The present state of an object (payment, refund, dispute, checkout), told as notices in order of meaning."""

    def fee_of(self, payment_id: str) -> Fee | None:
        """What was kept for a payment; None while the provider does not know yet."""
