"""Gifts for tests: campaigns, pledges with a donor, payments, refunds and disputes, through the real books."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import Connection

from campaigns.domain.bookkeeping import offline_gift_entry
from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.money import Money
from campaigns.domain.payment import Dispute, DisputeState, Refund, RefundState
from campaigns.domain.pledge import Method
from campaigns.services.posting import Told, post
from campaigns.storage import books, campaigns, donors, inbox, payments, pledges, tray
from campaigns.storage.books import Voucher
from campaigns.storage.campaigns import NewCampaign
from campaigns.storage.database import Database
from campaigns.storage.pledges import NewPledge
from campaigns.storage.tray import LetterKind
from campaigns.storage.vault import Vault

NOW = datetime(2026, 11, 22, 15, 30, 12, 345678, tzinfo=UTC)
GATEWAY = "sandbox"
RETENTION = timedelta(days=30)


def zloty(amount: str) -> Money:
    return Money.of(amount, "PLN")


def new_vault() -> Vault:
    """A vault with a key that nothing else has."""
    return Vault([Fernet.generate_key().decode()])


def a_campaign(connection: Connection, slug: str = "legal-travel-fund") -> int:
    texts = {"pl": ("Fundusz dojazdów", "Dla prawników", "Zażółć gęślą jaźń"), "en": ("Travel", "For lawyers", "…")}
    new = NewCampaign(slug, Kind.FUND, "PLN", zloty("5000"), zloty("5"), zloty("10000"), Figures.LIVE, texts)
    return campaigns.create(connection, new)


def a_pledge(connection: Connection, campaign_id: int, amount: Money, language: str = "pl") -> int:
    new = NewPledge(
        reference=secrets.token_hex(16),
        thanks_token=secrets.token_urlsafe(16),
        form_hash=secrets.token_hex(32),
        campaign_id=campaign_id,
        amount=amount,
        method=Method.BLIK,
        language=language,
        gateway=GATEWAY,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )
    return pledges.add(connection, new)


def a_gift(connection: Connection, pledge_id: int, payment: str, amount: Money) -> None:
    """The provider tells that the pledge was paid."""
    notice = inbox.remember(connection, GATEWAY, f"event-{payment}", "payment", payment, NOW)
    told, pledge = Told(paid=True, amount=amount), pledges.must_be(connection, pledge_id)
    assert post(connection, GATEWAY, payment, told, pledge, notice, NOW)


def a_refund(connection: Connection, payment: str, refund: str, amount: Money) -> None:
    payments.note_refund(connection, GATEWAY, payment, Refund(refund, amount, RefundState.SUCCEEDED))
    assert post(connection, GATEWAY, payment, Told(), None, None, NOW)


def a_dispute(connection: Connection, payment: str, amount: Money) -> None:
    dispute = Dispute(f"dispute-{payment}", amount, DisputeState.OPEN, withdrawn=True)
    payments.note_dispute(connection, GATEWAY, payment, dispute, NOW + timedelta(days=7))
    assert post(connection, GATEWAY, payment, Told(), None, None, NOW)


def a_receipt(database: Database, vault: Vault, email: str, language: str = "pl") -> int:
    """A pledge whose donor wished for a receipt, and the receipt in the tray; returns the pledge."""
    with database.transaction() as connection:
        found = campaigns.by_slug(connection, "legal-travel-fund")
        pledge_id = a_pledge(connection, found.id if found else a_campaign(connection), zloty("50"), language)
        donors.keep(connection, vault, pledge_id, email, NOW + RETENTION)
        tray.put(connection, LetterKind.RECEIPT, f"receipt:{pledge_id}", language, NOW, pledge_id)
    return pledge_id


def a_busy_year(database: Database, vault: Vault, gifts: int = 12) -> None:
    """Gifts to two campaigns, with donors, refunds in part and whole, a dispute, a reversal, and letters."""
    with database.transaction() as connection:
        homes = [a_campaign(connection), a_campaign(connection, "office-fund")]
        for number in range(gifts):
            amount, payment = zloty(str(20 + number)), f"payment-{number}"
            pledge_id = a_pledge(connection, homes[number % 2], amount, ("pl", "en")[number % 2])
            donors.keep(connection, vault, pledge_id, f"donor{number}@example.org", NOW + RETENTION)
            a_gift(connection, pledge_id, payment, amount)
        a_refund(connection, "payment-1", "refund-1", zloty("8"))
        a_refund(connection, "payment-1", "refund-2", zloty("8"))
        a_refund(connection, "payment-2", "refund-3", zloty("22"))
        a_dispute(connection, "payment-3", zloty("23"))
        _reversed_offline_gift(connection, homes[0])


def _reversed_offline_gift(connection: Connection, campaign_id: int) -> None:
    entry = offline_gift_entry("offline:1", zloty("70"), Method.CASH, campaign_id)
    entry_id = books.book(connection, entry, NOW)
    books.book(connection, entry.reversed(), NOW, Voucher(reverses_id=entry_id))
