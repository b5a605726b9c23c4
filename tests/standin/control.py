"""The test's end of the stand-in: one Stripe account on a loopback port, with all its verbs."""

from typing import Self

from tests.standin import ids
from tests.standin.account import Account, Terms
from tests.standin.api import Api
from tests.standin.clock import Clock
from tests.standin.delivery import Courier, Receiver, over_http
from tests.standin.faults import FaultQueue
from tests.standin.frontdesk import FrontDesk
from tests.standin.people import People
from tests.standin.policy import Policy
from tests.standin.post_office import PostOffice
from tests.standin.sabotage import Sabotage
from tests.standin.server import LoopbackServer


class Control(People, PostOffice, Sabotage):
    """All that a test can do, wherever the stand-in runs."""


class StripeStandIn(Control):
    """One Stripe account on a loopback port, alive inside a `with` block.

    Notices go to `webhook_url`, or to `receiver`, a callable in the test's own process that
    takes body and signature and returns the status code. Keys are made at run time.
    """

    def __init__(
        self,
        webhook_url: str | None = None,
        *,
        receiver: Receiver | None = None,
        policy: Policy | None = None,
        livemode: bool = False,
        clock: Clock | None = None,
        terms: Terms | None = None,
        port: int = 0,
    ) -> None:
        clock = clock or Clock()
        self._server = LoopbackServer(port)
        courier = Courier(clock=clock, secrets=[ids.mint_webhook_secret()], policy=policy or Policy())
        courier.receiver = over_http(webhook_url) if webhook_url else receiver
        account = Account(
            clock=clock,
            livemode=livemode,
            origin=self._server.url,
            terms=terms or Terms(),
            tell=courier.accept,
        )
        super().__init__(account, courier, FaultQueue())
        api = Api(account, self._server.wait)
        self._desk = FrontDesk(self, account, api, self._faults, self._server.wait)

    def __enter__(self) -> Self:
        self._server.start(self._desk.answer)
        return self

    def __exit__(self, *_: object) -> None:
        self._courier.close()
        self._server.stop()

    def set_receiver(self, receiver: Receiver | None) -> None:
        """Send notices to a callable in this process from now on, or to nobody."""
        self._courier.receiver = receiver

    @property
    def url(self) -> str:
        """The value for `STRIPE_API_BASE`."""
        return self._server.url

    @property
    def api_key(self) -> str:
        """The secret key that the API takes."""
        return self._account.api_key
