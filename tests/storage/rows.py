"""One row for each table, so that migrations have data to carry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from campaigns.storage.columns import metadata
from campaigns.storage.database import Database
from tests.gifts import NOW

ROWS: dict[str, dict[str, Any]] = {
    "campaigns": {
        "id": 1, "slug": "legal-travel-fund", "kind": "fund", "currency": "PLN", "goal_minor": 500000,
        "min_minor": 500, "max_minor": 1000000, "figures": "live", "published": True, "opens_at": NOW, "position": 1,
    },
    "campaign_texts": {"campaign_id": 1, "language": "pl", "title": "Żółw", "summary": "Ą", "story": "Ł"},
    "campaign_totals": {
        "campaign_id": 1, "currency": "PLN", "raised_minor": 10000, "pledged_minor": 0, "supporters": 1, "gifts": 1,
    },
    "snapshots": {
        "campaign_id": 1, "currency": "PLN", "raised_minor": 10000, "pledged_minor": 0, "supporters": 1, "gifts": 1,
        "as_of": NOW, "considered_at": NOW,
    },
    "pledges": {
        "id": 1, "reference": "r", "thanks_token": "t", "form_hash": "f", "campaign_id": 1, "amount_minor": 10000,
        "currency": "PLN", "method": "blik", "frequency": "once", "language": "pl", "state": "fulfilled",
        "gateway": "sandbox", "checkout_id": "c", "created_at": NOW, "changed_at": NOW, "expires_at": NOW,
    },
    "donors": {"pledge_id": 1, "email": "sealed", "purge_after": NOW},
    "payments": {
        "id": 1, "gateway": "sandbox", "object_id": "p", "pledge_id": 1, "campaign_id": 1, "currency": "PLN",
        "amount_minor": 10000, "refunded_minor": 0, "withdrawn_minor": 0, "net_minor": 10000, "state": "paid",
        "created_at": NOW,
    },
    "refunds": {
        "gateway": "sandbox", "refund_id": "r", "payment_object": "p", "amount_minor": 1, "currency": "PLN",
        "state": "pending",
    },
    "disputes": {
        "gateway": "sandbox", "dispute_id": "d", "payment_object": "p", "amount_minor": 1, "currency": "PLN",
        "state": "open", "withdrawn": False, "reinstated": False,
    },
    "notices": {
        "id": 1, "gateway": "sandbox", "event_id": "e", "kind": "payment", "object_id": "p", "state": "done",
        "received_at": NOW,
    },
    "alerts": {"id": 1, "kind": "dispute", "gateway": "sandbox", "object_id": "d", "created_at": NOW},
    "letters": {
        "id": 1, "kind": "receipt", "key": "k", "pledge_id": 1, "language": "pl", "state": "waiting", "attempts": 0,
        "next_at": NOW, "created_at": NOW,
    },
    "salts": {"day": "2026-11-22", "salt": "s"},
    "tries": {"id": 1, "address_hash": "h", "tried_at": NOW},
    "site": {"key": "name", "value": "Ours"},
    "staff": {
        "id": 1, "email": "a@example.org", "name": "A", "role": "treasurer", "language": "pl", "created_at": NOW,
    },
    "passkeys": {
        "id": 1, "staff_id": 1, "credential_id": "c", "public_key": "k", "sign_count": 0, "name": "n",
        "created_at": NOW,
    },
    "recovery_codes": {"staff_id": 1, "code_hash": "h"},
    "staff_links": {"token_hash": "h", "staff_id": 1, "purpose": "reset", "expires_at": NOW},
    "sessions": {"id": 1, "token_hash": "h", "staff_id": 1, "created_at": NOW, "signed_at": NOW, "seen_at": NOW},
    "spent": {"token_hash": "h", "expires_at": NOW},
    "audit_log": {
        "id": 1, "at": NOW, "staff_id": 1, "action": "sign_in", "subject": "", "detail": "", "key_id": "k", "seal": "s",
    },
    "totals": {
        "period": "2026", "account": "assets:bank", "campaign_id": 0, "kind": "gift", "gateway": "", "currency": "PLN",
        "debit_minor": 1, "credit_minor": 0, "lines": 1, "entries": 1,
    },
    "totals_through": {"id": 1, "entry_id": 0},
    "sandbox_objects": {"id": "o", "kind": "checkout", "body": "{}", "due_at": NOW},
}  # fmt: skip
BOOKS = ("chain", "closings", "entries", "postings")


def fill(database: Database, *tables: str) -> None:
    """Puts its row into each of these tables; into every table but the books when none is named."""
    with database.transaction() as connection:
        for table in metadata.sorted_tables:
            if table.name in (tables or ROWS):
                connection.execute(insert(table), ROWS[table.name])
