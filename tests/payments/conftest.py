"""Providers to test against."""

from collections.abc import Iterator

import pytest

from campaigns.storage.database import Database
from campaigns.storage.sandbox_memory import StoredSandbox
from tests.payments.providers import Letters, Provider, Sandbox, Stripe
from tests.standin import StripeStandIn


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    """Stripe with an empty account."""
    letters = Letters()
    with StripeStandIn(receiver=letters.receive) as standin:
        yield Stripe(standin, letters)


@pytest.fixture
def sandbox(sqlite_url: str) -> Iterator[Sandbox]:
    """The sandbox with an empty memory."""
    database = Database(sqlite_url)
    yield Sandbox(StoredSandbox(database), Letters())
    database.close()


@pytest.fixture(params=["stripe", "sandbox"])
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each provider in turn: what a test asks of one, it asks of both."""
    either: Provider = request.getfixturevalue(request.param)
    return either
