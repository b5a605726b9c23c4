"""The stand-in and Stripe's own library talking to it."""

from collections.abc import Iterator

import pytest
import stripe

from tests.standin import StripeStandIn
from tests.standin.till import Till

# It would leave an identifier of this machine in the home directory.
stripe.enable_telemetry = False


@pytest.fixture
def standin() -> Iterator[StripeStandIn]:
    with StripeStandIn() as running:
        yield running


@pytest.fixture
def till(standin: StripeStandIn) -> Iterator[Till]:
    with Till(standin.url, standin.api_key) as opened:
        yield opened
