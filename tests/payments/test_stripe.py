"""What is Stripe's own: what it is told, what happens when it does not answer, what it knows beyond what we want."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from campaigns.domain.money import Money
from campaigns.domain.payment import RefundState
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import CheckoutOrder, Fee, GatewayDown, GatewayError
from campaigns.payments.stripe import API_VERSION, NEUTRAL, StripeGateway
from tests.payments.providers import Letters, Stripe, heard, notices, now, open_checkout, order, paid_gift
from tests.standin import StripeStandIn
from tests.standin.ids import mint_key, mint_webhook_secret


def zl(amount: str) -> Money:
    return Money.of(amount, "PLN")


def last_order(stripe: Stripe) -> dict[str, Any]:
    """The latest order of a checkout, as it came over the wire."""
    orders = [it for it in stripe.standin.requests() if it["path"] == "/v1/checkout/sessions"]
    return dict(orders[-1])


@pytest.mark.parametrize("method, name", [(Method.BLIK, "blik"), (Method.P24, "p24"), (Method.CARD, "card")])
def test_stripe_is_told_this_and_nothing_else(stripe: Stripe, method: Method, name: str) -> None:
    """No donor, no campaign, no organisation: a new parameter has to be written down here, and thought about."""
    ordered = order(stripe, "50", method)
    stripe.gateway.open_checkout(ordered)
    assert last_order(stripe)["params"] == {
        "mode": "payment",
        "submit_type": "donate",
        "locale": "pl",
        "client_reference_id": ordered.reference,
        "metadata": {"reference": ordered.reference},
        "payment_intent_data": {"description": NEUTRAL, "metadata": {"reference": ordered.reference}},
        "line_items": {
            "0": {
                "quantity": "1",
                "price_data": {"currency": "pln", "unit_amount": "5000", "product_data": {"name": NEUTRAL}},
            }
        },
        "allowed_payment_method_types": {"0": name},
        "wallet_options": {"link": {"display": "never"}},
        "customer_creation": "if_required",
        "adaptive_pricing": {"enabled": "false"},
        "expires_at": str(int(ordered.expires_at.timestamp())),
        "success_url": ordered.success_url,
        "cancel_url": ordered.cancel_url,
    }


def test_the_reference_is_the_idempotency_key(stripe: Stripe) -> None:
    ordered = order(stripe)
    stripe.gateway.open_checkout(ordered)
    assert last_order(stripe)["idempotency_key"] == ordered.reference


@pytest.mark.parametrize("language, locale", [("pl", "pl"), ("en", "en"), ("be", "auto")])
def test_the_page_speaks_the_donors_language_where_stripe_can(stripe: Stripe, language: str, locale: str) -> None:
    ordered = order(stripe)
    stripe.gateway.open_checkout(
        CheckoutOrder(
            ordered.reference,
            ordered.amount,
            ordered.method,
            language,
            ordered.success_url,
            ordered.cancel_url,
            ordered.expires_at,
        )
    )
    assert last_order(stripe)["params"]["locale"] == locale


def test_only_the_chosen_method_is_offered(stripe: Stripe) -> None:
    checkout = open_checkout(stripe, method=Method.BLIK)
    assert stripe.standin.thing(checkout.id)["payment_method_types"] == ["blik"]


def test_an_order_whose_answer_is_lost_opens_one_page(stripe: Stripe) -> None:
    stripe.standin.fail_next("close", acted=True, path="/v1/checkout/sessions")
    checkout = open_checkout(stripe)
    assert [it["id"] for it in stripe.standin.things("checkout.session")] == [checkout.id]


def test_a_refund_whose_answer_is_lost_is_made_once(stripe: Stripe) -> None:
    payment_id = paid_gift(stripe, "100")
    stripe.standin.fail_next("close", acted=True, path="/v1/refunds")
    refund = stripe.gateway.refund(payment_id, zl("30"), "key")
    assert [it["id"] for it in stripe.standin.things("refund")] == [refund.id]


def test_an_order_that_stays_unanswered_can_be_repeated_later(stripe: Stripe) -> None:
    ordered = order(stripe)
    stripe.standin.fail_next("close", acted=True, times=3, path="/v1/checkout/sessions")
    with pytest.raises(GatewayDown):
        stripe.gateway.open_checkout(ordered)
    checkout = stripe.gateway.open_checkout(ordered)
    assert [it["id"] for it in stripe.standin.things("checkout.session")] == [checkout.id]


def test_a_refusal_for_asking_too_often_may_pass(stripe: Stripe) -> None:
    stripe.standin.fail_next("rate_limited")
    with pytest.raises(GatewayDown):
        open_checkout(stripe)


def test_nobody_at_the_address_may_pass(stripe: Stripe) -> None:
    with StripeStandIn() as gone:
        address = gone.url
    gateway = StripeGateway(mint_key(livemode=False), (mint_webhook_secret(),), address, livemode=False)
    with pytest.raises(GatewayDown):
        gateway.open_checkout(order(stripe))


def test_a_wrong_key_does_not_pass(stripe: Stripe) -> None:
    key = mint_key(livemode=False)
    gateway = StripeGateway(key, (stripe.secret,), stripe.standin.url, livemode=False)
    with pytest.raises(GatewayError) as refused:
        gateway.open_checkout(order(stripe))
    assert not isinstance(refused.value, GatewayDown)
    assert key[:12] not in str(refused.value)


def test_a_gateway_without_a_key_does_not_start() -> None:
    with pytest.raises(ValueError, match="key"):
        StripeGateway(" ", (mint_webhook_secret(),), None, livemode=False)


@contextmanager
def answering(status: int) -> Iterator[str]:
    """The address of somebody who answers everything with this status and quotes a donor in the message."""
    error = {"message": "No, donor@example.org may not.", "code": "refused_here", "param": "line_items[0]"}

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"error": error}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Stripe-Should-Retry", "false")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    "status, may_pass",
    [
        *((status, False) for status in (400, 401, 402, 403, 404)),
        *((status, True) for status in (409, 429, 500, 502, 503)),
    ],
)
def test_an_error_says_whether_to_try_again_and_names_no_donor(stripe: Stripe, status: int, may_pass: bool) -> None:
    with answering(status) as address:
        gateway = StripeGateway(stripe.standin.api_key, (stripe.secret,), address, livemode=False)
        with pytest.raises(GatewayError) as refused:
            gateway.open_checkout(order(stripe))
    assert isinstance(refused.value, GatewayDown) is may_pass
    assert str(status) in str(refused.value)
    assert "example.org" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_decline_at_the_page_tells_nothing_and_leaves_it_open(stripe: Stripe) -> None:
    checkout = open_checkout(stripe, "50", Method.CARD)
    stripe.standin.decline(checkout.id)
    assert {notice.topic for notice in notices(stripe)} == {"other"}
    assert stripe.gateway.fetch(checkout.id) == ()
    stripe.pay(checkout.id)
    assert [it.amount for it in heard(stripe).paid] == [zl("50")]


def test_a_payment_whose_donor_is_still_trying_says_nothing(stripe: Stripe) -> None:
    checkout = open_checkout(stripe, "50", Method.CARD)
    stripe.standin.decline(checkout.id)
    intent = stripe.standin.thing(checkout.id)["payment_intent"]
    assert stripe.gateway.fetch(intent) == ()


def test_money_on_its_way_is_fetched_as_such(stripe: Stripe) -> None:
    checkout = open_checkout(stripe, "50", Method.P24)
    stripe.pay_later(checkout.id)
    told = heard(stripe).processing[0]
    for object_id in (checkout.id, told.payment_id or ""):
        [fetched] = stripe.gateway.fetch(object_id)
        assert (fetched.topic, fetched.amount, fetched.reference) == ("processing", zl("50"), told.reference)


def test_a_refund_may_wait_and_then_succeed(stripe: Stripe) -> None:
    payment_id = paid_gift(stripe, "100")
    stripe.standin.keep_refunds_pending()
    refund = stripe.gateway.refund(payment_id, zl("30"), "key")
    assert refund.state is RefundState.PENDING
    stripe.standin.settle_refund(refund.id)
    assert [it.state for it in heard(stripe).refunds.values()] == [RefundState.SUCCEEDED]


def test_a_payment_with_very_many_refunds_is_fetched_whole(stripe: Stripe) -> None:
    payment_id = paid_gift(stripe, "200")
    for _ in range(105):
        stripe.refund_by_hand(payment_id, zl("1"))
    refunds = [it.refund for it in stripe.gateway.fetch(payment_id) if it.refund]
    assert refunds == list(heard(stripe).refunds.values())
    assert len(refunds) == 105


def test_a_charge_that_was_no_card_is_fetched_without_a_word(stripe: Stripe) -> None:
    payment_id = paid_gift(stripe, method=Method.P24)
    charge = stripe.standin.thing(payment_id)["latest_charge"]
    assert charge.startswith("py_")
    assert stripe.gateway.fetch(charge) == ()


def test_the_fee_is_the_one_that_stripe_booked(stripe: Stripe) -> None:
    fee = stripe.gateway.fee_of(paid_gift(stripe, "100"))
    [line] = stripe.standin.things("balance_transaction")
    assert fee == Fee(line["id"], Money(line["fee"], "PLN"))


def test_nothing_of_the_payer_comes_through(stripe: Stripe) -> None:
    for method in (Method.CARD, Method.P24, Method.BLIK):
        checkout = open_checkout(stripe, "50", method)
        stripe.standin.pay(checkout.id, str(method), email="ola@example.org", name="Aleksandra")
    sent = b"".join(body for body, _ in stripe.letters.all).decode()
    told = repr(notices(stripe)) + repr([stripe.gateway.fetch(it.object_id) for it in heard(stripe).paid])
    for secret in ("ola@example.org", "Aleksandra", "fingerprint", "buyer_id", "verified_name", "last4"):
        assert secret in sent
        assert secret not in told


def test_a_notice_of_another_api_version_is_read_all_the_same(stripe: Stripe) -> None:
    paid_gift(stripe, "50")
    event = stripe.standin.events("checkout.session.completed")[0]
    assert event["api_version"] == API_VERSION
    body, signature = stripe.standin.signed(event | {"api_version": "2025-01-27.acacia"})
    assert stripe.gateway.read_notice(body, signature, now(stripe)).amount == zl("50")


def test_the_hosted_page_is_stripes_own(stripe: Stripe) -> None:
    gateway = StripeGateway(stripe.standin.api_key, (stripe.secret,), None, livemode=False)
    assert gateway.checkout_origin == "https://checkout.stripe.com"
    assert open_checkout(stripe).url.startswith(stripe.gateway.checkout_origin + "/")


def test_a_live_gateway_believes_live_notices() -> None:
    letters = Letters()
    with StripeStandIn(receiver=letters.receive, livemode=True) as standin:
        gateway = StripeGateway(standin.api_key, (standin.webhook_secret,), standin.url, livemode=True)
        ordered = order(Stripe(standin, letters))
        checkout = gateway.open_checkout(
            CheckoutOrder(
                ordered.reference,
                ordered.amount,
                ordered.method,
                ordered.language,
                "https://example.org/thanks",
                "https://example.org/back",
                ordered.expires_at + timedelta(minutes=1),
            )
        )
        standin.pay(checkout.id)
        body, signature = letters.all[-1]
        moment = now(Stripe(standin, letters))
        assert gateway.read_notice(body, signature, moment).reference == ordered.reference
