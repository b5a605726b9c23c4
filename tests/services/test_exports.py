"""Exports: every format holds every entry once, adds up to what the books and the page say, and is read by others."""

from __future__ import annotations

import csv
import io
import os
import random
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile

import openpyxl  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from beancount import loader
from beancount.core import data

from campaigns.domain import accounts
from campaigns.domain.ledger import EntryKind
from campaigns.domain.periods import Span
from campaigns.domain.selection import Selection
from campaigns.services.audit_trail import Action
from campaigns.services.exporting import Format, Order, UnknownCampaign, export_books, preview, xlsx
from campaigns.services.exporting.about import About, described, one_line
from campaigns.services.exporting.beancount import account_name
from campaigns.services.exporting.csv_file import COLUMNS, harmless
from campaigns.services.exporting.totals import Totals
from campaigns.services.reading_journal import read_journal
from campaigns.services.rolling_up import roll_up
from campaigns.storage import audit_log
from campaigns.storage.export import selected
from campaigns.storage.paging import Way
from tests import hledger
from tests.exports import (
    AWKWARD,
    FIRST,
    FORMULAS,
    Sums,
    an_awkward_ledger,
    balances,
    bean_check,
    by_currency,
    csv_totals,
    exported,
    funds_of,
    hledger_balances,
    read_csv,
    read_xlsx,
    sums_of,
    sums_of_postings,
    xlsx_totals,
)
from tests.ledgers import more_entries
from tests.world import World

ENTRIES = 100_000 if os.environ.get("LONG") else 200

SELECTIONS = [
    Selection(),
    Selection(Span(date(2025, 11, 20), date(2025, 12, 10))),
    Selection(campaign="spring"),
    Selection(account=accounts.BANK),
    Selection(kind=EntryKind.REFUND),
    Selection(gateway="stripe"),
    Selection(Span(date(2025, 11, 20)), campaign="office-fund", account=accounts.DONATIONS, gateway="stripe"),
    Selection(words="zwykły"),
    Selection(Span(date(2031, 1, 1))),
]


@pytest.fixture
def books(world: World) -> World:
    """A site with an awkward ledger."""
    an_awkward_ledger(world.database)
    return world


@pytest.fixture
def large(world: World) -> World:
    """The same with many entries where tests run at full size."""
    an_awkward_ledger(world.database, ENTRIES)
    return world


def posted(world: World) -> Sums:
    with world.database.reading() as connection:
        return sums_of_postings(connection)


def on_the_page(world: World, selection: Selection) -> Sums:
    found = preview(world.keys, selection)
    assert found is not None
    return {(each.account, each.debit.currency): (each.debit.minor, each.credit.minor) for each in found}


def in_the_ledger(world: World, selection: Selection) -> dict[str, tuple[int, int]]:
    """What the ledger's page says below its entries: debit and credit by currency."""
    totals = read_journal(world.database, selection, Way(), "pl", all_totals=True, patience=60).totals
    assert totals is not None
    return {each.debit.currency: (each.debit.minor, each.credit.minor) for each in totals.sums}


def noted(world: World) -> list[audit_log.Record]:
    with world.database.reading() as connection:
        return audit_log.of_action(connection, Action.EXPORTED)


def test_every_format_adds_up_to_the_postings_and_to_the_page_to_the_grosz(large: World, tmp_path: Path) -> None:
    made = {form: exported(large.keys, form, tmp_path) for form in Format}
    roll_up(large.database)
    wanted = posted(large)
    assert [sums_of(totals) for _, totals in made.values()] == [wanted] * len(Format)
    assert on_the_page(large, Selection()) == wanted
    assert read_csv(made[Format.CSV][0])[1] == csv_totals(made[Format.CSV][0]) == wanted
    assert read_xlsx(made[Format.XLSX][0])[1] == xlsx_totals(made[Format.XLSX][0]) == wanted
    assert hledger_balances(made[Format.HLEDGER][0]) == balances(wanted)


def test_hledger_finds_nothing_to_complain_of(large: World, tmp_path: Path) -> None:
    file, _ = exported(large.keys, Format.HLEDGER, tmp_path)
    for check in (["check", "--strict"], ["check", "ordereddates"]):
        told = hledger.run(file, *check)
        assert (told.returncode, told.stderr) == (0, "")


def test_beancount_finds_nothing_to_complain_of(large: World, tmp_path: Path) -> None:
    file, _ = exported(large.keys, Format.BEANCOUNT, tmp_path)
    told = bean_check(file)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@pytest.mark.parametrize("selection", SELECTIONS, ids=described)
