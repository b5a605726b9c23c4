"""The tables of the machine itself: limits, what this site is, and the sandbox."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from campaigns.storage.columns import Id, Moment, Token, metadata

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
