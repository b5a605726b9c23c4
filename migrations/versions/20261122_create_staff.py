"""Staff and what they did; a day, a memo and a closing for the books; stored totals."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from campaigns.storage.migrate import BooksNotEmpty

revision = "20261122_create_staff"
down_revision = "20261122_create_tray_and_limits"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

OLD_KINDS = [
    "gift", "fee", "refund", "refund_failed", "dispute_withdrawn", "dispute_reinstated", "unassigned", "offline_gift",
    "reversal",
]  # fmt: skip
KINDS = [*OLD_KINDS[:-1], "assignment", "expense", "transfer", "opening", "reversal"]
OLD_ACCOUNTS = [
    "assets:bank", "assets:cash", "assets:gateway:sandbox", "assets:gateway:stripe", "equity:conversion",
    "equity:opening", "expenses:fees", "income:disputed", "income:donations", "income:refunds",
    "income:tax-1.5-percent", "liabilities:unassigned",
]  # fmt: skip
ACCOUNTS = sorted(
    [*OLD_ACCOUNTS, "expenses:office", "expenses:other", "expenses:services", "expenses:travel", "income:other"]
)
OLD_LETTERS = ["receipt", "alert"]
LETTERS = [*OLD_LETTERS, "invitation", "reset", "closing"]

APPEND_ONLY = "this record is append-only"
CLOSED = "this month of the books is closed"

# On top of the guards that the books have had from the first day. SQLite folds letters in the index of words; its own
# tokenizer does so for all that Unicode takes apart, which is every Polish letter but one. PostgreSQL would take `FV/12`
# for one word: signs are made spaces there.
SQLITE = (
    """CREATE TRIGGER postings_same_day BEFORE INSERT ON postings
        WHEN NEW.day IS NOT (SELECT day FROM entries WHERE id = NEW.entry_id) BEGIN
        SELECT RAISE(ABORT, 'a posting stands under the day of its entry');
    END""",
    f"""CREATE TRIGGER entries_in_open_month BEFORE INSERT ON entries
        WHEN EXISTS (SELECT 1 FROM closings WHERE month >= substr(NEW.day, 1, 7)) BEGIN
        SELECT RAISE(ABORT, '{CLOSED}');
    END""",
    *(
        f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN
            SELECT RAISE(ABORT, '{APPEND_ONLY}');
        END"""
        for table in ("chain", "closings", "audit_log")
        for verb in ("UPDATE", "DELETE")
    ),
    *(
        f"""CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN
            SELECT RAISE(ABORT, '{APPEND_ONLY}');
        END"""
        for table, same in (
            ("chain", "number = NEW.number OR entry_id = NEW.entry_id"),
            ("closings", "month = NEW.month"),
            ("audit_log", "id = NEW.id"),
        )
    ),
    """CREATE VIRTUAL TABLE entry_words USING fts5 (
        memo, content = '', tokenize = "unicode61 remove_diacritics 2"
    )""",
    """CREATE TRIGGER entries_worded AFTER INSERT ON entries WHEN NEW.memo IS NOT NULL BEGIN
        INSERT INTO entry_words (rowid, memo) VALUES (NEW.id, replace(replace(NEW.memo, 'ł', 'l'), 'Ł', 'l'));
    END""",
)

POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION books_entry_balances() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        counted bigint;
        wrong bigint;
    BEGIN
        EXECUTE format(
            'SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE total <> 0 OR elsewhere > 0) FROM (
                SELECT count(*) AS n, sum(amount_minor) AS total, count(*) FILTER (WHERE day <> $2) AS elsewhere
                FROM %I.postings WHERE entry_id = $1 GROUP BY currency
            ) AS sums', TG_TABLE_SCHEMA) INTO counted, wrong USING NEW.id, NEW.day;
        IF counted <> NEW.lines OR wrong > 0 THEN
            RAISE EXCEPTION 'entry % does not balance', NEW.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$""",
    f"""CREATE FUNCTION books_open_month() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        closed boolean;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.closings WHERE month >= $1)', TG_TABLE_SCHEMA)
            INTO closed USING to_char(NEW.day, 'YYYY-MM');
        IF closed THEN
            RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER entries_in_open_month BEFORE INSERT ON entries
        FOR EACH ROW EXECUTE FUNCTION books_open_month()""",
    f"""CREATE FUNCTION record_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION record_append_only()"""
        for table in ("chain", "closings", "audit_log")
    ),
    """CREATE INDEX ix_entries_words ON entries
        USING gin (to_tsvector('simple', translate(lower(memo),
            'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ-+/.:,@_<>&=?#~', 'acelnoszzacelnoszz               ')))
        WHERE memo IS NOT NULL""",
)

GUARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}

KEPT_ENTRIES = "id, kind, effect, lines, booked_at, payment_id, notice_id, reverses_id"
KEPT_POSTINGS = "entry_id, line, lines, account, campaign_id, amount_minor, currency"
KEPT_LETTERS = "id, kind, key, pledge_id, language, state, attempts, next_at, created_at, settled_at"

# What an entry says of itself from now on, told from its postings and its payment.
DATED_ENTRIES = f"""
    INSERT INTO entries ({KEPT_ENTRIES}, day, campaign_id, gateway, amount_minor, currency)
    SELECT {", ".join(f"kept.{column}" for column in KEPT_ENTRIES.split(", "))}, {{day}}, (
        SELECT CASE WHEN count(DISTINCT campaign_id) = 1 THEN min(campaign_id) END
        FROM kept_postings WHERE entry_id = kept.id
    ), (
        SELECT gateway FROM payments WHERE id = kept.payment_id AND gateway IN ('stripe', 'sandbox')
    ), (
        SELECT sum(amount_minor) FROM kept_postings WHERE entry_id = kept.id AND amount_minor > 0 AND currency = (
            SELECT currency FROM kept_postings WHERE entry_id = kept.id AND amount_minor > 0 ORDER BY line LIMIT 1)
    ), (
        SELECT currency FROM kept_postings WHERE entry_id = kept.id AND amount_minor > 0 ORDER BY line LIMIT 1
    )
    FROM kept_entries AS kept ORDER BY id
"""
DATED_POSTINGS = f"""
    INSERT INTO postings ({KEPT_POSTINGS}, day)
    SELECT {KEPT_POSTINGS}, (SELECT day FROM entries WHERE id = entry_id) FROM kept_postings ORDER BY entry_id, line
