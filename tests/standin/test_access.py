"""Who may ask, and in which version of the API."""

import pytest
import stripe

from tests.standin import API_VERSION, StripeStandIn
from tests.standin.till import Till


def test_the_pinned_version_is_the_librarys() -> None:
    assert stripe.api_version == API_VERSION


def test_a_wrong_key_is_401_and_is_not_repeated_in_full(standin: StripeStandIn) -> None:
    key = "sk_test_" + "0" * 24
    with Till(standin.url, key) as stranger, pytest.raises(stripe.AuthenticationError, match=r"sk_test_\*+0000"):
        stranger.open()


def test_another_version_of_the_api_is_refused(standin: StripeStandIn) -> None:
    with Till(standin.url, standin.api_key, version="2026-08-26.dahlia") as old:
        assert "version" in str(old.refused())


def test_an_unknown_address_is_404(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as refusal:
        till.v1.customers.create({"email": "donor@example.org"})
    assert refusal.value.http_status == 404


@pytest.mark.parametrize("noun", ["payment_intents", "charges", "refunds", "disputes", "events"])
def test_an_unknown_object_is_404_resource_missing(till: Till, noun: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such") as refusal:
        getattr(till.v1, noun).retrieve("xx_unknown")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_livemode_follows_the_account() -> None:
    with StripeStandIn(livemode=True) as standin, Till(standin.url, standin.api_key) as till:
        session = till.open(success_url="https://example.org/1", cancel_url="https://example.org/2")
        standin.pay(session.id)
        assert session.livemode
        assert session.id.startswith("cs_live_")
        assert standin.api_key.startswith("sk_live_")
        assert {event["livemode"] for event in standin.events()} == {True}


def test_the_journal_tells_what_was_asked(standin: StripeStandIn, till: Till) -> None:
    till.open(key="gift-1", client_reference_id="r1")
    (asked,) = standin.requests()
    assert asked["params"]["client_reference_id"] == "r1"
    assert (asked["path"], asked["idempotency_key"], asked["status"]) == ("/v1/checkout/sessions", "gift-1", 200)
