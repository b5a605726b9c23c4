"""The tables of the desk: what came in, what needs a human, and what is to be sent."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from campaigns.storage.columns import Id, Moment, metadata, one_of

# The same words in the index and in the query, or SQLite does not see that the one serves the other.
UNSETTLED = text("state IN ('waiting', 'unfit')")
IGNORED = text("state = 'ignored'")

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
    Index("ix_notices_gateway_object_id", "gateway", "object_id"),
    Index("ix_notices_ignored", "id", sqlite_where=IGNORED, postgresql_where=IGNORED),
    Index("ix_notices_for_a_human", "received_at", sqlite_where=text("state = 'unfit'"),
          postgresql_where=text("state = 'unfit'")),
    Index("ix_notices_unsettled", "gateway", "object_id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
)  # fmt: skip

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

# `secret` is what an invitation or a new password is asked for with, sealed; it goes when the letter has gone.
letters = Table(
    "letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("key", String(300), nullable=False, unique=True),
    Column("pledge_id", ForeignKey("pledges.id")),
    Column("staff_id", ForeignKey("staff.id")),
    Column("secret", Text),
    Column("language", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    one_of("kind", ("receipt", "alert", "invitation", "reset", "closing")),
    one_of("state", ("waiting", "sent", "undeliverable", "dropped")),
    CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    Index("ix_letters_waiting", "next_at", sqlite_where=text("state = 'waiting'"),
          postgresql_where=text("state = 'waiting'")),
)  # fmt: skip
