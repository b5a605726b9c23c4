"""Notices on their way: signed, held, late, lost, twice, shuffled, from many threads."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from tests.standin import Policy, StripeStandIn
from tests.standin.delivery import Order
from tests.standin.till import Till

PAID_BY_BLIK = 4  # events of one gift


class Product:
    """A receiver that keeps what it was sent and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.answers: Iterator[int] = itertools.repeat(200)
        self.lock = threading.Lock()

    def __call__(self, body: bytes, signature: str) -> int:
        with self.lock:
            self.got.append((body, signature))
            return next(self.answers)

    def ids(self) -> list[str]:
        return [stripe.Webhook.construct_event_without_verification(body).id for body, _ in self.got]


@pytest.fixture
def product() -> Product:
    return Product()


@pytest.fixture
def standin(product: Product) -> Iterator[StripeStandIn]:
    with StripeStandIn(receiver=product) as running:
        yield running


@pytest.fixture
def give(standin: StripeStandIn, till: Till) -> Callable[[], None]:
    def give() -> None:
        standin.pay(till.open().id)

    return give


def test_notices_are_signed_as_the_library_verifies(
    standin: StripeStandIn, product: Product, give: Callable[[], None]
) -> None:
    give()
    assert len(product.got) == PAID_BY_BLIK
    for body, signature in product.got:
        event = stripe.Webhook.construct_event(body, signature, standin.webhook_secret)
        assert event.to_dict() == standin.thing(event.id) | {"pending_webhooks": 1}


def test_another_secret_does_not_verify(product: Product, give: Callable[[], None]) -> None:
    give()
    body, signature = product.got[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body, signature, "another")


def test_secrets_are_rotated_without_a_gap(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    old, new = standin.webhook_secret, standin.add_webhook_secret()
    assert standin.webhook_secrets == (new, old)
    give()
    for secret in (old, new):
        assert stripe.WebhookSignature.verify_header(*product.got[-1], secret)
    standin.retire_webhook_secret(old)
    give()
    assert stripe.WebhookSignature.verify_header(*product.got[-1], new)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(*product.got[-1], old)


def test_a_forgery_is_made_on_demand(standin: StripeStandIn, give: Callable[[], None]) -> None:
    give()
    event = standin.events("charge.succeeded")[0]
    assert stripe.WebhookSignature.verify_header(*standin.signed(event["id"]), standin.webhook_secret, 300)
    for body, header in (
        standin.signed(event, secret="not the secret"),
        standin.signed(event, timestamp=int(time.time()) - 301),
    ):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(body, header, standin.webhook_secret, 300)
    event["data"]["object"]["amount"] = 1_000_000
    body, _ = standin.signed(event)
    _, header = standin.signed(event["id"])
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body, header, standin.webhook_secret, 300)


def test_held_notices_wait_for_the_test(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("held"))
    give()
    assert product.got == []
    assert len(standin.pending()) == PAID_BY_BLIK
    tries = standin.deliver_pending()
    assert [t["status"] for t in tries] == [200] * PAID_BY_BLIK
    assert product.ids() == [event["id"] for event in standin.events()]
    assert standin.pending() == []


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_order_and_number_are_the_tests_choice(
    standin: StripeStandIn, product: Product, give: Callable[[], None], order: Order
) -> None:
    standin.set_policy(Policy("held"))
    give()
    created = [event["id"] for event in standin.events()]
    standin.deliver_pending(order, copies=3, seed=7)
    assert sorted(product.ids()) == sorted(created * 3)
    assert product.ids()[0] != created[0]


def test_a_shuffle_is_repeatable(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("held"))
    give()
    everything = [event["id"] for event in standin.events()]
    for _ in range(2):
        standin.deliver_again(everything, "shuffled", copies=5, seed=3)
    assert product.ids()[:20] == product.ids()[20:]


def test_lost_notices_stay_pending(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("held"))
    give()
    tries = standin.deliver_pending(drop=1.0)
    assert {t["error"] for t in tries} == {"dropped"}
    assert (product.got, len(standin.pending())) == ([], PAID_BY_BLIK)
    standin.change_policy(delay=(9.0, 9.0))  # the test's own flush does not dawdle
    some = standin.deliver_pending(drop=0.5, seed=1, timeout=5)
    assert 0 < len(product.got) < PAID_BY_BLIK
    assert len(some) == PAID_BY_BLIK
    standin.discard_pending()
    assert standin.pending() == []


