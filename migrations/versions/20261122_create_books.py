"""The inbox of notices and the books: append-only, every entry balanced and sealed by the database itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from campaigns.storage.migrate import BooksNotEmpty

revision = "20261122_create_books"
down_revision = "20261122_create_pledges"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

APPEND_ONLY = "the books are append-only: reverse the entry instead"

GUARDED = (
    ("entries", ("UPDATE", "DELETE")),
    ("postings", ("UPDATE", "DELETE")),
    ("entry_balances", ("DELETE",)),
    ("entry_seals", ("DELETE",)),
)

# SQLite has no deferred triggers, but it has deferred foreign keys: each entry's sum per currency must point at the
# one row of `zeroes`, and its count of postings at the number of lines it declares, when the transaction commits.
# The checks before INSERT stop REPLACE, which deletes without telling the triggers; without a hidden rowid it cannot
# go by that either. Sums and counts may hold nothing but the truth, whoever writes them. A column takes any type, and
# SQLite adds up words: amounts must be whole numbers.
SQLITE = (
    "CREATE TABLE zeroes (value INTEGER PRIMARY KEY CHECK (value = 0))",
    "INSERT INTO zeroes VALUES (0)",
    """CREATE TABLE entry_balances (
        entry_id INTEGER NOT NULL,
        currency TEXT NOT NULL,
        sum_minor INTEGER NOT NULL REFERENCES zeroes (value) DEFERRABLE INITIALLY DEFERRED,
        PRIMARY KEY (entry_id, currency)
    ) WITHOUT ROWID""",
    """CREATE TABLE entry_seals (
        entry_id INTEGER PRIMARY KEY,
        lines INTEGER NOT NULL,
        FOREIGN KEY (entry_id, lines) REFERENCES entries (id, lines) DEFERRABLE INITIALLY DEFERRED
    )""",
    """CREATE TRIGGER entries_opened AFTER INSERT ON entries BEGIN
        INSERT INTO entry_seals VALUES (NEW.id, 0);
    END""",
    """CREATE TRIGGER postings_counted AFTER INSERT ON postings BEGIN
        INSERT INTO entry_balances SELECT NEW.entry_id, NEW.currency, NEW.amount_minor WHERE NOT EXISTS (
            SELECT 1 FROM entry_balances WHERE entry_id = NEW.entry_id AND currency = NEW.currency);
        UPDATE entry_balances SET sum_minor = (
            SELECT sum(amount_minor) FROM postings WHERE entry_id = NEW.entry_id AND currency = NEW.currency
        ) WHERE entry_id = NEW.entry_id AND currency = NEW.currency;
        UPDATE entry_seals SET lines = lines + 1 WHERE entry_id = NEW.entry_id;
    END""",
    *(
        f"""CREATE TRIGGER entry_balances_true_on_{verb.lower()} BEFORE {verb} ON entry_balances
            WHEN NEW.sum_minor IS NOT (SELECT sum(amount_minor) FROM postings
                                       WHERE entry_id = NEW.entry_id AND currency = NEW.currency) BEGIN
            SELECT RAISE(ABORT, '{APPEND_ONLY}');
        END"""
        for verb in ("INSERT", "UPDATE")
    ),
    *(
        f"""CREATE TRIGGER entry_seals_true_on_{verb.lower()} BEFORE {verb} ON entry_seals
            WHEN NEW.lines IS NOT (SELECT count(*) FROM postings WHERE entry_id = NEW.entry_id) BEGIN
            SELECT RAISE(ABORT, '{APPEND_ONLY}');
        END"""
        for verb in ("INSERT", "UPDATE")
    ),
    *(
        f"""CREATE TRIGGER {table}_same_entry BEFORE UPDATE ON {table} WHEN {changed} BEGIN
            SELECT RAISE(ABORT, '{APPEND_ONLY}');
        END"""
        for table, changed in (
            ("entry_balances", "NEW.entry_id <> OLD.entry_id OR NEW.currency <> OLD.currency"),
            ("entry_seals", "NEW.entry_id <> OLD.entry_id"),
        )
    ),
    """CREATE TRIGGER postings_whole BEFORE INSERT ON postings
        WHEN typeof(NEW.amount_minor) <> 'integer' OR typeof(NEW.line) <> 'integer' BEGIN
        SELECT RAISE(ABORT, 'a posting counts whole minor units on whole lines');
    END""",
    f"""CREATE TRIGGER entries_not_replaced BEFORE INSERT ON entries
        WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id OR effect = NEW.effect
                     OR (reverses_id IS NOT NULL AND reverses_id = NEW.reverses_id)) BEGIN
        SELECT RAISE(ABORT, '{APPEND_ONLY}');
    END""",
    f"""CREATE TRIGGER postings_not_replaced BEFORE INSERT ON postings
        WHEN EXISTS (SELECT 1 FROM postings WHERE entry_id = NEW.entry_id AND line = NEW.line) BEGIN
        SELECT RAISE(ABORT, '{APPEND_ONLY}');
    END""",
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        for table, verbs in GUARDED
        for verb in verbs
    ),
)

# On PostgreSQL a deferred constraint trigger adds the entry up at commit. Once it is committed every line number up to
# `lines` is taken, so nothing can be added to it. It names the schema, and searches no other, or a temporary table
# `postings` would answer for the books.
POSTGRESQL = (
    f"""CREATE FUNCTION books_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE FUNCTION books_entry_balances() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        counted bigint;
        unbalanced bigint;
    BEGIN
        EXECUTE format(
            'SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE total <> 0) FROM (
                SELECT count(*) AS n, sum(amount_minor) AS total FROM %I.postings WHERE entry_id = $1 GROUP BY currency
            ) AS sums', TG_TABLE_SCHEMA) INTO counted, unbalanced USING NEW.id;
        IF counted <> NEW.lines OR unbalanced > 0 THEN
            RAISE EXCEPTION 'entry % does not balance', NEW.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER entries_balance AFTER INSERT ON entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION books_entry_balances()""",
    *(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION books_append_only()"""
        for table in ("entries", "postings")
    ),
)

GUARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('done', 'waiting', 'ignored', 'unfit')",
            name=op.f("ck_notices_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("gateway", "event_id", name=op.f("uq_notices_gateway_event_id")),
    )
    op.create_index(
        "ix_notices_for_a_human",
        "notices",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'unfit'"),
        postgresql_where=sa.text("state = 'unfit'"),
    )
    op.create_index(
        "ix_notices_unsettled",
        "notices",
        ["gateway", "object_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'unfit')"),
        postgresql_where=sa.text("state IN ('waiting', 'unfit')"),
    )
    op.create_table(
        "entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("effect", sa.String(length=300), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("payment_id", ID, nullable=True),
        sa.Column("notice_id", ID, nullable=True),
        sa.Column("reverses_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('gift', 'fee', 'refund', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated', 'unassigned', 'offline_gift', 'reversal')",
            name=op.f("ck_entries_kind_known"),
        ),
        sa.CheckConstraint("lines >= 2", name=op.f("ck_entries_two_lines")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_entries_notice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_entries_payment_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["entries.id"], name=op.f("fk_entries_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("effect", name=op.f("uq_entries_effect")),
        sa.UniqueConstraint("id", "lines", name=op.f("uq_entries_id_lines")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entries_reverses_id")),
    )
    op.create_index(op.f("ix_entries_booked_at"), "entries", ["booked_at"], unique=False)
    op.create_index(op.f("ix_entries_payment_id"), "entries", ["payment_id"], unique=False)
    op.create_table(
        "postings",
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint(
            "account IN ('assets:bank', 'assets:cash', 'assets:gateway:sandbox', 'assets:gateway:stripe', 'equity:conversion', 'equity:opening', 'expenses:fees', 'income:disputed', 'income:donations', 'income:refunds', 'income:tax-1.5-percent', 'liabilities:unassigned')",
            name=op.f("ck_postings_account_known"),
        ),
        sa.CheckConstraint(
            "campaign_id IS NOT NULL OR account NOT IN ('income:disputed', 'income:donations', 'income:refunds')",
            name=op.f("ck_postings_raised_has_campaign"),
        ),
        sa.CheckConstraint("currency IN ('PLN', 'EUR', 'USD')", name=op.f("ck_postings_currency_known")),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_postings_amount_not_zero")),
        sa.CheckConstraint("line BETWEEN 1 AND lines", name=op.f("ck_postings_line_within")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_postings_campaign_id")),
        sa.ForeignKeyConstraint(
            ["entry_id", "lines"],
            ["entries.id", "entries.lines"],
            name=op.f("fk_postings_entry_id_lines"),
        ),
        sa.PrimaryKeyConstraint("entry_id", "line", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_postings_account_entry_id",
        "postings",
        ["account", "entry_id"],
        unique=False,
    )
    op.create_index(
        "ix_postings_campaign_id_account",
        "postings",
        ["campaign_id", "account"],
        unique=False,
    )
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.String(length=100), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('card_country', 'dispute', 'unassigned', 'unfit_notice')",
            name=op.f("ck_alerts_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint(
            "kind",
            "gateway",
            "object_id",
            name=op.f("uq_alerts_kind_gateway_object_id"),
        ),
    )

    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":  # or what is booked between the question and the drop would be lost
        op.execute("LOCK TABLE entries IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().execute(sa.text("SELECT 1 FROM entries LIMIT 1")).first():
        raise BooksNotEmpty("the books hold entries: they are not dropped")
    op.drop_table("alerts")
    op.drop_table("postings")
    if dialect == "sqlite":
        for table in ("entry_balances", "entry_seals", "zeroes"):
            op.drop_table(table)
    op.drop_table("entries")
    op.drop_table("notices")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION books_append_only(), books_entry_balances()")
