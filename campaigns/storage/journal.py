"""The journal: entries as somebody selects them, found the same way for a page, its totals and an export."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    and_,
    any_,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CompoundSelect

from campaigns.domain.accounts import GATEWAYS
from campaigns.domain.periods import FIRST_DAY, LAST_DAY, Span
from campaigns.domain.selection import Selection
from campaigns.storage.models import campaigns, entries, payments, pledges, postings

# Who keeps payments: the providers, and the treasurer's own hand. With them the index of provider's ids can be used.
_KEEPERS = (*GATEWAYS, "offline")

# PostgreSQL uses its index of words only for the very expression that the index was made of.
_FOLDED = (
    "to_tsvector('simple', translate(lower(memo), "
    "'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ-+/.:,@_<>&=?#~', 'acelnoszzacelnoszz               '))"
)
_PLAIN_LETTERS = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzacelnoszz")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]{1,18}")
_WORDS = table("entry_words", column("rowid", Integer))


def conditions(connection: Connection, selection: Selection) -> list[ColumnElement[bool]]:
    """What rows of `entries` have to meet to be in the selection; none at all where it takes in everything."""
    wanted = in_span(selection.span) + amounts(selection)
    if selection.campaign is not None:
        number = connection.scalar(select(campaigns.c.id).where(campaigns.c.slug == selection.campaign))
        wanted.append(false() if number is None else entries.c.campaign_id == number)
    if selection.account is not None:
        wanted.append(exists().where(postings.c.entry_id == entries.c.id, postings.c.account == selection.account))
    if selection.kind is not None:
        wanted.append(entries.c.kind == selection.kind)
    if selection.gateway is not None:
        wanted.append(entries.c.gateway == selection.gateway)
    if selection.words:
        wanted.append(entries.c.id.in_(meant(connection, selection.words)))
    return wanted


def in_span(span: Span) -> list[ColumnElement[bool]]:
    """The condition on days, the last one included; none where no day is left out."""
    wanted: list[ColumnElement[bool]] = []
    if span.first > FIRST_DAY:
        wanted.append(entries.c.day >= span.first)
    if span.last < LAST_DAY:
        wanted.append(entries.c.day <= span.last)
    return wanted


def amounts(selection: Selection) -> list[ColumnElement[bool]]:
    """The conditions on what an entry moves."""
    wanted: list[ColumnElement[bool]] = []
    if selection.least is not None:
        wanted += [entries.c.amount_minor >= selection.least.minor, entries.c.currency == selection.least.currency]
    if selection.most is not None:
        wanted += [entries.c.amount_minor <= selection.most.minor, entries.c.currency == selection.most.currency]
    return wanted


def meant(connection: Connection, words: str, *among: ColumnElement[bool]) -> CompoundSelect[int]:
    """Numbers of the entries that somebody may mean: by number, by a provider's id, by words of the memo.

    Every word has to be in the memo, if only as the beginning of one there; accents and case do not matter. A number
    can come more than once. `among` says that none but entries that meet it are of interest.
    """
    ways = _named(words.strip())
    if parts := _parts(words):
        if connection.dialect.name == "sqlite":
            ways.append(_in_index(parts, among))
        else:
            ways.append(select(entries.c.id).where(in_memo(parts), *among))
    return union_all(*ways)


def means(connection: Connection, words: str, *among: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same as a condition, for entries that one goes through anyway."""
    parts = _parts(words)
    if connection.dialect.name == "sqlite" or not parts:
        return entries.c.id.in_(meant(connection, words, *among))
    return or_(in_memo(parts), entries.c.id.in_(union_all(*_named(words.strip()))))


def is_one_of(connection: Connection, numbers: Sequence[int]) -> ColumnElement[bool]:
    """The condition that an entry has one of these numbers.

    All of them are one value: a statement with thousands is built longer than it runs.
    """
    if connection.dialect.name == "sqlite":
        return entries.c.id.in_(select(column("value")).select_from(func.json_each(json.dumps(list(numbers)))))
    return entries.c.id == any_(literal(list(numbers), ARRAY(BigInteger)))


def _named(text: str) -> list[Select[int]]:
    """By an entry's number, by the provider's id of its payment, by the reference that was sent to the provider."""
    of_payment = select(entries.c.id).join_from(entries, payments, payments.c.id == entries.c.payment_id)
    ways = [
        of_payment.where(payments.c.gateway.in_(_KEEPERS), payments.c.object_id == text),
        of_payment.join(pledges, pledges.c.id == payments.c.pledge_id).where(pledges.c.reference == text),
    ]
    if _NUMBER.fullmatch(text.removeprefix("#")):
        ways.append(select(entries.c.id).where(entries.c.id == int(text.removeprefix("#"))))
    return ways


def _in_index(parts: list[str], among: Sequence[ColumnElement[bool]]) -> Select[int]:
    """SQLite looks for words apart from the entries: what can be said of these is between which numbers they are."""
    asked = literal(" ".join(f'"{part}"*' for part in parts))
    query = select(_WORDS.c.rowid).where(literal_column("entry_words").op("MATCH")(asked))
    if not among:
        return query
    low, high = (select(end(entries.c.id)).where(*among).scalar_subquery() for end in (func.min, func.max))
    return query.where(_WORDS.c.rowid.between(low, high))


def in_memo(parts: list[str]) -> ColumnElement[bool]:
    """PostgreSQL goes through its index of words for this, or looks at the memo of each entry, as it likes."""
    wished = func.to_tsquery(literal_column("'simple'"), " & ".join(f"{part}:*" for part in parts))
    return and_(entries.c.memo.is_not(None), literal_column(_FOLDED).op("@@")(wished))


def _parts(words: str) -> list[str]:
    return _WORD.findall(words.translate(_PLAIN_LETTERS).lower())
