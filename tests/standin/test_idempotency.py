"""A repeated request is answered once and acted on once."""

import threading
import time

import pytest
import stripe

from tests.standin import StripeStandIn
from tests.standin.till import Till


def _last_headers(session: stripe.checkout.Session) -> dict[str, str]:
    response = session.last_response
    assert response is not None
    return dict(response.headers)


def test_the_same_request_gets_the_same_answer(standin: StripeStandIn, till: Till) -> None:
    first, again = till.open(key="gift-1"), till.open(key="gift-1")
    assert first.to_dict() == again.to_dict()
    assert "Idempotent-Replayed" not in _last_headers(first)
    assert _last_headers(again)["Idempotent-Replayed"] == "true"
    assert _last_headers(again)["Original-Request"] == _last_headers(first)["Request-Id"]
    assert len(standin.things("checkout.session")) == 1
    assert [asked["replayed"] for asked in standin.requests()] == [False, True]


def test_the_stored_answer_is_not_renewed(standin: StripeStandIn, till: Till) -> None:
    session = till.open(key="gift-1")
    standin.pay(session.id)
    assert till.open(key="gift-1").status == "open"


def test_two_equal_refunds_need_two_keys(standin: StripeStandIn, till: Till) -> None:
    intent = standin.pay(till.open().id)["payment_intent"]
    for key in ("a", "b", "a"):
        till.v1.refunds.create({"payment_intent": intent, "amount": 1000}, {"idempotency_key": key})
    assert standin.account_total() == 3000


def test_a_key_with_other_parameters_is_refused(till: Till) -> None:
    till.open(5000, key="gift-1")
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        till.open(6000, key="gift-1")


def test_a_key_belongs_to_one_address(standin: StripeStandIn, till: Till) -> None:
    session = till.open(key="gift-1")
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        till.v1.checkout.sessions.expire(session.id, {}, {"idempotency_key": "gift-1"})
    assert standin.thing(session.id)["status"] == "open"


def test_a_refusal_while_acting_is_kept_but_one_of_the_parameters_is_not(till: Till) -> None:
    first, again = till.refused(100, key="small"), till.refused(100, key="small")
    assert first.code == again.code == "amount_too_small"
    assert again.headers is not None
    assert again.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        till.open(key="gift-1", colour="red")
    assert till.open(key="gift-1").status == "open"


def test_a_key_in_flight_is_409(standin: StripeStandIn, till: Till) -> None:
    standin.fail_next("slow", seconds=0.2)
    first = threading.Thread(target=till.open, kwargs={"key": "gift-1"})
    first.start()
    time.sleep(0.08)
    with pytest.raises(stripe.APIError, match="in-progress") as refusal:
        till.open(key="gift-1")
    first.join()
    # The library gives `code` to few kinds of errors; the others hold it in the parsed body.
    assert refusal.value.error is not None
    assert (refusal.value.http_status, refusal.value.error.code) == (409, "idempotency_key_in_use")
    assert till.open(key="gift-1").status == "open"
    assert len(standin.things("checkout.session")) == 1


def test_a_key_is_forgotten_after_a_day(standin: StripeStandIn, till: Till) -> None:
    first = till.open(key="gift-1")
    standin.advance(24 * 3600)
    assert till.open(key="gift-1").id != first.id


def test_a_key_has_at_most_255_characters(till: Till) -> None:
    till.open(key="k" * 255)
    with pytest.raises(stripe.IdempotencyError):
        till.open(key="k" * 256)


def test_the_library_invents_a_key_for_every_post(standin: StripeStandIn, till: Till) -> None:
    till.open()
    assert standin.requests()[0]["idempotency_key"]
