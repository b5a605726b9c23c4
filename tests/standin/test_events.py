"""Which events tell each story, in which order, and what they hold."""

from typing import get_args

import pytest
import stripe

from tests.standin import API_VERSION, StripeStandIn
from tests.standin.till import Till


def _story(standin: StripeStandIn) -> list[str]:
    return [event["type"] for event in standin.events()]


def test_blik_pays(standin: StripeStandIn, till: Till) -> None:
    standin.pay(till.open().id)
    assert _story(standin) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_card_pays_and_its_balance_line_comes_a_moment_later(standin: StripeStandIn, till: Till) -> None:
    standin.pay(till.open().id, "card", card_country="RU")
    assert _story(standin)[-1] == "charge.updated"
    (succeeded,) = standin.events("charge.succeeded")
    (updated,) = standin.events("charge.updated")
    assert succeeded["data"]["object"]["balance_transaction"] is None
    assert updated["data"]["object"]["balance_transaction"].startswith("txn_")
    assert updated["data"]["previous_attributes"] == {"balance_transaction": None}
    assert succeeded["data"]["object"]["payment_method_details"]["card"]["country"] == "RU"


def test_money_comes_later(standin: StripeStandIn, till: Till) -> None:
    session = till.open().id
    standin.pay_later(session)
    standin.settle(session)
    assert _story(standin) == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "checkout.session.completed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    (completed,) = standin.events("checkout.session.completed")
    assert completed["data"]["object"]["payment_status"] == "unpaid"


def test_money_never_comes(standin: StripeStandIn, till: Till) -> None:
    session = till.open().id
    standin.pay_later(session)
    standin.fail(session)
    assert _story(standin)[-3:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]


def test_a_declined_donor_lets_the_session_run_out(standin: StripeStandIn, till: Till) -> None:
    session = till.open().id
    standin.decline(session)
    standin.expire(session)
    assert _story(standin) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "payment_intent.canceled",
        "checkout.session.expired",
    ]


def test_a_refund_goes_out_and_comes_back(standin: StripeStandIn, till: Till) -> None:
    intent = standin.pay(till.open().id)["payment_intent"]
    standin.fail_refund(standin.refund(intent, 2000)["id"])
    assert _story(standin)[4:] == [
        "refund.created",
        "charge.refunded",
        "refund.updated",
        "charge.refund.updated",
        "refund.failed",
    ]
    (refunded,) = standin.events("charge.refunded")
    assert refunded["data"]["object"]["amount_refunded"] == 2000
    assert refunded["data"]["previous_attributes"] == {"amount_refunded": 0}


@pytest.mark.parametrize("verdict", ["win", "lose"])
def test_a_dispute_is_decided(standin: StripeStandIn, till: Till, verdict: str) -> None:
    dispute = standin.dispute(standin.pay(till.open().id)["payment_intent"])
    getattr(standin, verdict)(dispute["id"])
    expected = ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"]
    if verdict == "win":
        expected.append("charge.dispute.funds_reinstated")
    assert _story(standin)[4:] == expected
    (created,) = standin.events("charge.dispute.created")
    assert created["data"]["object"]["balance_transactions"] == []


def test_an_event_holds_the_object_as_it_was_then(standin: StripeStandIn, till: Till) -> None:
    intent = standin.pay(till.open(client_reference_id="r1").id)["payment_intent"]
    standin.refund(intent)
    (succeeded,) = standin.events("charge.succeeded")
    assert succeeded["data"]["object"]["amount_refunded"] == 0
    assert (succeeded["api_version"], succeeded["object"]) == (API_VERSION, "event")
    (completed,) = standin.events("checkout.session.completed")
    assert completed["data"]["object"]["client_reference_id"] == "r1"


def test_an_event_names_the_request_that_caused_it(standin: StripeStandIn, till: Till) -> None:
    intent = standin.pay(till.open().id)["payment_intent"]
    till.v1.refunds.create({"payment_intent": intent}, {"idempotency_key": "refund-1"})
    (by_donor,) = standin.events("charge.succeeded")
    (by_product,) = standin.events("refund.created")
    assert by_donor["request"] == {"id": None, "idempotency_key": None}
    assert by_product["request"]["idempotency_key"] == "refund-1"
    assert by_product["request"]["id"].startswith("req_")


def test_every_type_is_one_that_the_library_knows(standin: StripeStandIn, till: Till) -> None:
    intents = [standin.pay(till.open().id, "card")["payment_intent"] for _ in range(2)]
    standin.fail_refund(standin.refund(intents[0])["id"])
    standin.win(standin.dispute(intents[1])["id"])
    standin.advance(4 * 24 * 3600)
    known = get_args(stripe.Event.__annotations__["type"])
    assert set(_story(standin)) <= set(known)


def test_a_silent_account_makes_no_events_but_moves_money(standin: StripeStandIn, till: Till) -> None:
    standin.silence()
    standin.pay(till.open().id)
    assert (standin.events(), standin.account_total()) == ([], 5000)
    assert till.v1.events.list().data == []
