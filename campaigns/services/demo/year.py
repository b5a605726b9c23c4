"""The demo's year so far: money that came and went on days before today, through the same doors as real money."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from campaigns.domain import accounts
from campaigns.domain.by_hand import offline_account
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.people import Person
from campaigns.domain.periods import day_of
from campaigns.domain.pledge import Method
from campaigns.payments.sandbox import SandboxGateway
from campaigns.services import booking_by_hand
from campaigns.services.booking_by_hand import Ticket
from campaigns.services.drafting import Draft
from campaigns.services.fees import book_fees
from campaigns.services.giving import GiftRequest, start_gift
from campaigns.services.keys import Keys
from campaigns.services.reversing import reverse
from campaigns.services.settlement import receive
from campaigns.storage.sandbox_memory import StoredSandbox

# Addresses that belong to nobody (RFC 5737): the limits on tries are for strangers.
_ADDRESSES = "198.51.100.{}"
_FEES_KNOWN = timedelta(minutes=2)


@dataclass
class _Year:
    """The books of one campaign, who keeps them, and the moment at which they are written."""

    keys: Keys
    slug: str
    person: Person
    now: datetime
    gateway: SandboxGateway | None = None
    donors: int = 0

    @property
    def keys_then(self) -> Keys:
        """The keys of the house, at that moment."""
        return replace(self.keys, now=self.clock, gateway=self.gateway or self.keys.gateway)

    def clock(self) -> datetime:
        return self.now

    def book(
        self, kind: EntryKind, amount: str, debit: str, credit: str, memo: str = "", day: date | None = None
    ) -> int:
        """What the treasurer books by hand; returns the entry's number."""
        slug = self.slug if kind is EntryKind.OFFLINE_GIFT else ""
        draft = Draft(kind, day or day_of(self.now), Money.of(amount, "PLN"), debit, credit, slug, memo)
        ticket = Ticket(secrets.token_hex(16), self.now)
        return booking_by_hand.book(self.keys_then, self.person, draft, ticket, draft.day)

    def online(self, amount: str, method: Method) -> str:
        """A donor gives at the sandbox; returns the payment's id there, "" where the demo has another provider."""
        if self.gateway is None:
            return ""
        self.donors += 1
        form, address = secrets.token_hex(16), _ADDRESSES.format(self.donors)
        request = GiftRequest(self.slug, Money.of(amount, "PLN"), method, "pl", None, form, address)
        page = start_gift(self.keys_then, request).checkout_url
        gift = self.gateway.bank.pay(page.rpartition("/")[2])
        self.hear()
        self.now += _FEES_KNOWN
        book_fees(self.keys_then, self.now)
        return gift.payment_id

    def hear(self) -> None:
        """What the sandbox has to tell arrives."""

        def deliver(body: bytes, signature: str) -> int:
            receive(self.keys_then, body, signature)
            return 200

        if self.gateway:
            self.gateway.deliver_due(self.now, deliver)


_Event = Callable[[_Year], object]


def book_year(keys: Keys, slug: str, person: Person) -> None:
    """Book all of it, the oldest first, for the campaign under this slug, as done by this person."""
    end = keys.now()
    year = _Year(keys, slug, person, end)
    if isinstance(keys.gateway, SandboxGateway):
        # The same sandbox, at an earlier time. Its notices prove nothing outside of it: hence a secret of their own.
        memory, base_url = StoredSandbox(keys.database), keys.settings.base_url
        year.gateway = SandboxGateway((secrets.token_hex(32),), memory, base_url, year.clock)
    for days, event in _EVENTS:
        year.now = end - timedelta(days=days, minutes=7 * days % 240)
        event(year)


def _open_books(year: _Year) -> None:
    first = day_of(year.now).replace(day=1)
    year.book(EntryKind.OPENING, "3150.40", accounts.BANK, accounts.OPENING, "Bilans otwarcia: rachunek", first)
    year.book(EntryKind.OPENING, "120", accounts.CASH, accounts.OPENING, "Bilans otwarcia: kasa", first)


def _by_hand(amount: str, method: Method) -> _Event:
    return lambda year: year.book(EntryKind.OFFLINE_GIFT, amount, offline_account(method), accounts.DONATIONS)


def _online(amount: str, method: Method) -> _Event:
    return lambda year: year.online(amount, method)


def _spent(amount: str, what: str, paid_from: str, memo: str) -> _Event:
    return lambda year: year.book(EntryKind.EXPENSE, amount, what, paid_from, memo)


def _paid_out(amount: str) -> _Event:
    """From the provider to our bank account."""

    def pay_out(year: _Year) -> None:
        if year.gateway:
            at_provider = accounts.at_gateway(year.gateway.name)
            year.book(EntryKind.TRANSFER, amount, accounts.BANK, at_provider, "Wypłata od operatora płatności")

    return pay_out


def _mistaken(year: _Year) -> None:
    """Booked twice by mistake, and reversed the next day."""
    number = year.book(EntryKind.OFFLINE_GIFT, "40", accounts.CASH, accounts.DONATIONS)
    year.now += timedelta(days=1)
    reverse(year.keys_then, year.person, number, "Wpisane dwa razy")


def _partly_refunded(year: _Year) -> None:
    payment = year.online("100", Method.CARD)
    if year.gateway:
        year.now += timedelta(days=2)
        year.gateway.bank.refund(payment, Money.of("40", "PLN"), secrets.token_hex(8))
        year.hear()


def _disputed(year: _Year) -> None:
    """A card's bank took the money back: it waits for an answer."""
    payment = year.online("50", Method.CARD)
    if year.gateway:
        year.now += timedelta(hours=20)
        year.gateway.bank.dispute(payment)
        year.hear()


# How many days ago, and what: a first bar that is neither empty nor full, and something of everything in the ledger.
_EVENTS: tuple[tuple[int, _Event], ...] = (
    (212, _open_books),
    (205, _by_hand("200", Method.TRANSFER)),
    (196, _by_hand("50", Method.CASH)),
    (188, _online("100", Method.BLIK)),
    (171, _by_hand("100", Method.TRANSFER)),
    (170, _spent("86.40", accounts.TRAVEL, accounts.BANK, "Bilety Warszawa–Białystok i z powrotem")),
    (150, _online("50", Method.CARD)),
    (133, _by_hand("20", Method.CASH)),
    (120, _by_hand("400", Method.TRANSFER)),
    (118, _spent("134", accounts.TRAVEL, accounts.BANK, "Paliwo, wyjazd na rozprawę")),
    (101, _online("30", Method.P24)),
    (95, _paid_out("170")),
    (80, _by_hand("150", Method.TRANSFER)),
    (66, _online("200", Method.BLIK)),
    (52, _mistaken),
    (45, _spent("23.70", accounts.OFFICE, accounts.CASH, "Koperty i znaczki")),
    (38, _partly_refunded),
    (30, _by_hand("120", Method.TRANSFER)),
    (20, _online("20", Method.BLIK)),
    (14, _spent("212.80", accounts.TRAVEL, accounts.BANK, "Bilety i nocleg, wyjazd na rozprawę")),
    (12, _paid_out("250")),
    (9, _online("500", Method.BLIK)),
    (5, _by_hand("60", Method.CASH)),
    (3, _online("75", Method.P24)),
    (2, _disputed),
    (1, _by_hand("100", Method.TRANSFER)),
)