def test_a_part_of_the_books_is_a_valid_file_with_the_totals_of_the_page(
    books: World, tmp_path: Path, selection: Selection
) -> None:
    made = {form: exported(books.keys, form, tmp_path, selection) for form in Format}
    whole = read_csv(made[Format.CSV][0])[1]
    assert [sums_of(totals) for _, totals in made.values()] == [whole] * len(Format)
    assert hledger.run(made[Format.HLEDGER][0], "check", "--strict").returncode == 0
    assert bean_check(made[Format.BEANCOUNT][0]).returncode == 0
    shown = {place: sides for place, sides in whole.items() if selection.account in (None, place[0])}
    assert in_the_ledger(books, selection) == by_currency(shown)
    if selection.is_indexed:
        assert on_the_page(books, selection) == shown


def test_both_separators_say_the_same_numbers(books: World, tmp_path: Path) -> None:
    semicolons = read_csv(exported(books.keys, Format.CSV, tmp_path)[0])
    commas = read_csv(exported(books.keys, Format.CSV, tmp_path, separator=",")[0], ",")
    assert semicolons[1] == commas[1]
    assert [row["memo"] for row in semicolons[0]] == [row["memo"] for row in commas[0]]


def test_csv_begins_with_the_mark_by_which_excel_knows_polish_letters(books: World, tmp_path: Path) -> None:
    content = exported(books.keys, Format.CSV, tmp_path)[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + ";".join(COLUMNS).encode() + b"\r\n")
    assert "zwykły dowód" in content.decode()


def test_every_line_of_csv_has_all_columns_and_stands_alone(books: World, tmp_path: Path) -> None:
    text = exported(books.keys, Format.CSV, tmp_path)[0].read_bytes().decode("utf-8-sig")
    rows = text.split("\r\n")
    assert "\n" not in "".join(rows)
    with_columns = [row for row in rows if row]
    assert len(with_columns) == len(rows) - 2  # the one before the totals, and the end
    assert re.search(r"selection;{8}\"all; \d+ entries, \d+ lines; 2026-11-22T15:30:12Z\"", with_columns[-1])


@pytest.mark.parametrize("memo", FORMULAS)
def test_no_text_is_a_formula_whichever_separator_it_is_opened_with(memo: str) -> None:
    for cell in re.split("[;,]", harmless(memo)):
        assert not re.match(r"[\s'\"]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]", cell.replace("'", "_")), cell


def test_an_amount_stays_a_number_though_it_begins_with_a_minus(books: World, tmp_path: Path) -> None:
    lines, _ = read_csv(exported(books.keys, Format.CSV, tmp_path)[0])
    assert any(line["amount"].startswith("-") for line in lines)
    for line in lines:
        assert line["amount"] == (line["debit"] or f"-{line['credit']}")


def test_spreadsheets_get_numbers_as_numbers_days_as_days_and_texts_as_they_are(books: World, tmp_path: Path) -> None:
    lines, _ = read_xlsx(exported(books.keys, Format.XLSX, tmp_path)[0])
    assert {type(line[0]) for line in lines} == {datetime}
    assert {line[11] for line in lines} >= {"=1+1", "+48 600", "-2*3", "@SUM(A1)", "ukośnik \\ i \\n, i \\"}


