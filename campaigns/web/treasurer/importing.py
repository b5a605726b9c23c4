"""/treasury/import: many entries from a CSV file, looked over line by line, then booked all at once."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import Money
from campaigns.domain.people import Permission
from campaigns.language import current, gettext
from campaigns.services.drafting import Plan, desk
from campaigns.services.importing import Changed, DryRun, book_all, dry_run
from campaigns.services.keys import Keys
from campaigns.web import staff_page
from campaigns.web.doors import Room, who
from campaigns.web.forms.bookable import Unreadable, about_fault
from campaigns.web.forms.pinned import Pinned, pin, unpin
from campaigns.web.forms.signed import Altered
from campaigns.web.forms.table import MOST_ROWS, Complaint, Table, decoded, read_table
from campaigns.web.responses import private_page
from campaigns.web.treasurer.words import account_words, kind_words

MOST_BYTES = 1024 * 1024
_SHOWN = 50  # rows of a file that is right
_COMPLAINTS = 1000
_PURPOSE = "import"
# Dates and accounts that anybody can see are examples; Excel opens it as UTF-8 because of the mark in front.
_TEMPLATE = (
    "\N{BYTE ORDER MARK}date;amount;kind;account;from;campaign;memo\r\n"
    "2026-10-31;50,00;gift;assets:cash;;{slug};\r\n"
    "2026-10-31;120,40;expense;expenses:travel;assets:bank;{slug};FV 12/10/2026\r\n"
    "2026-10-31;200,00;transfer;assets:bank;assets:cash;;\r\n"
)


@dataclass(frozen=True, slots=True)
class Total:
    """How many entries of one kind and currency would be booked, and how much they move together."""

    kind: EntryKind
    count: int
    amount: Money


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""
    pages = _Importing(keys)
    room.page("/import", "import_form", Permission.BOOK, pages.form)
    room.page("/import/template.csv", "import_template", Permission.BOOK, pages.template)
    room.deed("/import", "import_look", Permission.BOOK, pages.look)
    room.page("/import/book", "import_again", Permission.BOOK, pages.again)
    room.deed("/import/book", "import_book", Permission.BOOK, pages.book)


class _Importing:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._secret = keys.settings.secret_key

    def form(self) -> ResponseReturnValue:
        return self._form_page()

    def again(self) -> ResponseReturnValue:
        """Where a reload asks for the second step's address without a form."""
        return redirect("/treasury/import", 303)

    def template(self) -> ResponseReturnValue:
        """A file to fill in, with an example of each kind."""
        response = make_response(_TEMPLATE.format(slug=self._slug()))
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        response.headers["Content-Disposition"] = 'attachment; filename="import.csv"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def look(self) -> ResponseReturnValue:
        """The dry run: what is wrong, line by line, or what would be booked."""
        try:
            content = _content()
        except RequestEntityTooLarge:
            return self._form_page(_too_large())
        if not content:
            return self._form_page(gettext("Choose a file that is not empty."))
        if len(content) > MOST_BYTES:
            return self._form_page(_too_large())
        try:
            return self._look(decoded(content))
        except Unreadable as wrong:
            return self._form_page(str(wrong))

    def book(self) -> ResponseReturnValue:
        """All of it or nothing; the same file again finds that it is booked."""
        try:
            text, mark = unpin(request.form.get("token", ""), _PURPOSE, self._secret).content
        except Altered:
            return self._form_page(
                gettext("This form is not as we made it, so nothing was booked. Send the file again.")
            )
        table = read_table(text)
        try:
            book_all(self._keys, who(), table.drafts, mark)
        except Changed:
            return self._look(text, changed=True)
        return staff_page.done("/treasury/ledger", "imported")

    def _look(self, text: str, *, changed: bool = False) -> Response:
        table = read_table(text)
        if table.complaints:
            return self._complaints_page(table.complaints)
        found = dry_run(self._keys, table.drafts)
        if not found.is_right:
            return self._complaints_page(_faults(table, found))
        token = pin(Pinned.make([text, found.mark], self._keys.now()), _PURPOSE, self._secret)
        titles = {each.id: each.title for each in desk(self._keys, current().code).campaigns}
        return private_page(
            "treasurer/import-look.html", 409 if changed else 200, fresh=found.fresh[:_SHOWN], count=len(found.fresh),
            booked=len(found.rows) - len(found.fresh), totals=_totals(found.fresh), token=token, changed=changed,
            late=sum(1 for plan in found.fresh if plan.late_for), titles=titles, kind=kind_words,
            account=account_words,
        )  # fmt: skip

    def _form_page(self, complaint: str = "") -> Response:
        example = _TEMPLATE.format(slug=self._slug()).lstrip("\N{BYTE ORDER MARK}").replace("\r", "")
        return private_page(
            "treasurer/import.html", 422 if complaint else 200, complaint=complaint, example=example,
            most_rows=MOST_ROWS,
        )  # fmt: skip

    def _complaints_page(self, complaints: list[Complaint]) -> Response:
        return private_page(
            "treasurer/import-wrong.html", 422, complaints=complaints[:_COMPLAINTS], count=len(complaints)
        )

    def _slug(self) -> str:
        """A campaign of this site for the example."""
        found = desk(self._keys, current().code).campaigns
        return found[0].slug if found else "my-campaign"


def _content() -> bytes:
    """What was uploaded, or the beginning of it if it is too large; b"" for nothing."""
    sent = request.files.get("file")
    if sent is None:
        return b""
    with sent.stream:  # a large one lies in a file of its own
        return bytes(sent.read(MOST_BYTES + 1))


def _faults(table: Table, found: DryRun) -> list[Complaint]:
    """What the books would not take, with its place in the file."""
    return [
        Complaint(line, *table.place_of(row.fault), about_fault(row.fault))
        for line, row in zip(table.lines, found.rows, strict=True)
        if row.fault
    ]


def _totals(plans: list[Plan]) -> list[Total]:
    """By kind and currency, in the order of the file."""
    sums: dict[tuple[EntryKind, str], list[Money]] = {}
    for plan in plans:
        sums.setdefault((plan.draft.kind, plan.draft.amount.currency), []).append(plan.draft.amount)
    return [Total(kind, len(amounts), Money.total(amounts, currency)) for (kind, currency), amounts in sums.items()]


def _too_large() -> str:
    return gettext("The file is larger than 1 MB. Cut it in two.")