def test_undelivered_events_are_listed_as_such(standin: StripeStandIn, till: Till, give: Callable[[], None]) -> None:
    give()
    standin.set_policy(Policy("never"))
    give()
    assert len(till.v1.events.list({"delivery_success": False}).data) == PAID_BY_BLIK
    standin.deliver_pending()
    assert till.v1.events.list({"delivery_success": False}).data == []
    assert len(till.v1.events.list({"delivery_success": True}).data) == 2 * PAID_BY_BLIK


def test_each_may_come_twice(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.change_policy(copies=2)
    give()
    assert product.ids() == [ident for event in standin.events() for ident in [event["id"]] * 2]


def test_a_notice_is_repeated_until_2xx(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("held", attempts=9, retry_delay=0.0))
    give()
    first = standin.events()[0]["id"]
    product.answers = iter([500, 302, 404, 199, 204])
    tries = standin.deliver_again([first])
    assert [t["status"] for t in tries] == [500, 302, 404, 199, 204]
    assert [t["attempt"] for t in tries] == [1, 2, 3, 4, 5]
    assert first not in [event["id"] for event in standin.pending()]


def test_tries_are_bounded(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("at_once", attempts=3, retry_delay=0.0))
    product.answers = itertools.repeat(500)
    give()
    assert len(product.got) == 3 * PAID_BY_BLIK
    assert sorted({t["attempt"] for t in standin.deliveries()}) == [1, 2, 3]
    assert len(standin.pending()) == PAID_BY_BLIK


def test_late_notices_come_after_the_answer(standin: StripeStandIn, product: Product, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("at_once", delay=(0.05, 0.1), wait=False))
    give()
    assert product.got == []
    standin.wait_until_delivered()
    assert len(product.got) == PAID_BY_BLIK
    assert standin.pending() == []


def test_several_threads_deliver_at_once(standin: StripeStandIn, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("held"))
    give()
    meeting = threading.Barrier(PAID_BY_BLIK, timeout=5)

    def meet(body: bytes, signature: str) -> int:
        meeting.wait()
        return 200 if body and signature else 400

    standin.set_receiver(meet)
    tries = standin.deliver_pending(threads=PAID_BY_BLIK)
    assert [t["status"] for t in tries] == [200] * PAID_BY_BLIK


def test_what_breaks_in_a_receiver_reaches_the_test(standin: StripeStandIn, till: Till) -> None:
    def broken(body: bytes, signature: str) -> int:
        raise ZeroDivisionError(len(body) + len(signature))

    standin.set_receiver(broken)
    session = till.open()
    with pytest.raises(ZeroDivisionError):
        standin.pay(session.id)


def test_a_slow_product_is_a_timeout_for_the_test(standin: StripeStandIn, give: Callable[[], None]) -> None:
    standin.set_policy(Policy("at_once", delay=(9.0, 9.0), wait=False))
    give()
    with pytest.raises(TimeoutError):
        standin.wait_until_delivered(timeout=0.05)


@pytest.mark.parametrize("changes", [{"copies": 0}, {"attempts": 0}, {"threads": 0}, {"drop": 1.5}, {"mode": "soon"}])
def test_a_policy_that_cannot_be_is_refused(standin: StripeStandIn, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown mode|at least 1"):
        standin.change_policy(**changes)


class _Endpoint(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Stripe-Signature"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    seen: list[tuple[str, str, bytes]] = []
    handler = type("Endpoint", (_Endpoint,), {"seen": seen})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/webhooks/stripe", seen
        server.shutdown()
        thread.join()


def test_notices_travel_over_http(endpoint: tuple[str, list[tuple[str, str, bytes]]]) -> None:
    url, seen = endpoint
    with StripeStandIn(url) as standin, Till(standin.url, standin.api_key) as till:
        standin.pay(till.open().id)
        assert [path for path, _, _ in seen] == ["/webhooks/stripe"] * PAID_BY_BLIK
        _, signature, body = seen[0]
        assert stripe.WebhookSignature.verify_header(body, signature, standin.webhook_secret)


def test_a_product_that_is_down_gets_its_notices_later(endpoint: tuple[str, list[tuple[str, str, bytes]]]) -> None:
    url, seen = endpoint
    policy = Policy("at_once", attempts=2, retry_delay=0.01)
    with StripeStandIn("http://127.0.0.1:9", policy=policy) as standin, Till(standin.url, standin.api_key) as till:
        standin.pay(till.open().id)
        assert {t["status"] for t in standin.deliveries()} == {None}
        assert all(t["error"] for t in standin.deliveries())
        standin.set_webhook_url(url)
        standin.deliver_pending()
        assert len(seen) == PAID_BY_BLIK
