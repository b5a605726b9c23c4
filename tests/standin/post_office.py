"""The part of the control that delivers notices, or does not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.standin import ids, signing
from tests.standin.delivery import Delivery, Order, over_http, render
from tests.standin.handle import copied
from tests.standin.policy import Policy
from tests.standin.store import JSON
from tests.standin.truth import Truth


class PostOffice(Truth):
    """What is pending, how it travels, who signed it, and what became of it."""

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that sign every notice, the newest first."""
        return tuple(self.signing_secrets())

    @property
    def webhook_secret(self) -> str:
        """The newest signing secret."""
        return self.webhook_secrets[0]

    def signing_secrets(self) -> list[str]:
        """Return the secrets that sign every notice, the newest first."""
        return list(self._courier.secrets)

    def add_webhook_secret(self) -> str:
        """Begin a rotation: sign with one more secret, and return it."""
        self._courier.secrets.insert(0, ids.mint_webhook_secret())
        return self._courier.secrets[0]

    def retire_webhook_secret(self, secret: str) -> None:
        """End a rotation: sign no longer with this secret; ValueError if it is unknown."""
        self._courier.secrets.remove(secret)

    def set_webhook_url(self, url: str | None) -> None:
        """Send notices to another endpoint from now on, or to none."""
        self._courier.receiver = None if url is None else over_http(url)

    def set_policy(self, policy: Policy) -> None:
        """Deliver differently from now on."""
        self._courier.policy = policy

    def change_policy(self, **changes: Any) -> None:
        """Change some fields of the policy: `change_policy(mode="held")`."""
        self._courier.policy = replace(self._courier.policy, **changes)

    def silence(self, silent: bool = True) -> None:
        """Record no events from now on: they are neither sent nor listed."""
        with self._account.lock:
            self._account.events.silent = silent

    def pending(self) -> list[JSON]:
        """Return the events that the product has not answered with 2xx, oldest first."""
        return copied(self._courier.pending())

    def deliver_pending(
        self,
        order: Order = "created",
        copies: int = 1,
        drop: float = 0.0,
        seed: int = 0,
        threads: int | None = None,
        timeout: float = 60.0,
    ) -> list[Delivery]:
        """Deliver all that is pending; return the tries. Order: created, reversed, shuffled."""
        return self._courier.deliver(
            self._courier.pending(),
            order=order,
            copies=copies,
            drop=drop,
            seed=seed,
            threads=threads,
            timeout=timeout,
        )

    def deliver_again(
        self,
        event_ids: Sequence[str],
        order: Order = "created",
        copies: int = 1,
        seed: int = 0,
        threads: int | None = None,
        timeout: float = 60.0,
    ) -> list[Delivery]:
        """Deliver these events, acknowledged or not, as the dashboard's resend button does."""
        with self._account.lock:
            chosen = [self._account.store.get("event", ident) for ident in event_ids]
        return self._courier.deliver(chosen, order=order, copies=copies, seed=seed, threads=threads, timeout=timeout)

    def discard_pending(self) -> None:
        """Give up all notices that were not delivered, as Stripe does after three days."""
        self._courier.discard_pending()

    def wait_until_delivered(self, timeout: float = 60.0) -> None:
        """Return when nothing is on its way any more; TimeoutError otherwise."""
        self._courier.wait_until_idle(timeout)

    def deliveries(self) -> list[Delivery]:
        """Return every try so far."""
        return list(self._courier.log)

    def signed(self, event: JSON | str, secret: str | None = None, timestamp: int | None = None) -> tuple[bytes, str]:
        """Return body and `Stripe-Signature` of an event (or its id), genuine by default."""
        body = render(self.thing(event) if isinstance(event, str) else event)
        secrets = self.webhook_secrets if secret is None else (secret,)
        when = self.clock.now() if timestamp is None else timestamp
        return body, signing.header(body, secrets, when)