"""


def upgrade() -> None:
    _create_staff()
    _set_aside("entries", "postings", "letters")
    _drop_books()
    op.drop_table("letters")
    _create_books(new=True)
    _create_letters(new=True)
    _create_closings()
    for statement in (*_first_guards(), *GUARDS[_dialect()]):
        op.execute(statement)
    op.execute(DATED_ENTRIES.format(day=_day_in_poland()))
    op.execute(DATED_POSTINGS)
    op.execute(f"INSERT INTO letters ({KEPT_LETTERS}) SELECT {KEPT_LETTERS} FROM kept_letters ORDER BY id")
    _let_go("entries", "postings", "letters")
    op.create_index("ix_pledges_state_method_campaign_id_id", "pledges", ["state", "method", "campaign_id", "id"])
    op.create_index("ix_notices_gateway_object_id", "notices", ["gateway", "object_id"])
    ignored = sa.text("state = 'ignored'")
    op.create_index("ix_notices_ignored", "notices", ["id"], sqlite_where=ignored, postgresql_where=ignored)


def downgrade() -> None:
    if _dialect() == "postgresql":
        op.execute("LOCK TABLE entries IN ACCESS EXCLUSIVE MODE")
    _refuse_to_lose()
    op.drop_index("ix_notices_ignored", "notices")
    op.drop_index("ix_notices_gateway_object_id", "notices")
    op.drop_index("ix_pledges_state_method_campaign_id_id", "pledges")
    _set_aside("entries", "postings", "letters")
    for table in ("closings", "chain", "totals", "totals_through", "letters", "audit_log"):
        op.drop_table(table)
    if _dialect() == "sqlite":
        op.execute("DROP TABLE entry_words")
    _drop_books()
    if _dialect() == "postgresql":
        op.execute("DROP FUNCTION books_open_month(), record_append_only()")
    _create_books(new=False)
    _create_letters(new=False)
    for statement in _first_guards():
        op.execute(statement)
    for table, columns in (("entries", KEPT_ENTRIES), ("postings", KEPT_POSTINGS), ("letters", KEPT_LETTERS)):
        known = f" WHERE kind IN ({_words(OLD_LETTERS)})" if table == "letters" else ""
        op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table}{known} ORDER BY 1, 2")
    _let_go("entries", "postings", "letters")
    for table in ("spent", "sessions", "staff_links", "recovery_codes", "passkeys", "staff"):
        op.drop_table(table)


def _refuse_to_lose() -> None:
    """What the older books cannot hold is not thrown away."""
    questions = (
        "SELECT 1 FROM closings",
        f"SELECT 1 FROM entries WHERE memo IS NOT NULL OR late_for IS NOT NULL OR kind NOT IN ({_words(OLD_KINDS)})",
        f"SELECT 1 FROM postings WHERE account NOT IN ({_words(OLD_ACCOUNTS)})",
    )
    if any(op.get_bind().execute(sa.text(f"{question} LIMIT 1")).first() for question in questions):
        raise BooksNotEmpty("the books hold closed months or entries by hand: they are not dropped")


def _dialect() -> str:
    return op.get_bind().dialect.name


def _first_guards() -> tuple[str, ...]:
    """The guards of the books as their own migration makes them."""
    books: ModuleType = op.get_context().script.get_revision("20261122_create_books").module  # type: ignore[union-attr]  # always there while migrations run
    guards: tuple[str, ...] = books.GUARDS[_dialect()]
    return guards


def _day_in_poland() -> str:
    """An expression for the day of `booked_at` on a Polish wall."""
    if _dialect() == "postgresql":
        return "(kept.booked_at AT TIME ZONE 'Europe/Warsaw')::date"
    warsaw, utc = ZoneInfo("Europe/Warsaw"), ZoneInfo("UTC")

    def day(written: str) -> str:
        return datetime.fromisoformat(written).replace(tzinfo=utc).astimezone(warsaw).date().isoformat()

    op.get_bind().connection.dbapi_connection.create_function("day_in_poland", 1, day)  # type: ignore[union-attr]  # it is open
    return "day_in_poland(kept.booked_at)"


def _set_aside(*tables: str) -> None:
    for table in tables:
        op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")


def _let_go(*tables: str) -> None:
    for table in tables:
        op.execute(f"DROP TABLE kept_{table}")
        if _dialect() == "postgresql" and table != "postings":
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) "
                f"FROM {table}"
            )


def _drop_books() -> None:
    op.drop_table("postings")
    if _dialect() == "sqlite":
        for table in ("entry_balances", "entry_seals", "zeroes"):
            op.drop_table(table)
    op.drop_table("entries")
    if _dialect() == "postgresql":
        op.execute("DROP FUNCTION books_append_only(), books_entry_balances()")


def _words(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _one_of(table: str, column: str, words: list[str]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({_words(words)})", name=op.f(f"ck_{table}_{column}_known"))


def _currency(table: str) -> sa.CheckConstraint:
    return _one_of(table, "currency", ["PLN", "EUR", "USD"])


def _create_books(*, new: bool) -> None:
    _create_entries(new=new)
    _create_postings(new=new)


def _create_entries(*, new: bool) -> None:
    columns = [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("late_for", sa.Date(), nullable=True),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("gateway", sa.String(length=16), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("memo", sa.String(length=200), nullable=True),
        sa.Column("staff_id", ID, nullable=True),
        _currency("entries"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_entries_amount_positive")),
        sa.CheckConstraint("late_for < day", name=op.f("ck_entries_late_for_earlier")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_entries_campaign_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_entries_staff_id")),
    ]
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
        *(columns if new else []),
        _one_of("entries", "kind", KINDS if new else OLD_KINDS),
        sa.CheckConstraint("lines >= 2", name=op.f("ck_entries_two_lines")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_entries_notice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_entries_payment_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["entries.id"], name=op.f("fk_entries_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("effect", name=op.f("uq_entries_effect")),
        sa.UniqueConstraint("id", "lines", name=op.f("uq_entries_id_lines")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entries_reverses_id")),
    )
    op.create_index("ix_entries_booked_at", "entries", ["booked_at"])
    op.create_index("ix_entries_payment_id", "entries", ["payment_id"])
    if new:
        op.create_index("ix_entries_day_id", "entries", ["day", "id"])
        for column in ("kind", "gateway", "amount_minor"):
            op.create_index(f"ix_entries_{column}_day_id", "entries", [column, "day", "id"])
        op.create_index("ix_entries_campaign_id_day_id", "entries", ["campaign_id", "day", "id"])


def _create_postings(*, new: bool) -> None:
    op.create_table(
        "postings",
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        *([sa.Column("day", sa.Date(), nullable=False)] if new else []),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        _one_of("postings", "account", ACCOUNTS if new else OLD_ACCOUNTS),
        sa.CheckConstraint(
            "campaign_id IS NOT NULL OR account NOT IN ('income:disputed', 'income:donations', 'income:refunds')",
            name=op.f("ck_postings_raised_has_campaign"),
        ),
        _currency("postings"),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_postings_amount_not_zero")),
        sa.CheckConstraint("line BETWEEN 1 AND lines", name=op.f("ck_postings_line_within")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_postings_campaign_id")),
        sa.ForeignKeyConstraint(
            ["entry_id", "lines"], ["entries.id", "entries.lines"], name=op.f("fk_postings_entry_id_lines")
        ),
        sa.PrimaryKeyConstraint("entry_id", "line", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    if not new:
        op.create_index("ix_postings_account_entry_id", "postings", ["account", "entry_id"])
        op.create_index("ix_postings_campaign_id_account", "postings", ["campaign_id", "account"])
        return
    op.create_index("ix_postings_account_day", "postings", ["account", "day", "entry_id", "line"])
    op.create_index(
        "ix_postings_campaign_id_day",
        "postings",
        ["campaign_id", "day", "entry_id", "line"],
        sqlite_where=sa.text("campaign_id IS NOT NULL"),
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )


def _create_letters(*, new: bool) -> None:
    columns = [
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_letters_staff_id")),
    ]
    op.create_table(
        "letters",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("pledge_id", ID, nullable=True),
        *(columns if new else []),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        _one_of("letters", "kind", LETTERS if new else OLD_LETTERS),
        _one_of("letters", "state", ["waiting", "sent", "undeliverable", "dropped"]),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_letters_attempts_not_negative")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_letters_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("key", name=op.f("uq_letters_key")),
    )
    op.create_index(
        "ix_letters_waiting",
        "letters",
        ["next_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _create_closings() -> None:
    op.create_table(
        "totals",
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("debit_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines", ID, nullable=False),
        sa.Column("entries", ID, nullable=False),
        sa.CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name=op.f("ck_totals_sides_not_negative")),
        sa.PrimaryKeyConstraint(
            "period", "account", "campaign_id", "kind", "gateway", "currency", name=op.f("pk_totals")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "totals_through",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_totals_through_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totals_through")),
    )
    op.create_table(
        "chain",
        sa.Column("number", ID, autoincrement=False, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_chain_number_positive")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_chain_entry_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_chain")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_chain_entry_id")),
    )
    op.create_table(
        "closings",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("last_number", ID, nullable=True),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("length(month) = 7 AND entries >= 0", name=op.f("ck_closings_month_sane")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_closings_staff_id")),
        sa.ForeignKeyConstraint(["last_number"], ["chain.number"], name=op.f("fk_closings_last_number")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closings")),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_sealed", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        _one_of("staff", "role", ["admin", "treasurer", "auditor", "editor"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", ID, nullable=False),
        _of_staff(),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _is_of_staff("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index("ix_passkeys_staff_id", "passkeys", ["staff_id"])
    op.create_table(
        "recovery_codes",
        _of_staff(),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _is_of_staff("recovery_codes"),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "staff_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _of_staff(),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _one_of("staff_links", "purpose", ["invitation", "reset"]),
        _is_of_staff("staff_links"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_links")),
    )
    op.create_index("ix_staff_links_staff_id", "staff_links", ["staff_id"])
    op.create_table(
        "sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _of_staff(),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        _is_of_staff("sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_index("ix_sessions_created_at", "sessions", ["created_at"])
    op.create_table(
        "spent",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_spent")),
    )
    op.create_index("ix_spent_expires_at", "spent", ["expires_at"])
    op.create_table(
        "audit_log",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        _is_of_staff("audit_log"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_staff_id_id", "audit_log", ["staff_id", "id"])
    op.create_index("ix_audit_log_action_id", "audit_log", ["action", "id"])
    op.create_index("ix_audit_log_subject_id", "audit_log", ["subject", "id"])


def _of_staff() -> sa.Column[int]:
    return sa.Column("staff_id", ID, nullable=False)


def _is_of_staff(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id"))
