"""One Stripe account: its objects, its clock, its events and the lock that guards them."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from tests.standin import ids
from tests.standin.clock import Clock
from tests.standin.events import EventLog
from tests.standin.store import JSON, Store


@dataclass(frozen=True)
class Terms:
    """What the account's contract says; fees are made up, so nobody can have computed them.

    `fees` gives hundredths of a percent and a fixed part in minor units, per payment method.
    `rates` gives the złoty for one unit of a currency that is converted when it settles;
    currencies without a rate settle as they are.
    """

    fees: dict[str, tuple[int, int]] = field(
        default_factory=lambda: {"card": (150, 100), "blik": (160, 100), "p24": (220, 100)}
    )
    dispute_fee: int = 8500
    rates: dict[str, Decimal] = field(default_factory=dict)
    days_to_settle: int = 3


class Account:
    """All state. Whoever reads or changes it holds `lock`."""

    def __init__(
        self,
        *,
        clock: Clock,
        livemode: bool,
        origin: str,
        terms: Terms,
        tell: Callable[[JSON], None],
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.livemode = livemode
        self.origin = origin
        self.terms = terms
        self.api_key = ids.mint_key(livemode=livemode)
        self.store = Store()
        self.events = EventLog(self.store, clock, livemode, tell)
        self.line_items: dict[str, list[JSON]] = {}
        self.intent_data: dict[str, JSON] = {}
        self.session_of_intent: dict[str, str] = {}
        self.expiries: list[tuple[int, str]] = []
        self.unsettled: deque[JSON] = deque()
        self.refunds_stay_pending = False
        self.journal: list[JSON] = []
