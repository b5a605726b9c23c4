"""The tables. Names of donors live in one table only, `donors`, apart from the books."""

from __future__ import annotations

from campaigns.storage.models.books import chain, closings, entries, postings, totals, totals_through
from campaigns.storage.models.campaigns import campaign_texts, campaign_totals, campaigns, snapshots
from campaigns.storage.models.desk import IGNORED, UNSETTLED, alerts, letters, notices
from campaigns.storage.models.giving import disputes, donors, payments, pledges, refunds
from campaigns.storage.models.machinery import salts, sandbox_objects, site, tries
from campaigns.storage.models.staff import audit_log, passkeys, recovery_codes, sessions, spent, staff, staff_links

__all__ = [
    "IGNORED", "UNSETTLED", "alerts", "audit_log", "campaign_texts", "campaign_totals", "campaigns", "chain",
    "closings", "disputes", "donors", "entries", "letters", "notices", "passkeys", "payments", "pledges", "postings",
    "recovery_codes", "refunds", "salts", "sandbox_objects", "sessions", "site", "snapshots", "spent", "staff",
    "staff_links", "totals", "totals_through", "tries",
]  # fmt: skip
