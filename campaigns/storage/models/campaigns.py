"""The tables of campaigns: their settings and texts, the booked total, and what is published."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from campaigns.domain.campaign import Figures, Kind
from campaigns.storage.columns import Id, Minor, Moment, known_currency, metadata, one_of

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("goal_minor", Minor),
    Column("min_minor", Minor, nullable=False),
    Column("max_minor", Minor, nullable=False),
    Column("figures", String(8), nullable=False),
    Column("published", Boolean, nullable=False),
    Column("opens_at", Moment),
    Column("closes_at", Moment),
    Column("position", Integer, nullable=False),
    Column("krs", String(10)),
    one_of("kind", Kind),
    one_of("figures", Figures),
    known_currency(),
    CheckConstraint("goal_minor > 0", name="goal_positive"),
    CheckConstraint("min_minor > 0 AND min_minor <= max_minor", name="limits_ordered"),
    CheckConstraint(
        "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
        name="window_ordered",
    ),
    CheckConstraint("(kind = 'tax_appeal') = (krs IS NOT NULL)", name="krs_of_tax_appeals"),
    CheckConstraint("krs IS NULL OR length(krs) = 10", name="krs_length"),
)

campaign_texts = Table(
    "campaign_texts",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("summary", String(500), nullable=False),
    Column("story", Text, nullable=False),
)

# The booked total: changed in the entry's transaction, always equal to the sum of the campaign's postings.
# The one hot row of a campaign; its update is the last statement of its transaction.
campaign_totals = Table(
    "campaign_totals",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("raised_minor", Minor, nullable=False),
    Column("pledged_minor", Minor, nullable=False),
    Column("supporters", Integer, nullable=False),
    Column("gifts", Integer, nullable=False),
    known_currency(),
    CheckConstraint(
        "pledged_minor >= 0 AND supporters >= 0 AND gifts >= supporters",
        name="counts_sane",
    ),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("raised_minor", Minor, nullable=False),
    Column("pledged_minor", Minor, nullable=False),
    Column("supporters", Integer, nullable=False),
    Column("gifts", Integer, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("considered_at", Moment, nullable=False),
    known_currency(),
)
