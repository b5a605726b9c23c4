"""What a checkout session must be, and how it ends."""

import time
from typing import Any

import pytest
import stripe

from tests.standin import Refused, StripeStandIn
from tests.standin.till import Till, gift


def test_a_new_session_waits_for_the_donor(standin: StripeStandIn, till: Till) -> None:
    session = till.open(5000, client_reference_id="r1", metadata={"pledge": "r1"})
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (5000, "pln")
    assert session.id.startswith("cs_test_")
    assert session.url == f"{standin.url}/c/pay/{session.id}"
    assert session.expires_at == session.created + 24 * 3600
    assert session.payment_method_types == ["card", "blik", "p24"]


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
def test_expiry_lies_30_minutes_to_24_hours_ahead(till: Till, minutes: int) -> None:
    assert till.refused(expires_at=int(time.time()) + minutes * 60).param == "expires_at"


def test_expiry_is_kept(till: Till) -> None:
    expires_at = int(time.time()) + 45 * 60
    assert till.open(expires_at=expires_at).expires_at == expires_at


@pytest.mark.parametrize("currency,least", [("pln", 200), ("eur", 50), ("usd", 50), ("jpy", 50)])
def test_each_currency_has_a_least_amount(till: Till, currency: str, least: int) -> None:
    assert till.refused(line_items=gift(least - 1, currency)["line_items"]).code == "amount_too_small"
    assert till.open(line_items=gift(least, currency)["line_items"]).amount_total == least


def test_an_amount_of_nine_digits_is_too_large(till: Till) -> None:
    assert till.refused(100_000_000).code == "amount_too_large"


@pytest.mark.parametrize(
    "line,param",
    [
        ({"price_data": {"currency": "PLN", "unit_amount": 500, "product_data": {"name": "S"}}}, "currency"),
        ({"price_data": {"currency": "byn", "unit_amount": 500, "product_data": {"name": "S"}}}, "currency"),
        ({"price_data": {"currency": "pln", "unit_amount": -1, "product_data": {"name": "S"}}}, "unit_amount"),
        ({"price_data": {"currency": "pln", "product_data": {"name": "S"}}}, "unit_amount"),
        ({"price_data": {"currency": "pln", "unit_amount": 500}}, "product_data"),
        ({"price_data": {"currency": "pln", "unit_amount": 500, "product": "prod_1"}}, "product"),
    ],
)
def test_a_line_needs_a_whole_price(till: Till, line: dict[str, Any], param: str) -> None:
    refusal = till.refused(line_items=[{"quantity": 1, **line}])
    assert refusal.param == f"line_items[0][price_data][{param}]"


def test_a_line_needs_a_quantity_and_a_known_price(till: Till) -> None:
    price = gift(500)["line_items"][0]["price_data"]
    assert till.refused(line_items=[{"price_data": price}]).param == "line_items[0][quantity]"
    assert till.refused(line_items=[{"quantity": 1, "price": "price_1"}]).code == "resource_missing"
    assert till.refused(line_items=None).param == "line_items"


def test_lines_share_one_currency_and_add_up(till: Till) -> None:
    zloty, euro = (gift(500, currency)["line_items"][0] for currency in ("pln", "eur"))
    assert till.refused(line_items=[zloty, euro]).param == "line_items"
    assert till.open(line_items=[zloty, {**zloty, "quantity": 3}]).amount_total == 2000


@pytest.mark.parametrize(
    "url,code",
    [("/thanks", "url_invalid"), ("//host/thanks", "url_invalid"), ("https:///thanks", "url_invalid"),
     ("https://example.org/" + "a" * 5000, "url_invalid")],
)  # fmt: skip
def test_return_addresses_are_absolute(till: Till, url: str, code: str) -> None:
    assert till.refused(success_url=url).code == code
    assert till.refused(cancel_url=url).code == code


