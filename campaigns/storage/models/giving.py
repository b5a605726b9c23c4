"""The tables of giving: promises, who made them, and what providers told of the money."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, text

from campaigns.domain.payment import DisputeState, PaymentState, RefundState
from campaigns.domain.pledge import Method, PledgeState
from campaigns.storage.columns import Id, Minor, Moment, Token, known_currency, metadata, one_of

pledges = Table(
    "pledges",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", Token, nullable=False, unique=True),
    Column("thanks_token", Token, nullable=False, unique=True),
    Column("form_hash", Token, unique=True),
    Column("campaign_id", ForeignKey("campaigns.id"), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("method", String(16), nullable=False),
    Column("frequency", String(8), nullable=False),
    Column("language", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("gateway", String(16), nullable=False),
    Column("checkout_id", String(255)),
    Column("checkout_url", Text),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    one_of("method", Method),
    one_of("frequency", ("once", "monthly")),
    one_of("state", PledgeState),
    known_currency(),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
    UniqueConstraint("gateway", "checkout_id"),
    Index("ix_pledges_state_method_campaign_id_id", "state", "method", "campaign_id", "id"),
    Index("ix_pledges_started", "expires_at", sqlite_where=text("state = 'started'"),
          postgresql_where=text("state = 'started'")),
)  # fmt: skip

# All that names a person, sealed, erased by `flask donors purge`; nothing in the books refers to this table.
donors = Table(
    "donors",
    metadata,
    Column("pledge_id", ForeignKey("pledges.id"), primary_key=True),
    Column("email", Text, nullable=False),
    Column("purge_after", Moment, nullable=False, index=True),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("gateway", String(16), nullable=False),
    Column("object_id", String(255), nullable=False),
    Column("pledge_id", ForeignKey("pledges.id"), index=True),
    Column("campaign_id", ForeignKey("campaigns.id")),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("refunded_minor", Minor, nullable=False),
    Column("withdrawn_minor", Minor, nullable=False),
    Column("net_minor", Minor, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("fee_due_at", Moment),
    one_of("state", PaymentState),
    known_currency(),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
    CheckConstraint("refunded_minor >= 0 AND withdrawn_minor >= 0", name="returns_not_negative"),
    CheckConstraint("refunded_minor + withdrawn_minor <= amount_minor", name="returns_within_amount"),
    CheckConstraint("net_minor >= 0 AND net_minor <= amount_minor", name="net_within_amount"),
    UniqueConstraint("gateway", "object_id"),
    Index("ix_payments_gateway_fee_due_at", "gateway", "fee_due_at", sqlite_where=text("fee_due_at IS NOT NULL"),
          postgresql_where=text("fee_due_at IS NOT NULL")),
)  # fmt: skip

# Facts, kept by the provider's ids: they may be known before the payment that they belong to.
refunds = Table(
    "refunds",
    metadata,
    Column("gateway", String(16), primary_key=True),
    Column("refund_id", String(255), primary_key=True),
    Column("payment_object", String(255), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    one_of("state", RefundState),
    known_currency(),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
    Index("ix_refunds_gateway_payment_object", "gateway", "payment_object"),
)

disputes = Table(
    "disputes",
    metadata,
    Column("gateway", String(16), primary_key=True),
    Column("dispute_id", String(255), primary_key=True),
    Column("payment_object", String(255), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("reinstated", Boolean, nullable=False),
    Column("due_at", Moment),
    one_of("state", DisputeState),
    known_currency(),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
    Index("ix_disputes_gateway_payment_object", "gateway", "payment_object"),
)
