"""A CSV file as spreadsheets write it, read into drafts; everything that cannot be read is said with its place."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import TypeVar

from campaigns.domain import accounts
from campaigns.domain.by_hand import BY_HAND
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import EXPONENTS
from campaigns.language import gettext
from campaigns.services.drafting import Draft, Fault
from campaigns.web.forms.bookable import Unreadable, read_day, read_memo, read_sum

MOST_ROWS = 5000
_LONGEST_CELL = 300
_Read = TypeVar("_Read")

# The columns, and how else they may be headed.
COLUMNS = ("date", "amount", "kind", "account", "from", "campaign", "memo", "currency")
_HEADS = {
    "data": "date", "kwota": "amount", "rodzaj": "kind", "konto": "account", "z konta": "from", "zbiórka": "campaign",
    "opis": "memo", "waluta": "currency",
}  # fmt: skip
_NEEDED = ("date", "amount", "kind")
KINDS = {
    "gift": EntryKind.OFFLINE_GIFT, "wpłata": EntryKind.OFFLINE_GIFT,
    "expense": EntryKind.EXPENSE, "wydatek": EntryKind.EXPENSE,
    "transfer": EntryKind.TRANSFER, "przelew": EntryKind.TRANSFER,
    "opening": EntryKind.OPENING, "bilans otwarcia": EntryKind.OPENING,
}  # fmt: skip
_COLUMN_OF = {
    Fault.DAY: "date",
    Fault.NO_CAMPAIGN: "campaign",
    Fault.NO_FUND: "campaign",
    Fault.OTHER_CURRENCY: "amount",
    Fault.ACCOUNTS: "account",
    Fault.MEMO: "memo",
    Fault.NOT_WAITING: "kind",
}
# Letters that a file in ISO 8859-2 shows when it is read as Windows-1250: ą, ś, ź and their capitals.
_MISREAD = frozenset("±¶Ľˇ¦¬")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, and where: line of the file, and column by place and name (0 and "" for the whole line)."""

    line: int
    column: int
    name: str
    text: str


@dataclass(slots=True)
class Table:
    """A file that was read: its drafts with their lines, or what is wrong with it."""

    drafts: list[Draft] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def place_of(self, fault: Fault) -> tuple[int, str]:
        """The column that a fault is about, by place and name."""
        name = _COLUMN_OF[fault]
        return self.places.get(name, 0), name


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 or Windows-1250; Unreadable says how to save it otherwise."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise Unreadable(_save_as_utf8())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1250")
    except UnicodeDecodeError as error:
        raise Unreadable(_save_as_utf8()) from error
    if _MISREAD.intersection(text):
        raise Unreadable(_save_as_utf8())
    return text


def read_table(text: str) -> Table:
    """Every row of the text. It is not changed by being read, so that it can be read again when it is booked."""
    table = Table()
    rows = _rows(text, table)
    heads = next(rows, None)
    if heads is None:
        table.complaints = table.complaints or [Complaint(1, 0, "", gettext("The file is empty."))]
        return table
    _read_heads(table, *heads)
    if table.complaints:
        return table
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            _read_row(table, line, cells)
        if len(table.drafts) > MOST_ROWS:
            sentence = gettext("The file has more than {number} rows. Cut it in two.").format(number=MOST_ROWS)
            table.complaints.append(Complaint(line, 0, "", sentence))
            break
    if not table.drafts and not table.complaints:
        table.complaints.append(Complaint(1, 0, "", gettext("The file has a head and no rows.")))
    return table


