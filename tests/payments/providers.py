"""The two providers, held from the other end: what donors and banks do there, and the notices that come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Protocol

from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import Checkout, CheckoutOrder, Gateway, Notice
from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.sandbox_gift import Refused as SandboxRefused
from campaigns.payments.sandbox_memory import SandboxMemory
from campaigns.payments.stripe import StripeGateway
from tests.payments.hearing import Heard
from tests.standin import Refused, StripeStandIn
from tests.standin.clock import Clock
from tests.standin.signing import header

# What either provider raises when a donor or a bank tries what cannot happen.
IMPOSSIBLE = (Refused, SandboxRefused)


@dataclass
class Letters:
    """The notices that came, as they came: raw bytes and their signature."""

    all: list[tuple[bytes, str]] = field(default_factory=list)
    status: int = 200

    def receive(self, body: bytes, signature: str) -> int:
        """Take a notice as the site would, with the status that the test wants."""
        self.all.append((body, signature))
        return self.status


class Provider(Protocol):
    """What a test can do at a provider; ids are the provider's."""

    gateway: Gateway
    letters: Letters
    clock: Clock
    secret: str

    def again(self, *secrets: str) -> Gateway:
        """The same account through a gateway that believes these secrets."""

    def pay(self, checkout_id: str, country: str = "PL") -> None: ...
    def pay_later(self, checkout_id: str) -> None: ...
    def settle(self, checkout_id: str) -> None: ...
    def fail(self, checkout_id: str) -> None: ...
    def run_out(self, checkout_id: str) -> None: ...
    def refund_by_hand(self, payment_id: str, amount: Money) -> None: ...
    def return_refund(self, refund_id: str) -> None: ...
    def dispute(self, payment_id: str) -> None: ...
    def win(self, dispute_id: str) -> None: ...
    def lose(self, dispute_id: str) -> None: ...

    def of_the_other_mode(self, message: dict[str, Any]) -> dict[str, Any]:
        """A genuine message, changed into one of the other mode."""


def now(provider: Provider) -> datetime:
    """The time at the provider, which is ours as well."""
    return datetime.fromtimestamp(provider.clock.now(), UTC)


def open_checkout(
    provider: Provider, amount: str = "50", method: Method = Method.BLIK, reference: str | None = None
) -> Checkout:
    """Open a page for some złoty."""
    return provider.gateway.open_checkout(order(provider, amount, method, reference))


def order(
    provider: Provider, amount: str = "50", method: Method = Method.BLIK, reference: str | None = None
) -> CheckoutOrder:
    """What the site orders for a gift in złoty."""
    return CheckoutOrder(
        reference=reference or token_hex(16),
        amount=Money.of(amount, "PLN"),
        method=method,
        language="pl",
        success_url="http://127.0.0.1/pl/thanks/opaque",
        cancel_url="http://127.0.0.1/pl/thanks/opaque?back",
        expires_at=now(provider) + timedelta(minutes=60),
    )


def paid_gift(provider: Provider, amount: str = "100", method: Method = Method.BLIK) -> str:
    """The id of a payment that has come in."""
    checkout = open_checkout(provider, amount, method)
    provider.pay(checkout.id)
    return heard(provider).paid[-1].payment_id or ""


def heard(provider: Provider) -> Heard:
    """Everything that the notices have told so far."""
    return Heard(notices(provider))


def notices(provider: Provider) -> list[Notice]:
    """Every notice so far, verified and translated."""
    moment = now(provider)
    return [read_fresh(provider, body, moment) for body, _ in provider.letters.all]


def read_fresh(provider: Provider, body: bytes, moment: datetime) -> Notice:
    """Read a body that is signed now, however long the test has let time pass since it came."""
    return provider.gateway.read_notice(body, header(body, [provider.secret], int(moment.timestamp())), moment)


def message(provider: Provider) -> dict[str, Any]:
    """The latest notice as JSON."""
    decoded: dict[str, Any] = json.loads(provider.letters.all[-1][0])
    return decoded


