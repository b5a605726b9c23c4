"""Campaigns with their texts, booked totals and published snapshots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_campaigns"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goal_minor", sa.BigInteger(), nullable=True),
        sa.Column("min_minor", sa.BigInteger(), nullable=False),
        sa.Column("max_minor", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.String(length=8), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("krs", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "(kind = 'tax_appeal') = (krs IS NOT NULL)",
            name=op.f("ck_campaigns_krs_of_tax_appeals"),
        ),
        sa.CheckConstraint(
            "currency IN ('PLN', 'EUR', 'USD')",
            name=op.f("ck_campaigns_currency_known"),
        ),
        sa.CheckConstraint("figures IN ('live', 'guarded')", name=op.f("ck_campaigns_figures_known")),
        sa.CheckConstraint("kind IN ('fund', 'tax_appeal')", name=op.f("ck_campaigns_kind_known")),
        sa.CheckConstraint("goal_minor > 0", name=op.f("ck_campaigns_goal_positive")),
        sa.CheckConstraint("krs IS NULL OR length(krs) = 10", name=op.f("ck_campaigns_krs_length")),
        sa.CheckConstraint(
            "min_minor > 0 AND min_minor <= max_minor",
            name=op.f("ck_campaigns_limits_ordered"),
        ),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_campaigns_window_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaigns_slug")),
    )
    op.create_table(
        "campaign_texts",
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_texts_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "language", name=op.f("pk_campaign_texts")),
    )
    op.create_table(
        "campaign_totals",
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("raised_minor", sa.BigInteger(), nullable=False),
        sa.Column("pledged_minor", sa.BigInteger(), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("gifts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "currency IN ('PLN', 'EUR', 'USD')",
            name=op.f("ck_campaign_totals_currency_known"),
        ),
        sa.CheckConstraint(
            "pledged_minor >= 0 AND supporters >= 0 AND gifts >= supporters",
            name=op.f("ck_campaign_totals_counts_sane"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_totals_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaign_totals")),
    )
    op.create_table(
        "snapshots",
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("raised_minor", sa.BigInteger(), nullable=False),
        sa.Column("pledged_minor", sa.BigInteger(), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("gifts", sa.Integer(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("considered_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "currency IN ('PLN', 'EUR', 'USD')",
            name=op.f("ck_snapshots_currency_known"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_snapshots_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "site",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_site")),
    )


def downgrade() -> None:
    op.drop_table("site")
    op.drop_table("snapshots")
    op.drop_table("campaign_totals")
    op.drop_table("campaign_texts")
    op.drop_table("campaigns")
