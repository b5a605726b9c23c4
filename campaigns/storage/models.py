"""The tables. Names of persons live in one table only, `donors`, apart from the books."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from campaigns.domain.accounts import ALL as ACCOUNTS
from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.ledger import EntryKind
from campaigns.domain.payment import DisputeState, PaymentState, RefundState
from campaigns.domain.pledge import Method, PledgeState
from campaigns.storage.columns import (
    Id,
    Minor,
    Moment,
    Token,
    known_currency,
    metadata,
    one_of,
)

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

# The same words in the index and in the query, or SQLite does not see that the one serves the other.
UNSETTLED = text("state IN ('waiting', 'unfit')")

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("gateway", String(16), nullable=False),
    Column("event_id", String(255), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("object_id", String(255), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(200)),
    Column("received_at", Moment, nullable=False),
    one_of("state", ("done", "waiting", "ignored", "unfit")),
    UniqueConstraint("gateway", "event_id"),
    Index("ix_notices_for_a_human", "received_at", sqlite_where=text("state = 'unfit'"),
          postgresql_where=text("state = 'unfit'")),
    Index("ix_notices_unsettled", "gateway", "object_id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
)  # fmt: skip

# `lines` and the constraints on it seal an entry: nothing can be added to it once it is committed.
entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("effect", String(300), nullable=False, unique=True),
    Column("lines", Integer, nullable=False),
    Column("booked_at", Moment, nullable=False, index=True),
    Column("payment_id", ForeignKey("payments.id"), index=True),
    Column("notice_id", ForeignKey("notices.id")),
    Column("reverses_id", ForeignKey("entries.id"), unique=True),
    one_of("kind", EntryKind),
    CheckConstraint("lines >= 2", name="two_lines"),
    UniqueConstraint("id", "lines"),
)

postings = Table(
    "postings",
    metadata,
    Column("entry_id", Id, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("lines", Integer, nullable=False),
    Column("account", String(64), nullable=False),
    Column("campaign_id", ForeignKey("campaigns.id")),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    one_of("account", tuple(sorted(ACCOUNTS))),
    known_currency(),
    CheckConstraint("amount_minor <> 0", name="amount_not_zero"),
    CheckConstraint(
        "campaign_id IS NOT NULL OR account NOT IN ('income:disputed', 'income:donations', 'income:refunds')",
        name="raised_has_campaign",
    ),
    CheckConstraint("line BETWEEN 1 AND lines", name="line_within"),
    ForeignKeyConstraint(["entry_id", "lines"], ["entries.id", "entries.lines"]),
    Index("ix_postings_campaign_id_account", "campaign_id", "account"),
    Index("ix_postings_account_entry_id", "account", "entry_id"),
    sqlite_with_rowid=False,
)

# What a treasurer must see: a card of a dangerous country, a dispute, money without a campaign, an unfit notice.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("gateway", String(16), nullable=False),
    Column("object_id", String(255), nullable=False),
    Column("detail", String(100)),
    Column("created_at", Moment, nullable=False),
    Column("resolved_at", Moment),
    one_of("kind", ("card_country", "dispute", "unassigned", "unfit_notice")),
    UniqueConstraint("kind", "gateway", "object_id"),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("key", String(300), nullable=False, unique=True),
    Column("pledge_id", ForeignKey("pledges.id")),
    Column("language", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    one_of("kind", ("receipt", "alert")),
    one_of("state", ("waiting", "sent", "undeliverable", "dropped")),
    CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    Index("ix_letters_waiting", "next_at", sqlite_where=text("state = 'waiting'"),
          postgresql_where=text("state = 'waiting'")),
)  # fmt: skip

# Limits against card testing. The salt makes old hashes meaningless; neither table goes into a backup.
salts = Table(
    "salts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("salt", String(64), nullable=False),
)

tries = Table(
    "tries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address_hash", Token, nullable=False),
    Column("tried_at", Moment, nullable=False, index=True),
    Index("ix_tries_address_hash_tried_at", "address_hash", "tried_at"),
)

site = Table(
    "site",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

sandbox_objects = Table(
    "sandbox_objects",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("due_at", Moment, index=True),
    Index("ix_sandbox_objects_kind_id", "kind", "id"),
)
