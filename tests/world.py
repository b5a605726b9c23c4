"""A small world for tests: a site on a real database, its sandbox, donors and banks, and a clock that tests turn."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import func, select

from campaigns.config import Settings
from campaigns.domain.campaign import Figures, Kind, Tally
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import Notice, Topic
from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.sandbox_bank import SandboxBank
from campaigns.payments.signature import sign
from campaigns.services import reversing
from campaigns.services.checking import check_books
from campaigns.services.giving import GiftRequest, Started, start_gift
from campaigns.services.keys import Keys
from campaigns.services.settlement import Outcome, act_on, receive
from campaigns.storage import alerts, books, campaigns, inbox, proofs
from campaigns.storage.alerts import AlertKind
from campaigns.storage.campaigns import NewCampaign
from campaigns.storage.database import Database
from campaigns.storage.models import entries
from campaigns.storage.sandbox_memory import StoredSandbox
from campaigns.storage.vault import Vault
from tests.gifts import NOW, zloty

FUND = "legal-travel-fund"
BASE_URL = "http://127.0.0.1"
ANNA = "anna@example.net"

_TEXTS = {"pl": ("Fundusz dojazdów", "Dla prawników", "Zażółć"), "en": ("Travel fund", "For lawyers", "…")}
_A_FUND = NewCampaign(FUND, Kind.FUND, "PLN", zloty("5000"), zloty("5"), zloty("10000"), Figures.LIVE, _TEXTS)


@dataclass
class Clock:
    """The time of day, which stands still until a test turns it."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, by: timedelta) -> None:
        self.moment += by


def environment(url: str, **changes: str) -> dict[str, str]:
    """The environment of a demo site on this database, with keys that nothing else has."""
    return {
        "DEMO": "1",
        "DATABASE_URL": url,
        "SECRET_KEY": secrets.token_hex(32),
        "PII_KEYS": Fernet.generate_key().decode(),
        "BASE_URL": BASE_URL,
        "PAYMENT_GATEWAY": "sandbox",
        "ORG_NAME": "Fundacja Przykład",
        "ORG_EMAIL": "post@example.org",
        **changes,
    }


def new_fund(database: Database, slug: str = FUND, **changes: Any) -> int:
    """A live campaign without an end, for gifts from 5 to 10 000 zł; `changes` are fields of NewCampaign."""
    with database.transaction() as connection:
        return campaigns.create(connection, replace(_A_FUND, slug=slug, **changes))


def tally(database: Database, slug: str = FUND) -> Tally:
    """What is booked of a campaign."""
    with database.reading() as connection:
        return next(proof.booked for proof in proofs.campaign_proofs(connection) if proof.slug == slug)


@dataclass
class World:
    """A site whose provider is the sandbox. The test carries the notices from one to the other."""

    keys: Keys
    sandbox: SandboxGateway
    clock: Clock
    secret: str
    told: list[bytes] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.keys.database

    @property
    def bank(self) -> SandboxBank:
        """What donors and their banks do."""
        return self.sandbox.bank

    def give(
        self,
        amount: str = "50",
        method: Method = Method.BLIK,
        slug: str = FUND,
        language: str = "pl",
        email: str | None = None,
        form: str | None = None,
        address: str | None = None,
    ) -> Started:
        """A donor confirms the form: a new one, from an address of the donor's own, unless it is said."""
        address = address or f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        form = form or secrets.token_hex(16)
        return start_gift(self.keys, GiftRequest(slug, zloty(amount), method, language, email, form, address))

    def opened(self, amount: str = "50", method: Method = Method.BLIK, slug: str = FUND) -> str:
        """A donor has come to the sandbox's page; returns its id."""
        return page_of(self.give(amount, method, slug))

    def gave(self, amount: str = "50", method: Method = Method.BLIK, slug: str = FUND) -> str:
        """A gift, from the form to the books; returns the payment's id at the sandbox."""
        gift = self.bank.pay(self.opened(amount, method, slug))
        self.tell()
        return gift.payment_id

    def hear(self) -> list[bytes]:
        """What the sandbox has to tell by now, taken from it and not delivered."""
        heard: list[bytes] = []

        def take(body: bytes, _signature: str) -> int:
            heard.append(body)
            return 200

        while self.sandbox.deliver_due(self.clock(), take):
            pass
        self.told += heard
        return heard

    def deliver(self, bodies: Iterable[bytes], keys: Keys | None = None) -> list[Outcome]:
        """Notices arrive, signed now, at this node or at another."""
        node = keys or self.keys
        return [receive(node, body, sign(body, [self.secret], self.clock())) for body in bodies]

    def tell(self) -> list[Outcome]:
        """Everything that the sandbox has to tell arrives, in order, once."""
        return self.deliver(self.hear())

    def says(self, topic: Topic, payment: str = "payment-1", **fields: Any) -> Outcome:
        """A verified notice of any kind arrives; `fields` are those of Notice."""
        event_id = f"event-{secrets.token_hex(8)}"
        given = {"object_id": payment, "payment_id": payment, **fields}
        return act_on(self.keys, Notice(event_id, f"test.{topic}", topic, **given), self.clock())

    def money_comes(self, amount: str = "100", reference: str | None = None) -> Outcome:
        """A notice that the first payment came, by default for a new pledge."""
        reference = reference or self.give(amount).pledge.reference
        return self.says(Topic.PAID, reference=reference, amount=zloty(amount))

    def reverse(self, effect: str) -> int:
        """A treasurer undoes what was booked under this effect; CannotReverse if that cannot be."""
        with self.database.reading() as connection:
            found = books.entry_by_effect(connection, effect)
        return reversing.reverse(self.keys, None, found[0] if found else 0)

    def tally(self, slug: str = FUND) -> Tally:
        return tally(self.database, slug)

    @property
    def raised(self) -> Money:
        return self.tally().raised

    @property
    def is_right(self) -> bool:
        """Whether `books check` finds nothing."""
        return check_books(self.database).faults == []

    def booked(self, kind: EntryKind) -> int:
        """How many entries of a kind there are."""
        with self.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(entries).where(entries.c.kind == kind)) or 0

    def alerts(self) -> list[AlertKind]:
        """The kinds of the alerts that nobody has dealt with."""
        with self.database.reading() as connection:
            return [alert.kind for alert in alerts.unresolved(connection)]

    def inbox(self) -> dict[str, int]:
        """How many notices are in which state."""
        with self.database.reading() as connection:
            return inbox.counts(connection)

    @contextmanager
    def another_node(self) -> Iterator[Keys]:
        """The same site once more, with connections of its own."""
        with closing(Database(self.keys.settings.database_url)) as database:
            yield replace(self.keys, database=database)


def page_of(started: Started) -> str:
    """The id of the sandbox's page that a donor was sent to."""
    return started.checkout_url.rpartition("/")[2]


@contextmanager
def a_site(url: str, **changes: str) -> Iterator[World]:
    """A site on this database, without a campaign; `changes` are settings."""
    settings = Settings.from_environment(environment(url, **changes))
    secret, clock = secrets.token_hex(32), Clock()
    with closing(Database(url)) as database:
        sandbox = SandboxGateway((secret,), StoredSandbox(database), BASE_URL, clock)
        keys = Keys(settings, database, sandbox, Vault(settings.pii_keys), clock)
        yield World(keys, sandbox, clock, secret)
