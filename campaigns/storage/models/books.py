"""The tables of the books: entries and their postings, added and never changed; closed months; stored totals."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from campaigns.domain.accounts import ALL as ACCOUNTS
from campaigns.domain.ledger import EntryKind
from campaigns.storage.columns import Id, Minor, Moment, Token, known_currency, metadata, one_of

# `lines` and the constraints on it seal an entry: nothing can be added to it once it is committed.
# `day` is the day in Poland under which it stands in the books; `late_for` the one it would have had, were that day's
# month not closed. `campaign_id`, `gateway`, `amount_minor` (all its debits) and `currency` sum the entry up.
entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("effect", String(300), nullable=False, unique=True),
    Column("lines", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("late_for", Date),
    Column("booked_at", Moment, nullable=False, index=True),
    Column("campaign_id", ForeignKey("campaigns.id")),
    Column("gateway", String(16)),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("memo", String(200)),
    Column("staff_id", ForeignKey("staff.id")),
    Column("payment_id", ForeignKey("payments.id"), index=True),
    Column("notice_id", ForeignKey("notices.id")),
    Column("reverses_id", ForeignKey("entries.id"), unique=True),
    one_of("kind", EntryKind),
    known_currency(),
    CheckConstraint("lines >= 2", name="two_lines"),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
    CheckConstraint("late_for < day", name="late_for_earlier"),
    UniqueConstraint("id", "lines"),
    Index("ix_entries_day_id", "day", "id"),
    Index("ix_entries_kind_day_id", "kind", "day", "id"),
    Index("ix_entries_campaign_id_day_id", "campaign_id", "day", "id"),
    Index("ix_entries_gateway_day_id", "gateway", "day", "id"),
    Index("ix_entries_amount_minor_day_id", "amount_minor", "day", "id"),
)

postings = Table(
    "postings",
    metadata,
    Column("entry_id", Id, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("lines", Integer, nullable=False),
    Column("day", Date, nullable=False),
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
    Index("ix_postings_account_day", "account", "day", "entry_id", "line"),
    Index("ix_postings_campaign_id_day", "campaign_id", "day", "entry_id", "line",
          sqlite_where=text("campaign_id IS NOT NULL"), postgresql_where=text("campaign_id IS NOT NULL")),
    sqlite_with_rowid=False,
)  # fmt: skip

# Added up by a job from the postings of all entries up to `totals_through`; the rest is added up when it is asked for.
# `period` is a year, a month or a day (2026, 2026-11, 2026-11-22); campaign 0 and gateway "" mean none.
totals = Table(
    "totals",
    metadata,
    Column("period", String(10), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("campaign_id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(32), primary_key=True),
    Column("gateway", String(16), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("debit_minor", Minor, nullable=False),
    Column("credit_minor", Minor, nullable=False),
    Column("lines", Id, nullable=False),
    Column("entries", Id, nullable=False),
    CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name="sides_not_negative"),
    sqlite_with_rowid=False,
)

totals_through = Table(
    "totals_through",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Id, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# Every entry of a closed month, in order, with a keyed hash of itself and of the one before it.
chain = Table(
    "chain",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, unique=True),
    Column("month", String(7), nullable=False),
    Column("seal", Token, nullable=False),
    CheckConstraint("number > 0", name="number_positive"),
)

# A closed month (2026-11): nothing is booked in it or before it any more. `head` is the chain's last seal then.
closings = Table(
    "closings",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("closed_at", Moment, nullable=False),
    Column("staff_id", ForeignKey("staff.id")),
    Column("entries", Integer, nullable=False),
    Column("last_number", ForeignKey("chain.number")),
    Column("head", Token, nullable=False),
    Column("version", Integer, nullable=False),
    Column("key_id", String(16), nullable=False),
    CheckConstraint("length(month) = 7 AND entries >= 0", name="month_sane"),
)
