"""The tables of staff: who they are, how they prove it, where they are signed in, and what they did."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from campaigns.domain.people import Role
from campaigns.storage.columns import Id, Moment, Token, metadata, one_of

# `password_hash` is empty until the invitation is taken. `totp_step`: no code of this time step or before it counts.
staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("role", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("password_hash", Text),
    Column("totp_sealed", Text),
    Column("totp_step", Integer),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    one_of("role", Role),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("credential_id", String(1400), nullable=False, unique=True),
    Column("public_key", Text, nullable=False),
    Column("sign_count", Id, nullable=False),
    Column("name", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("code_hash", Token, primary_key=True),
    Column("used_at", Moment),
)

# Invitations and new passwords: a link is kept as a hash, works once, and only for a time.
staff_links = Table(
    "staff_links",
    metadata,
    Column("token_hash", Token, primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    one_of("purpose", ("invitation", "reset")),
)

# `signed_at` is when the person last proved who they are: some deeds want it to be a moment ago.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", Token, nullable=False, unique=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False, index=True),
    Column("signed_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

# What may be used once and was: half a sign-in, a passkey's challenge.
spent = Table(
    "spent",
    metadata,
    Column("token_hash", Token, primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)

# Append-only and chained: `seal` is a keyed hash of this row and of the seal before it. Names no donor and no address.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("staff_id", ForeignKey("staff.id")),
    Column("action", String(40), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("detail", String(300), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("seal", Token, nullable=False),
    Index("ix_audit_log_staff_id_id", "staff_id", "id"),
    Index("ix_audit_log_action_id", "action", "id"),
    Index("ix_audit_log_subject_id", "subject", "id"),
)
