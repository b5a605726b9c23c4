"""The part of the control that reads: totals to hold the books against, and every object."""

from tests.standin import totals
from tests.standin.errors import Refused
from tests.standin.handle import Handle, copied
from tests.standin.store import JSON


class Truth(Handle):
    """What really happened."""

    def account_total(self, currency: str = "pln") -> int:
        """Return minor units received, less refunds, less disputes that were not won."""
        with self._account.lock:
            return totals.account_total(self._account, currency)

    def totals_by_reference(self, currency: str = "pln") -> dict[str, int]:
        """Return the same per `client_reference_id` (the session's id where there is none)."""
        with self._account.lock:
            return totals.by_reference(self._account, currency)

    def gross_minus_refunds(self, reference: str, currency: str = "pln") -> int:
        """Return the same for one reference; 0 when nothing was received for it."""
        return self.totals_by_reference(currency).get(reference, 0)

    def thing(self, ident: str) -> JSON:
        """Return a copy of any object by its identifier; Refused if there is none."""
        with self._account.lock:
            found = self._account.store.find(ident)
            if found is None:
                raise Refused(f"there is no {ident}")
            return copied(found)

    def things(self, kind: str) -> list[JSON]:
        """Return copies of all objects of a kind (`checkout.session`, `refund`), oldest first."""
        with self._account.lock:
            return [copied(thing) for thing in self._account.store.oldest_first(kind)]

    def session_of(self, reference: str) -> JSON:
        """Return the newest session with this `client_reference_id`; Refused if there is none."""
        with self._account.lock:
            found = self._account.store.of("checkout.session", "client_reference_id", reference)
            if not found:
                raise Refused(f"there is no session for {reference}")
            return copied(found[-1])

    def events(self, kind: str | None = None) -> list[JSON]:
        """Return every event, or those of a type, oldest first."""
        return [e for e in self.things("event") if kind is None or e["type"] == kind]

    def requests(self) -> list[JSON]:
        """Return what the API was asked: method, path, params, idempotency_key, status, replayed."""
        with self._account.lock:
            return copied(self._account.journal)
