"""XLSX: the lines as a spreadsheet for people, headed in the language that is spoken, and a sheet of totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO, NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it says nothing of types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # it says nothing of types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it says nothing of types

from campaigns.domain.money import Money
from campaigns.language import gettext
from campaigns.services.exporting.about import About, described, moment
from campaigns.services.exporting.totals import Totals
from campaigns.storage.export import Booked

# Excel ends at 1 048 576 rows.
ROWS_OF_A_SHEET = 1_000_000
_DAY, _AMOUNT, _HEAD = {"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00"}, {"bold": True}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


Cell = str | int | Decimal | date | None


def write(
    entries: Iterable[Booked], about: About, totals: Totals, out: IO[bytes], rows_of_a_sheet: int = ROWS_OF_A_SHEET
) -> None:
    """Write the entries, on as many sheets as they need, and a last sheet with their totals and what was selected.

    `totals` is read when all entries have gone by.
    """
    with Workbook(out, _OPTIONS) as book:
        forms = _Forms(*(book.add_format(form) for form in (_HEAD, _DAY, _AMOUNT)))
        rows, number = _rows(entries), 1
        sheet = _sheet_of_lines(book, number, forms)
        place = 0
        for row in rows:
            if place == rows_of_a_sheet:
                number, place = number + 1, 0
                sheet = _sheet_of_lines(book, number, forms)
            place += 1
            _put(sheet, place, row, forms)
        _sheet_of_totals(book, about, totals, forms)


class _Forms(NamedTuple):
    """How a heading, a day and an amount look."""

    head: Format
    day: Format
    amount: Format


def _columns() -> tuple[tuple[str, int], ...]:
    """Headings and widths."""
    return (
        (gettext("Day"), 11), (gettext("Late for"), 11), (gettext("Number"), 9), (gettext("Kind"), 14),
        (gettext("Account"), 24), (gettext("Debit"), 13), (gettext("Credit"), 13), (gettext("Amount"), 13),
        (gettext("Currency"), 9), (gettext("Campaign"), 22), (gettext("Provider"), 10), (gettext("Memo"), 40),
        (gettext("Effect"), 44), (gettext("Reverses"), 9), (gettext("Booked at (UTC)"), 21), (gettext("Payment"), 9),
    )  # fmt: skip


def _sheet_of_lines(book: Workbook, number: int, forms: _Forms) -> Worksheet:
    name = gettext("Entries")
    return _headed(book.add_worksheet(f"{name} {number}" if number > 1 else name), _columns(), forms)


def _headed(sheet: Worksheet, columns: Iterable[tuple[str, int]], forms: _Forms) -> Worksheet:
    sheet.freeze_panes(1, 0)
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, forms.head)
    return sheet


def _rows(entries: Iterable[Booked]) -> Iterator[tuple[Cell, ...]]:
    for number, day, late_for, kind, gateway, memo, effect, reverses, payment, booked_at, lines in entries:
        head = date.fromisoformat(day), late_for and date.fromisoformat(late_for), number, kind
        tail = gateway, memo, effect, reverses, booked_at, payment
        for _, account, campaign, minor, currency in lines:
            amount = Money(minor, currency).major
            sides = (amount, None) if minor > 0 else (None, -amount)
            yield *head, account, *sides, amount, currency, campaign, *tail


def _put(sheet: Worksheet, row: int, cells: Iterable[Cell], forms: _Forms) -> None:
    """Each value as what it is: a text stays a text, whatever it begins with."""
    for column, value in enumerate(cells):
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, value, forms.amount)
        elif isinstance(value, int):
            sheet.write_number(row, column, value)
        elif value is not None:
            sheet.write_datetime(row, column, value, forms.day)


def _sheet_of_totals(book: Workbook, about: About, totals: Totals, forms: _Forms) -> None:
    columns = (
        (gettext("Account"), 24), (gettext("Debit"), 16), (gettext("Credit"), 16), (gettext("Balance"), 16),
        (gettext("Currency"), 9),
    )  # fmt: skip
    sheet = _headed(book.add_worksheet(gettext("Totals")), columns, forms)
    row = 0
    for row, total in enumerate(totals.by_account(), 1):
        sides = (total.debit, total.credit, total.balance)
        _put(sheet, row, [total.account, *(side.major for side in sides), total.currency], forms)
    said: tuple[tuple[Cell, ...], ...] = (
        (gettext("Selection"), described(about.selection)), (gettext("Entries"), totals.entries),
        (gettext("Lines"), totals.lines), (gettext("Written at (UTC)"), moment(about.made_at)),
        (gettext("Organisation"), about.organisation),
    )  # fmt: skip
    for place, cells in enumerate(said, row + 2):
        _put(sheet, place, cells, forms)
