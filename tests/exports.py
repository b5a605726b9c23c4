"""Exports for tests: a ledger with every kind of entry and awkward texts, and files read back by other programs."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from subprocess import CompletedProcess, run
from zipfile import ZipFile

import openpyxl  # type: ignore[import-untyped]  # its stubs are a package of their own
from sqlalchemy import func, select

from campaigns.domain import accounts
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.money import Money
from campaigns.domain.selection import Selection
from campaigns.services.exporting import SUFFIXES, Format, Order, export_books
from campaigns.services.exporting.totals import Totals
from campaigns.services.keys import Keys
from campaigns.storage import books, campaigns
from campaigns.storage.books import Voucher
from campaigns.storage.database import Connection, Database
from campaigns.storage.models import postings
from tests import hledger
from tests.gifts import NOW, a_campaign

SLUGS = ("spring", "office-fund")
FIRST = date(2025, 11, 3)

FORMULAS = (
    "=1+1", "+48 600", "-2*3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "'=1", '"=1', "\uff1d1", "\uff0b1", "\uff0d1",
    "\uff201", "bilet;=HYPERLINK(\"http://x\")", "bilet, -1", "bilet;\t@x",
)  # fmt: skip
AWKWARD = (
    *FORMULAS, "zwykły dowód", 'cytat „tak” i "nie"', "ukośnik \\ i \\n, i \\", "dwa\nwiersze", "powrót\r\nkaretki",
    "średnik; dalej", "kreska | dalej", "date:2020-13-45, [2020-01-01]", "tag: wartość", "koniec ;", "  odstępy  ",
    "* gwiazdka", "! ważne", "(12) nie numer", "= 5 zł", "\u2028nowa linia", "emoji 🙂", "\x01\x1b[31m", "{{ nic }}",
    "#tag ^link",
)  # fmt: skip

_SIDES: dict[EntryKind, tuple[str, str, str | None]] = {
    EntryKind.GIFT: (accounts.at_gateway("stripe"), accounts.DONATIONS, "stripe"),
    EntryKind.FEE: (accounts.FEES, accounts.at_gateway("stripe"), "stripe"),
    EntryKind.REFUND: (accounts.REFUNDS, accounts.at_gateway("stripe"), "stripe"),
    EntryKind.REFUND_FAILED: (accounts.at_gateway("stripe"), accounts.REFUNDS, "stripe"),
    EntryKind.DISPUTE_WITHDRAWN: (accounts.DISPUTED, accounts.at_gateway("sandbox"), "sandbox"),
    EntryKind.DISPUTE_REINSTATED: (accounts.at_gateway("sandbox"), accounts.DISPUTED, "sandbox"),
    EntryKind.UNASSIGNED: (accounts.at_gateway("sandbox"), accounts.UNASSIGNED, "sandbox"),
    EntryKind.OFFLINE_GIFT: (accounts.CASH, accounts.DONATIONS, None),
    EntryKind.ASSIGNMENT: (accounts.UNASSIGNED, accounts.DONATIONS, None),
    EntryKind.EXPENSE: (accounts.TRAVEL, accounts.BANK, None),
    EntryKind.TRANSFER: (accounts.BANK, accounts.CASH, None),
    EntryKind.OPENING: (accounts.BANK, accounts.OPENING, None),
}

# By account and currency, in minor units: debit and credit, neither negative.
Sums = dict[tuple[str, str], tuple[int, int]]


def an_awkward_ledger(database: Database, number: int = 200, slugs: tuple[str, str] = SLUGS) -> None:
    """So many entries of every kind, in two currencies and some in both, with every awkward memo; one in ten reversed.

    Days and numbers are in unlike orders, and some entries are late.
    """
    with database.transaction() as connection:
        funds = [a_campaign(connection, slug) for slug in slugs]
        texts = cycle([None, *AWKWARD])
        for place, (kind, memo) in enumerate(islice(zip(cycle(_SIDES), texts, strict=False), number)):
            day = FIRST + timedelta(days=place * 7 % 60)
            late = day - timedelta(days=40) if place % 9 == 0 else None
            entry, gateway = _entry(kind, place, funds[place % 2])
            number_ = books.book(connection, entry, NOW, Voucher(day, late, gateway, memo))
            if place % 10 == 0:
                books.book(connection, entry.reversed(), NOW, Voucher(day, memo=memo, reverses_id=number_))


def _entry(kind: EntryKind, place: int, fund: int) -> tuple[Entry, str | None]:
    debit, credit, gateway = _SIDES[kind]
    amounts = [Money(1 + place * 37 % 5000, "EUR" if place % 5 == 0 else "PLN")]
    if place % 11 == 0:
        amounts.append(Money(7, "USD"))
    lines = [
        Posting(account, sign, fund if account in accounts.RAISED else None)
        for amount in amounts
        for account, sign in ((debit, amount), (credit, -amount))
    ]
    return Entry(kind, f'test:{place}, date:2020-13-45; "{place}"', tuple(lines)), gateway


def funds_of(connection: Connection) -> list[int]:
    """The numbers of the two campaigns."""
    found = [campaigns.by_slug(connection, slug) for slug in SLUGS]
    return [fund.id for fund in found if fund]


def sums_of_postings(connection: Connection) -> Sums:
    """All postings, added up by the database."""
    minor = postings.c.amount_minor
    query = select(
        postings.c.account, postings.c.currency, func.sum(minor).filter(minor > 0), func.sum(-minor).filter(minor < 0)
    ).group_by(postings.c.account, postings.c.currency)
    return {(row[0], row[1]): (int(row[2] or 0), int(row[3] or 0)) for row in connection.execute(query)}


def sums_of(totals: Totals) -> Sums:
    """What an export says that it adds up to."""
    return {(each.account, each.currency): (each.debit.minor, each.credit.minor) for each in totals.by_account()}


def balances(sums: Mapping[tuple[str, str], tuple[int, int]]) -> dict[tuple[str, str], int]:
    """Debit minus credit, where that is not nothing."""
    return {place: debit - credit for place, (debit, credit) in sums.items() if debit != credit}


def by_currency(sums: Sums) -> dict[str, tuple[int, int]]:
    """All accounts together, by currency."""
    found: dict[str, tuple[int, int]] = {}
    for (_, currency), (debit, credit) in sums.items():
        before = found.get(currency, (0, 0))
        found[currency] = before[0] + debit, before[1] + credit
    return found


def exported(
    keys: Keys, form: Format, folder: Path, selection: Selection | None = None, separator: str = ";"
) -> tuple[Path, Totals]:
    """Exports a selection, or everything, into a file in this folder."""
    file = folder / f"ledger.{SUFFIXES[form]}"
    with file.open("wb") as out:
        return file, export_books(keys, None, Order(selection or Selection(), form, separator), out)


def read_csv(file: Path, separator: str = ";") -> tuple[list[dict[str, str]], Sums]:
    """The lines, and what they add up to when the cells are read as numbers."""
    mark = {";": ",", ",": "."}[separator]
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=separator))
    lines = [row for row in rows if row["number"]]
    return lines, _added((row["account"], row["currency"], _minor(row["amount"], mark)) for row in lines)


def csv_totals(file: Path) -> Sums:
    """What the end of a CSV file with semicolons says."""
    rows = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")
    return {
        (row["account"], row["currency"]): (_minor(row["debit"], ","), _minor(row["credit"], ","))
        for row in rows
        if row["kind"] == "total"
    }


def read_xlsx(file: Path) -> tuple[list[tuple[object, ...]], Sums]:
    """The lines of all sheets but the last, and what they add up to; a formula anywhere is an error."""
    with ZipFile(file) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "/sheet" in name)
    book = openpyxl.load_workbook(file, read_only=True)
    lines = [row for sheet in book.worksheets[:-1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    return lines, _added((str(row[4]), str(row[8]), _cents(row[7])) for row in lines)


def xlsx_totals(file: Path) -> Sums:
    """What the last sheet says."""
    sheet = openpyxl.load_workbook(file, read_only=True).worksheets[-1]
    rows = sheet.iter_rows(min_row=2, values_only=True)
    return {(str(row[0]), str(row[4])): (_cents(row[1]), _cents(row[2])) for row in rows if row[4]}


def hledger_balances(file: Path) -> dict[tuple[str, str], int]:
    """What hledger finds on every account."""
    told = hledger.run(file, "balance", "--flat", "--no-total", "--layout=bare", "--output-format=csv")
    assert told.returncode == 0, told.stderr
    rows = csv.DictReader(io.StringIO(told.stdout))
    return {(row["account"], row["commodity"]): _minor(row["balance"], ".") for row in rows}


def bean_check(file: Path) -> CompletedProcess[str]:
    """What bean-check says of a file."""
    program = Path(sys.executable).with_name("bean-check")
    return run([program, "--no-cache", file], capture_output=True, text=True, check=False)


def _added(lines: Iterable[tuple[str, str, int]]) -> Sums:
    debits: defaultdict[tuple[str, str], int] = defaultdict(int)
    credits_: defaultdict[tuple[str, str], int] = defaultdict(int)
    for account, currency, minor in lines:
        (debits if minor > 0 else credits_)[account, currency] += abs(minor)
    return {place: (debits[place], credits_[place]) for place in debits.keys() | credits_.keys()}


def _minor(text: str, mark: str) -> int:
    """A number as a spreadsheet of that decimal mark reads it; whatever is none is an error."""
    assert re.fullmatch(rf"-?\d+{re.escape(mark)}\d\d", text), text
    return Money.of(text.replace(mark, "."), "PLN").minor


def _cents(value: object) -> int:
    assert isinstance(value, int | float), value
    return Money.of(Decimal(str(value)), "PLN").minor
