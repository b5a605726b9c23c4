"""A stateful stand-in for Stripe on loopback HTTP, for tests that must see real money move.

The product reaches it through `STRIPE_API_BASE`; tests hold the other end, a `StripeStandIn`:
they pay, refund and dispute, say how the notices are delivered, and read the true totals.
"""

from tests.standin.account import Terms
from tests.standin.clock import Clock
from tests.standin.control import StripeStandIn
from tests.standin.delivery import Delivery
from tests.standin.errors import Refused
from tests.standin.policy import Policy
from tests.standin.remote import RemoteStandIn
from tests.standin.rules import API_VERSION

__all__ = [
    "API_VERSION",
    "Clock",
    "Delivery",
    "Policy",
    "Refused",
    "RemoteStandIn",
    "StripeStandIn",
    "Terms",
]
