"""A site to do things with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from campaigns.payments.gateway import BadNotice
from campaigns.payments.stripe import StripeGateway
from campaigns.services.settlement import receive
from tests.standin import Clock, StripeStandIn
from tests.world import World, a_site, new_fund


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A site with one open campaign, on each kind of database."""
    with a_site(database_url) as site:
        new_fund(site.database)
        yield site


@pytest.fixture
def stripe(world: World) -> Iterator[StripeStandIn]:
    """Stripe instead of the sandbox, at the same time of day; what it tells arrives at once."""

    def arrive(body: bytes, signature: str) -> int:
        try:
            receive(world.keys, body, signature)
        except BadNotice:
            return 400
        return 200

    clock = Clock(lambda: world.clock().timestamp())
    with StripeStandIn(receiver=arrive, clock=clock) as standin:
        gateway = StripeGateway(standin.api_key, (standin.webhook_secret,), standin.url, livemode=False)
        world.keys = replace(world.keys, gateway=gateway)
        yield standin
