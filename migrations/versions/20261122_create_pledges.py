"""What donors promised, who they are (sealed, apart), and what providers report of their money."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_pledges"
down_revision = "20261122_create_campaigns"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pledges",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("thanks_token", sa.String(length=64), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("checkout_id", sa.String(length=255), nullable=True),
        sa.Column("checkout_url", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint("currency IN ('PLN', 'EUR', 'USD')", name=op.f("ck_pledges_currency_known")),
        sa.CheckConstraint("frequency IN ('once', 'monthly')", name=op.f("ck_pledges_frequency_known")),
        sa.CheckConstraint(
            "method IN ('blik', 'p24', 'card', 'cash', 'transfer')",
            name=op.f("ck_pledges_method_known"),
        ),
        sa.CheckConstraint(
            "state IN ('started', 'open', 'active', 'fulfilled', 'expired', 'cancelled')",
            name=op.f("ck_pledges_state_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_pledges_amount_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_pledges_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_pledges_form_hash")),
        sa.UniqueConstraint("gateway", "checkout_id", name=op.f("uq_pledges_gateway_checkout_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_pledges_reference")),
        sa.UniqueConstraint("thanks_token", name=op.f("uq_pledges_thanks_token")),
    )
    op.create_index(
        "ix_pledges_started",
        "pledges",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'started'"),
        postgresql_where=sa.text("state = 'started'"),
    )
    op.create_table(
        "donors",
        sa.Column("pledge_id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("purge_after", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_donors_pledge_id")),
        sa.PrimaryKeyConstraint("pledge_id", name=op.f("pk_donors")),
    )
    op.create_index(op.f("ix_donors_purge_after"), "donors", ["purge_after"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", ID, nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.String(length=255), nullable=False),
        sa.Column("pledge_id", ID, nullable=True),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("fee_due_at", MOMENT, nullable=True),
        sa.CheckConstraint("currency IN ('PLN', 'EUR', 'USD')", name=op.f("ck_payments_currency_known")),
        sa.CheckConstraint(
            "state IN ('pending', 'paid', 'failed', 'partly_refunded', 'refunded', 'disputed', 'won', 'lost')",
            name=op.f("ck_payments_state_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payments_amount_positive")),
        sa.CheckConstraint(
            "net_minor >= 0 AND net_minor <= amount_minor",
            name=op.f("ck_payments_net_within_amount"),
        ),
        sa.CheckConstraint(
            "refunded_minor + withdrawn_minor <= amount_minor",
            name=op.f("ck_payments_returns_within_amount"),
        ),
        sa.CheckConstraint(
            "refunded_minor >= 0 AND withdrawn_minor >= 0",
            name=op.f("ck_payments_returns_not_negative"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_payments_campaign_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_payments_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("gateway", "object_id", name=op.f("uq_payments_gateway_object_id")),
    )
    op.create_index(
        "ix_payments_gateway_fee_due_at",
        "payments",
        ["gateway", "fee_due_at"],
        unique=False,
        sqlite_where=sa.text("fee_due_at IS NOT NULL"),
        postgresql_where=sa.text("fee_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_payments_pledge_id"), "payments", ["pledge_id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("refund_id", sa.String(length=255), nullable=False),
        sa.Column("payment_object", sa.String(length=255), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.CheckConstraint("currency IN ('PLN', 'EUR', 'USD')", name=op.f("ck_refunds_currency_known")),
        sa.CheckConstraint(
            "state IN ('pending', 'succeeded', 'failed')",
            name=op.f("ck_refunds_state_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.PrimaryKeyConstraint("gateway", "refund_id", name=op.f("pk_refunds")),
    )
    op.create_index(
        "ix_refunds_gateway_payment_object",
        "refunds",
        ["gateway", "payment_object"],
        unique=False,
    )
    op.create_table(
        "disputes",
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("dispute_id", sa.String(length=255), nullable=False),
        sa.Column("payment_object", sa.String(length=255), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reinstated", sa.Boolean(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.CheckConstraint("currency IN ('PLN', 'EUR', 'USD')", name=op.f("ck_disputes_currency_known")),
        sa.CheckConstraint("state IN ('open', 'won', 'lost')", name=op.f("ck_disputes_state_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_disputes_amount_positive")),
        sa.PrimaryKeyConstraint("gateway", "dispute_id", name=op.f("pk_disputes")),
    )
    op.create_index(
        "ix_disputes_gateway_payment_object",
        "disputes",
        ["gateway", "payment_object"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("disputes")
    op.drop_table("refunds")
    op.drop_table("payments")
    op.drop_table("donors")
    op.drop_table("pledges")