class Stripe:
    """Stripe, as its stand-in plays it."""

    def __init__(self, standin: StripeStandIn, letters: Letters) -> None:
        self.standin = standin
        self.letters = letters
        self.clock = standin.clock
        self.secret = standin.webhook_secret
        self.gateway: Gateway = self.again(self.secret)

    def again(self, *secrets: str) -> StripeGateway:
        return StripeGateway(self.standin.api_key, secrets, self.standin.url, livemode=False)

    def pay(self, checkout_id: str, country: str = "PL") -> None:
        self.standin.pay(checkout_id, self._method(checkout_id), card_country=country)

    def pay_later(self, checkout_id: str) -> None:
        self.standin.pay_later(checkout_id, self._method(checkout_id))

    def settle(self, checkout_id: str) -> None:
        self.standin.settle(checkout_id)

    def fail(self, checkout_id: str) -> None:
        self.pay_later(checkout_id)
        self.standin.fail(checkout_id)

    def run_out(self, checkout_id: str) -> None:
        self.standin.expire(checkout_id)

    def refund_by_hand(self, payment_id: str, amount: Money) -> None:
        self.standin.refund(payment_id, amount.minor)

    def return_refund(self, refund_id: str) -> None:
        self.standin.fail_refund(refund_id)

    def dispute(self, payment_id: str) -> None:
        self.standin.dispute(payment_id)

    def win(self, dispute_id: str) -> None:
        self.standin.win(dispute_id)

    def lose(self, dispute_id: str) -> None:
        self.standin.lose(dispute_id)

    def of_the_other_mode(self, message: dict[str, Any]) -> dict[str, Any]:
        return message | {"livemode": True}

    def _method(self, checkout_id: str) -> str:
        return str(self.standin.thing(checkout_id)["payment_method_types"][0])


class Sandbox:
    """The sandbox, whose notices are delivered as soon as something happens."""

    def __init__(self, memory: SandboxMemory, letters: Letters) -> None:
        self.letters = letters
        self.clock = Clock()
        self.secret = token_hex(32)
        self._memory = memory
        self.sandbox = self.again(self.secret)
        self.gateway: Gateway = self.sandbox

    def again(self, *secrets: str) -> SandboxGateway:
        return SandboxGateway(secrets, self._memory, "http://127.0.0.1", lambda: now(self))

    def pay(self, checkout_id: str, country: str = "PL") -> None:
        self.sandbox.bank.pay(checkout_id, country)
        self._tell()

    def pay_later(self, checkout_id: str) -> None:
        self.sandbox.bank.pay_later(checkout_id)
        self._tell()

    def settle(self, checkout_id: str) -> None:
        self._wait_for(checkout_id)

    def fail(self, checkout_id: str) -> None:
        self.sandbox.bank.decline(checkout_id)
        self._tell()

    def run_out(self, checkout_id: str) -> None:
        self._wait_for(checkout_id)

    def refund_by_hand(self, payment_id: str, amount: Money) -> None:
        self.sandbox.bank.refund(payment_id, amount, token_hex(16))
        self._tell()

    def return_refund(self, refund_id: str) -> None:
        self.sandbox.bank.return_refund(refund_id)
        self._tell()

    def dispute(self, payment_id: str) -> None:
        self.sandbox.bank.dispute(payment_id)
        self._tell()

    def win(self, dispute_id: str) -> None:
        self.sandbox.bank.win(dispute_id)
        self._tell()

    def lose(self, dispute_id: str) -> None:
        self.sandbox.bank.lose(dispute_id)
        self._tell()

    def of_the_other_mode(self, message: dict[str, Any]) -> dict[str, Any]:
        return message | {"mode": "live"}

    def _wait_for(self, checkout_id: str) -> None:
        due = self.sandbox.bank.gift(checkout_id).due_at
        assert due is not None
        self.clock.advance((due - now(self)).seconds)
        self._tell()

    def _tell(self) -> None:
        self.sandbox.deliver_due(now(self), self.letters.receive)
