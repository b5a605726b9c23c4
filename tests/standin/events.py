"""The record of events: what happened, with the object as it was at that moment."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.standin import ids
from tests.standin.clock import Clock
from tests.standin.rules import API_VERSION
from tests.standin.store import JSON, Store


@dataclass(frozen=True)
class Cause:
    """The API request that made something happen; empty for what donors and banks do."""

    request: str | None = None
    idempotency_key: str | None = None


@dataclass
class EventLog:
    """Writes events and tells the courier; both happen under the account's lock."""

    store: Store
    clock: Clock
    livemode: bool
    tell: Callable[[JSON], None]
    silent: bool = False
    _cause: Cause = field(default_factory=Cause)

    @contextmanager
    def caused_by(self, cause: Cause) -> Iterator[None]:
        """Name the request behind every event recorded inside."""
        before, self._cause = self._cause, cause
        try:
            yield
        finally:
            self._cause = before

    def record(self, kind: str, thing: JSON, previous: JSON | None = None) -> None:
        """Record that `kind` happened to `thing`; nothing while the log is silent.

        Stripe documents that, rarely, an event is never made: neither sent nor listed.
        """
        if self.silent:
            return
        data: JSON = {"object": json.loads(json.dumps(thing))}
        if previous is not None:
            data["previous_attributes"] = previous
        event: JSON = {
            "id": ids.mint("event"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.clock.now(),
            "data": data,
            "livemode": self.livemode,
            "pending_webhooks": 0,
            "request": {
                "id": self._cause.request,
                "idempotency_key": self._cause.idempotency_key,
            },
            "type": kind,
        }
        self.tell(self.store.put(event))