def test_more_lines_than_a_sheet_takes_go_on_to_the_next(books: World, tmp_path: Path) -> None:
    about, totals, file = About("Fundacja", Selection(), books.clock()), Totals(), tmp_path / "ledger.xlsx"
    with books.database.snapshot() as connection, file.open("wb") as out:
        xlsx.write(totals.counting(selected(connection, Selection())), about, totals, out, rows_of_a_sheet=100)
    sheets = openpyxl.load_workbook(file).worksheets
    assert [sheet.max_row for sheet in sheets[:-2]] == [101] * (totals.lines // 100)
    assert all(sheet.freeze_panes == "A2" for sheet in sheets)
    assert read_xlsx(file)[1] == xlsx_totals(file) == posted(books)


def test_entries_come_by_day_and_number_with_all_that_is_known_of_them(books: World, tmp_path: Path) -> None:
    lines, _ = read_csv(exported(books.keys, Format.CSV, tmp_path)[0])
    places = [(line["day"], int(line["number"])) for line in lines]
    assert places == sorted(places)
    assert {line["kind"] for line in lines} == set(EntryKind)
    assert {line["booked_at"] for line in lines} == {"2026-11-22T15:30:12Z"}
    assert any(line["late_for"] for line in lines)


def test_beancount_finds_every_memo_as_it_was_written(books: World, tmp_path: Path) -> None:
    entries, errors, _ = loader.load_file(str(exported(books.keys, Format.BEANCOUNT, tmp_path)[0]))
    found = {entry.narration for entry in entries if isinstance(entry, data.Transaction)}
    assert errors == []
    assert found == {"", *(one_line(memo) for memo in AWKWARD)}


def test_beancount_links_what_was_reversed_with_its_reversal(books: World, tmp_path: Path) -> None:
    entries, _, _ = loader.load_file(str(exported(books.keys, Format.BEANCOUNT, tmp_path)[0]))
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    back = [entry for entry in transactions if "reversal" in entry.tags]
    firsts = {link: entry for entry in transactions for link in entry.links if "reversal" not in entry.tags}
    assert len(back) == 20
    assert all(len(entry.links) == 2 and entry.links & firsts.keys() for entry in back)


def test_hledger_finds_every_memo_and_nothing_in_it_counts_as_more_than_text(books: World, tmp_path: Path) -> None:
    file, totals = exported(books.keys, Format.HLEDGER, tmp_path)
    told = hledger.run(file, "print", "--output-format=csv").stdout
    rows = list(csv.DictReader(io.StringIO(told)))
    assert len({row["txnidx"] for row in rows}) == totals.entries + 1
    assert {row["date"] for row in rows} <= {str(FIRST + timedelta(days=day)) for day in range(60)}
    back = str.maketrans("；｜", ";|")
    memos = {row["description"].partition(" | ")[2].translate(back).strip() for row in rows}
    assert memos == {"", *(one_line(memo).strip() for memo in AWKWARD)}


def test_every_account_has_a_name_of_its_own_in_beancount() -> None:
    names = {account_name(account) for account in accounts.ALL}
    assert len(names) == len(accounts.ALL)
    assert account_name(accounts.TAX) == "Income:Tax-1-5-Percent"
    assert account_name(accounts.at_gateway("stripe")) == "Assets:Gateway:Stripe"


def _a_grosz_more(*parts: str) -> str:
    """The same lines with another amount; between the amounts stands what stands there."""
    return "".join(str(Decimal(part) + Decimal("0.01")) if part[:1].isdigit() else part for part in parts)


@pytest.mark.parametrize("form", [Format.HLEDGER, Format.BEANCOUNT])
def test_a_file_with_one_grosz_changed_says_so_itself(books: World, tmp_path: Path, form: Format) -> None:
    file, _ = exported(books.keys, form, tmp_path, Selection(account=accounts.CASH))
    pair = re.compile(r"([bB]ank +)([\d.]+)( PLN\n.+[cC]ash +-)([\d.]+)( PLN)")
    text, changed = pair.subn(lambda found: _a_grosz_more(*found.groups()), file.read_text(), count=1)
    assert changed == 1
    file.write_text(text)
    faulty = hledger.run(file, "check") if form is Format.HLEDGER else bean_check(file)
    assert faulty.returncode != 0


def test_an_export_is_noted_and_its_words_are_not(books: World, tmp_path: Path) -> None:
    exported(books.keys, Format.CSV, tmp_path, Selection(campaign="spring", words="Jan Kowalski"))
    (record,) = noted(books)
    assert (record.subject, record.detail) == ("books", "csv, 0 entries: campaign spring, words (not told)")


def test_a_campaign_that_is_not_there_is_refused_and_nothing_is_noted(books: World, tmp_path: Path) -> None:
    with pytest.raises(UnknownCampaign):
        exported(books.keys, Format.CSV, tmp_path, Selection(campaign="found"))
    with pytest.raises(UnknownCampaign):
        preview(books.keys, Selection(campaign="found"))
    assert noted(books) == []


def test_an_export_sees_one_state_and_keeps_nobody_from_writing(books: World) -> None:
    with books.database.snapshot() as connection:
        entries = selected(connection, Selection())
        seen = [next(entries)]
        with books.database.transaction() as another:
            more_entries(another, funds_of(another), 10, random.Random(1), date(2026, 1, 1), 5)
        seen += entries
    assert len(seen) == 220


def test_after_an_export_that_fails_nothing_is_noted_and_the_next_one_is_whole(books: World, tmp_path: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    for form in Format:
        with pytest.raises(KeyboardInterrupt), TemporaryFile() as out:
            export_books(books.keys, None, Order(Selection(), form), out, stop)
    assert noted(books) == []
    assert posted(books) == sums_of(exported(books.keys, Format.CSV, tmp_path)[1])


def test_it_is_told_how_far_it_is(books: World, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with (tmp_path / "ledger.csv").open("wb") as out:
        export_books(books.keys, None, Order(Selection(), Format.CSV), out, lambda done, of: told.append((done, of)))
    assert told[-1] == (220, 220)