def _rows(text: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line that each begins in. Excel may say in a first line which separator it uses."""
    first, _, rest = text.partition("\n")
    before, separator = 0, ";" if first.count(";") >= first.count(",") else ","
    if first.strip().lower() in ("sep=;", "sep=,"):
        before, separator, text = 1, first.strip()[-1], rest
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = before + 1
    try:
        for cells in reader:
            yield line, cells
            line = before + reader.line_num + 1
    except csv.Error:
        sentence = gettext("From this line on the file cannot be read: look for a quotation mark that is not closed.")
        table.complaints.append(Complaint(line, 0, "", sentence))


def _read_heads(table: Table, line: int, cells: list[str]) -> None:
    for place, cell in enumerate(cells, 1):
        head = cell.strip().lower()
        name = _HEADS.get(head, head)
        if name in COLUMNS and name not in table.places:
            table.places[name] = place
        elif name:
            sentence = gettext("This column is not known, or is there twice. The columns are: {columns}.")
            table.complaints.append(Complaint(line, place, cell[:40], sentence.format(columns=", ".join(COLUMNS))))
    for name in _NEEDED:
        if name not in table.places:
            sentence = gettext("The column {column} is missing from the head.").format(column=name)
            table.complaints.append(Complaint(line, 0, name, sentence))


def _read_row(table: Table, line: int, cells: list[str]) -> None:
    row = _Row(table, line, cells)
    if len(cells) > len(table.places):
        extra = [place for place, cell in enumerate(cells, 1) if place > max(table.places.values()) and cell.strip()]
        if extra:
            row.complain(extra[0], "", gettext("There is more in this line than the head has columns for."))
    draft = row.read()
    if draft is not None:
        table.drafts.append(draft)
        table.lines.append(line)


class _Row:
    """One row, read cell by cell."""

    def __init__(self, table: Table, line: int, cells: list[str]) -> None:
        self._table = table
        self._line = line
        self._cells = cells
        self._is_wrong = False

    def read(self) -> Draft | None:
        """The draft; None after noting everything that is wrong with the row."""
        day = self._read("date", read_day)
        currency = self._read("currency", _currency) or "PLN"
        amount = self._read("amount", lambda text: read_sum(text, currency))
        memo = self._read("memo", read_memo)
        kind = self._read("kind", _kind)
        if kind is None:
            return None
        debit = self._read("account", lambda text: _account(text, BY_HAND[kind].debit))
        credit = self._read("from", lambda text: _account(text, BY_HAND[kind].credit))
        if day is None or amount is None or memo is None or debit is None or credit is None or self._is_wrong:
            return None
        return Draft(kind, day, amount, debit, credit, self._cell("campaign"), memo)

    def complain(self, place: int, name: str, sentence: str) -> None:
        self._is_wrong = True
        self._table.complaints.append(Complaint(self._line, place, name, sentence))

    def _cell(self, name: str) -> str:
        place = self._table.places.get(name, 0)
        return self._cells[place - 1].strip() if 0 < place <= len(self._cells) else ""

    def _read(self, name: str, reader: Callable[[str], _Read]) -> _Read | None:
        cell = self._cell(name)
        try:
            return reader(cell[:_LONGEST_CELL])
        except Unreadable as wrong:
            self.complain(self._table.places.get(name, 0), name, str(wrong))
            return None


def _currency(text: str) -> str:
    code = text.upper() or "PLN"
    if code not in EXPONENTS:
        raise Unreadable(gettext("There is no such currency in the books."))
    return code


def _kind(text: str) -> EntryKind:
    kind = KINDS.get(text.lower())
    if kind is None:
        raise Unreadable(gettext("The kind is one of: {kinds}.").format(kinds=", ".join(KINDS)))
    return kind


def _account(text: str, allowed: frozenset[str]) -> str:
    """An account by its name, or the last part of it; where only one can be meant it need not be said."""
    found = [name for name in allowed if text.lower() in (name, name.rpartition(":")[2])]
    if not text and len(allowed) == 1:
        found = list(allowed)
    if len(found) != 1:
        names = ", ".join(sorted(allowed & _NAMED))
        raise Unreadable(gettext("Here it must be one of these accounts: {accounts}.").format(accounts=names))
    return found[0]


_NAMED = accounts.ALL - {accounts.at_gateway("sandbox")}


def _save_as_utf8() -> str:
    return gettext(
        "The file is in an encoding that we cannot be sure of. Save it again as “CSV UTF-8” and send that file."
    )
