"""Letters to send, limits against card testing, and what the sandbox remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_tray_and_limits"
down_revision = "20261122_create_books"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("pledge_id", ID, nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('receipt', 'alert')", name=op.f("ck_letters_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'undeliverable', 'dropped')",
            name=op.f("ck_letters_state_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_letters_attempts_not_negative")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_letters_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("key", name=op.f("uq_letters_key")),
    )
    op.create_index(
        "ix_letters_waiting",
        "letters",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "salts",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_salts")),
    )
    op.create_table(
        "tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tries")),
    )
    op.create_index(
        "ix_tries_address_hash_tried_at",
        "tries",
        ["address_hash", "tried_at"],
        unique=False,
    )
    op.create_index(op.f("ix_tries_tried_at"), "tries", ["tried_at"], unique=False)
    op.create_table(
        "sandbox_objects",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_objects")),
    )
    op.create_index(op.f("ix_sandbox_objects_due_at"), "sandbox_objects", ["due_at"], unique=False)
    op.create_index("ix_sandbox_objects_kind_id", "sandbox_objects", ["kind", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("sandbox_objects")
    op.drop_table("tries")
    op.drop_table("salts")
    op.drop_table("letters")