def test_live_mode_returns_by_https_only() -> None:
    with StripeStandIn(livemode=True) as standin, Till(standin.url, standin.api_key) as till:
        assert till.refused().param == "success_url"


@pytest.mark.parametrize(
    "metadata", [{f"k{i}": "v" for i in range(51)}, {"k" * 41: "v"}, {"k": "v" * 501}], ids=["51 keys", "key", "value"]
)
def test_metadata_has_limits(till: Till, metadata: dict[str, str]) -> None:
    assert till.refused(metadata=metadata).param == "metadata"
    assert till.refused(payment_intent_data={"metadata": metadata}).param == "payment_intent_data[metadata]"


def test_metadata_within_the_limits_is_kept(till: Till) -> None:
    metadata = {f"{i:040d}": "v" * 500 for i in range(50)}
    assert till.open(metadata=metadata).to_dict()["metadata"] == metadata


@pytest.mark.parametrize(
    "text", ["four", "x" * 23, "12345678", "it's us", "a<b>cde", 'say "so"', "st*rs", "back\\slash", "Zażółć"]
)
def test_a_descriptor_that_banks_do_not_print_is_refused(till: Till, text: str) -> None:
    refusal = till.refused(payment_intent_data={"statement_descriptor": text})
    assert refusal.param == "payment_intent_data[statement_descriptor]"


@pytest.mark.parametrize("text", ["123", "it's", "x" * 13])
def test_a_suffix_must_fit_behind_the_prefix(till: Till, text: str) -> None:
    refusal = till.refused(payment_intent_data={"statement_descriptor_suffix": text})
    assert refusal.param == "payment_intent_data[statement_descriptor_suffix]"


def test_cards_alone_take_no_full_descriptor(till: Till) -> None:
    refusal = till.refused(
        allowed_payment_method_types=["card"], payment_intent_data={"statement_descriptor": "SUPPORT"}
    )
    assert refusal.param == "payment_intent_data[statement_descriptor]"


def test_long_texts_are_refused(till: Till) -> None:
    assert till.refused(client_reference_id="r" * 201).param == "client_reference_id"
    assert till.refused(payment_intent_data={"description": "d" * 1001}).param == "payment_intent_data[description]"


def test_methods_are_narrowed(till: Till) -> None:
    assert till.open(allowed_payment_method_types=["blik", "p24"]).payment_method_types == ["blik", "p24"]
    assert till.open(excluded_payment_method_types=["card"]).payment_method_types == ["blik", "p24"]
    assert till.open(line_items=gift(500, "eur")["line_items"]).payment_method_types == ["card", "p24"]
    assert "No payment method types" in str(till.refused(allowed_payment_method_types=["ideal"]))


def test_the_product_expires_an_open_session_once(standin: StripeStandIn, till: Till) -> None:
    session = till.open()
    expired = till.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError, match="status of `expired`"):
        till.v1.checkout.sessions.expire(session.id)
    with pytest.raises(Refused):
        standin.pay(session.id)


def test_time_expires_a_session(standin: StripeStandIn, till: Till) -> None:
    session = till.open(expires_at=int(time.time()) + 1805)
    standin.advance(1700)
    assert till.v1.checkout.sessions.retrieve(session.id).status == "open"
    standin.advance(110)
    assert till.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert [event["type"] for event in standin.events()] == ["checkout.session.expired"]


def test_a_paid_session_does_not_expire(standin: StripeStandIn, till: Till) -> None:
    session = till.open()
    standin.pay(session.id)
    standin.advance(2 * 24 * 3600)
    assert till.v1.checkout.sessions.retrieve(session.id).status == "complete"
    with pytest.raises(Refused):
        standin.expire(session.id)


def test_expiry_cancels_the_intent_of_a_failed_try(standin: StripeStandIn, till: Till) -> None:
    session = till.open()
    intent = standin.decline(session.id)["payment_intent"]
    standin.expire(session.id)
    assert till.v1.payment_intents.retrieve(intent).status == "canceled"
