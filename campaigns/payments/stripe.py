"""Stripe, reached through its own library: the only file that imports it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import stripe
from stripe.params import PaymentIntentRetrieveParams, RefundCreateParams
from stripe.params.checkout import SessionCreateParams, SessionRetrieveParams

from campaigns.domain.money import EXPONENTS, Money
from campaigns.domain.payment import Refund
from campaigns.domain.pledge import Method
from campaigns.payments import signature as signatures
from campaigns.payments import stripe_words as words
from campaigns.payments.gateway import (
    BadNotice,
    Checkout,
    CheckoutOrder,
    Fee,
    GatewayBroken,
    GatewayDown,
    GatewayError,
    Notice,
)

API_VERSION = "2026-10-28.endive"

# All that Stripe, the donor's bank and the donor's statement learn of what a payment is for.
NEUTRAL = "Wpłata / Payment"

# Cards bring Apple Pay and Google Pay along.
METHODS = {Method.BLIK: "blik", Method.P24: "p24", Method.CARD: "card"}
# Stripe does not speak all languages that we may come to speak; `auto` asks the browser.
LOCALES = {"pl": "pl", "en": "en"}

# Seconds to connect and to wait for an answer; a donor sits in front of it.
TIMEOUT = (5, 20)
RETRIES = 2

# The library counts requests and reports them home unless told not to, and below this level its log quotes
# what it sends and the provider's messages, which can quote it back.
stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.WARNING)


class StripeGateway:
    """Stripe's hosted Checkout, behind our port.

    `webhook_secrets` are all that may sign notices, so that they can be rotated; `api_base` is another address
    than Stripe's own, for tests; `livemode` is the mode of the key and of the notices that are believed.
    ValueError without a key or signing secrets.
    """

    name = "stripe"
    signature_header = "Stripe-Signature"

    def __init__(self, secret_key: str, webhook_secrets: tuple[str, ...], api_base: str | None, livemode: bool) -> None:
        if not secret_key.strip():
            raise ValueError("Stripe needs a secret key")
        self._webhook_secrets = signatures.usable_secrets(webhook_secrets)
        self._livemode = livemode
        self._api_base = api_base
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base} if api_base else None,
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
        )
        self._readings: dict[str, Callable[[str], tuple[Notice, ...]]] = {
            "cs": self._checkout_now,
            "pi": self._payment_now,
            "ch": self._charge_now,
            "py": self._charge_now,  # what Stripe calls a charge that is not of a card
            "re": self._refund_now,
            "pyr": self._refund_now,
            "du": self._dispute_now,
            "dp": self._dispute_now,
        }

    @property
    def checkout_origin(self) -> str:
        """Stripe's page is on a host of its own; a stand-in serves it itself."""
        if self._api_base is None:
            return "https://checkout.stripe.com"
        parts = urlsplit(self._api_base)
        return f"{parts.scheme}://{parts.netloc}"

    def open_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a hosted page. Stripe answers a repeat of the reference with the first page for at least 24 hours,
        but with the first 500 as well, if it was that: such an order (GatewayBroken) needs a new reference."""
        params = checkout_params(order)
        with _our_errors():
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": order.reference})
        if session.url is None:
            raise GatewayError("Stripe opened a checkout without a page")
        return Checkout(session.id, session.url)

    def close_checkout(self, checkout_id: str) -> None:
        """Expire the page; Stripe refuses for one that is complete or expired, which is as good."""
        sessions = self._client.v1.checkout.sessions
        try:
            sessions.expire(checkout_id)
        except stripe.InvalidRequestError:
            with _our_errors():
                if sessions.retrieve(checkout_id).status == "open":
                    raise
        except stripe.StripeError as error:
            raise _in_our_words(error) from None

    def read_notice(self, body: bytes, signature: str | None, now: datetime) -> Notice:
        """Verify, then read.

        The library verifies the signature only: its own check of the time asks the clock of the machine, not `now`,
        and lets notices from the future pass.
        """
        if not signature or not signatures.is_fresh(signature, now):
            raise BadNotice("no signature of about this time")
        if not any(_is_signed(body, signature, secret) for secret in self._webhook_secrets):
            raise BadNotice("not signed with any of our secrets")
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            raise BadNotice("not JSON, or nested too deeply") from None
        return words.notice_of(event, livemode=self._livemode)

    def refund(self, payment_id: str, amount: Money, key: str) -> Refund:
        """Ask for a refund; the answer is in the currency of the payment."""
        params: RefundCreateParams = {"payment_intent": payment_id, "amount": amount.minor}
        with _our_errors():
            answer = self._client.v1.refunds.create(params, {"idempotency_key": key})
        refund = words.refund_of(answer.to_dict())
        if refund is None:
            raise GatewayError(f"refund {answer.id} has a status or currency that we do not know")
        return refund

    def fetch(self, object_id: str) -> tuple[Notice, ...]:
        """The present state of any object that a notice of ours can be about, told by the kind in its id."""
        reading = self._readings.get(object_id.partition("_")[0])
        if reading is None:
            raise GatewayError("not the id of anything that can be fetched")
        with _our_errors():
            return reading(object_id)

    def fee_of(self, payment_id: str) -> Fee | None:
        """The fee in the balance transaction; Stripe may make it some time after the payment."""
        params: PaymentIntentRetrieveParams = {"expand": ["latest_charge.balance_transaction"]}
        with _our_errors():
            intent = self._client.v1.payment_intents.retrieve(payment_id, params).to_dict()
        line = (intent["latest_charge"] or {}).get("balance_transaction")
        if line is None:
            return None
        currency = line["currency"].upper()
        if currency not in EXPONENTS:
            raise GatewayError(f"settled in {currency}, which is not enabled")
        return Fee(line["id"], Money(line["fee"], currency))

    def _checkout_now(self, checkout_id: str) -> tuple[Notice, ...]:
        params: SessionRetrieveParams = {"expand": ["payment_intent"]}
        session = self._client.v1.checkout.sessions.retrieve(checkout_id, params)
        return words.checkout_now(session.to_dict())

    def _payment_now(self, payment_id: str) -> tuple[Notice, ...]:
        params: PaymentIntentRetrieveParams = {"expand": ["latest_charge"]}
        intent = self._client.v1.payment_intents.retrieve(payment_id, params)
        refunds = self._client.v1.refunds.list({"payment_intent": payment_id, "limit": 100})
        disputes = self._client.v1.disputes.list({"payment_intent": payment_id, "limit": 100})
        return words.payment_now(intent.to_dict(), _all(refunds), _all(disputes))

    def _charge_now(self, charge_id: str) -> tuple[Notice, ...]:
        return words.card_now(self._client.v1.charges.retrieve(charge_id).to_dict())

    def _refund_now(self, refund_id: str) -> tuple[Notice, ...]:
        return words.refund_now(self._client.v1.refunds.retrieve(refund_id).to_dict())

    def _dispute_now(self, dispute_id: str) -> tuple[Notice, ...]:
        return words.dispute_now(self._client.v1.disputes.retrieve(dispute_id).to_dict())


def checkout_params(order: CheckoutOrder) -> SessionCreateParams:
    """All that Stripe is told: no donor, no campaign. GatewayError for a method that is not collected online.

    `payment_method_types` is gone from this version of the API: the methods that are switched on in the account's
    settings are narrowed to the one that the donor chose. No `receipt_email`: live, Stripe would write to it.
    """
    if order.method not in METHODS:
        raise GatewayError(f"Stripe does not collect by {order.method}")
    metadata = {"reference": order.reference}
    return {
        "mode": "payment",
        "submit_type": "donate",
        "locale": LOCALES.get(order.language, "auto"),
        "client_reference_id": order.reference,
        "metadata": metadata,
        "payment_intent_data": {"description": NEUTRAL, "metadata": metadata},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.amount.currency.lower(),
                    "unit_amount": order.amount.minor,
                    "product_data": {"name": NEUTRAL},
                },
            }
        ],
        "allowed_payment_method_types": [METHODS[order.method]],
        "wallet_options": {"link": {"display": "never"}},
        "customer_creation": "if_required",
        "adaptive_pricing": {"enabled": False},
        "expires_at": int(order.expires_at.timestamp()),
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
    }


def _all(found: stripe.ListObject[Any]) -> list[words.JSON]:
    """Every object of a list, over all its pages, the oldest first."""
    return [thing.to_dict() for thing in found.auto_paging_iter()][::-1]


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        raise _in_our_words(error) from None


def _in_our_words(error: stripe.StripeError) -> GatewayError:
    """Name, status, code, parameter and request, never the message: it may quote what a donor typed."""
    status = error.http_status or 0
    facts = (status or None, error.code, getattr(error, "param", None), error.request_id)
    message = " ".join(("Stripe:", type(error).__name__, *(str(fact) for fact in facts if fact)))
    is_passing = isinstance(error, stripe.APIConnectionError | stripe.RateLimitError)
    if status >= 500:
        return GatewayBroken(message)
    if is_passing or status == 409:
        return GatewayDown(message)
    return GatewayError(message)
