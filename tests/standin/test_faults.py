"""The API fails in all the ways that a product must survive."""

from collections.abc import Iterator

import pytest
import stripe

from tests.standin import StripeStandIn
from tests.standin.faults import Kind
from tests.standin.till import Till


@pytest.fixture
def hasty(standin: StripeStandIn) -> Iterator[Till]:
    with Till(standin.url, standin.api_key, timeout=0.1) as opened:
        yield opened


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize(
    "kind,error",
    [("error_500", stripe.APIError), ("rate_limited", stripe.RateLimitError), ("close", stripe.APIConnectionError)],
)
def test_a_fault_is_met_once_and_a_retry_succeeds(
    standin: StripeStandIn, till: Till, kind: Kind, error: type[Exception], acted: bool
) -> None:
    standin.fail_next(kind, acted=acted)
    with pytest.raises(error):
        till.open(key="gift-1")
    assert len(standin.things("checkout.session")) == int(acted)
    assert till.open(key="gift-1").status == "open"
    assert len(standin.things("checkout.session")) == 1


@pytest.mark.parametrize("acted", [False, True])
def test_silence_ends_in_the_clients_own_timeout(standin: StripeStandIn, hasty: Till, acted: bool) -> None:
    standin.fail_next("timeout", acted=acted, seconds=5)
    with pytest.raises(stripe.APIConnectionError):
        hasty.open(key="gift-1")
    assert hasty.open(key="gift-1").status == "open"
    assert len(standin.things("checkout.session")) == 1


def test_a_kept_500_is_repeated_for_its_key(standin: StripeStandIn, till: Till) -> None:
    standin.fail_next("error_500_kept")
    for _ in range(2):
        with pytest.raises(stripe.APIError, match="unexpected"):
            till.open(key="gift-1")
    assert till.open(key="gift-2").status == "open"
    assert len(standin.things("checkout.session")) == 2


def test_faults_come_in_order_and_where_they_were_ordered(standin: StripeStandIn, till: Till) -> None:
    standin.fail_next("rate_limited", path="/v1/refunds")
    standin.fail_next("error_500", times=2)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            till.open()
    session = till.open()
    intent = standin.pay(session.id)["payment_intent"]
    with pytest.raises(stripe.RateLimitError):
        till.v1.refunds.create({"payment_intent": intent})


def test_faults_can_be_taken_back(standin: StripeStandIn, till: Till) -> None:
    standin.fail_next("error_500", times=5)
    standin.clear_faults()
    assert till.open().status == "open"


def test_an_unknown_fault_is_refused_when_it_is_ordered(standin: StripeStandIn) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        standin.fail_next("flood")  # type: ignore[arg-type]  # what a test may mistype
