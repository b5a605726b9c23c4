"""Import from CSV: every fault with its place, all of it or nothing, and no row twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.domain.people import Role
from campaigns.services.closing import close_month
from campaigns.storage import audit_log
from tests.gifts import zloty
from tests.web.page_rules import Page, text_of
from tests.web.staff import Office, StaffClient
from tests.web.staff import office as office
from tests.web.staff import office_on_each as office_on_each
from tests.web.treasury import faults, hidden, lines, upload
from tests.world import tally

HEAD = "date;amount;kind;account;from;campaign;memo"
GIFT = "2026-11-20;50,00;gift;assets:cash;;fund;skarbonka"
ROWS = (
    GIFT,
    "20.11.2026;1 200,50;wpłata;bank;;fund;",
    "2026-11-19;12.50;expense;travel;bank;fund;FV 12/2026",
    "2026-11-18;300;transfer;assets:bank;cash;;",
    "2026-01-01;7;bilans otwarcia;cash;;;",
)
FILE = "\r\n".join((HEAD, *ROWS)) + "\r\n"


def complaints(page: Page) -> list[tuple[str, str]]:
    """Line and column of everything that is wrong."""
    rows = [[text_of(cell) for cell in row] for row in page.every("tr")]
    return [(row[0], row[1]) for row in rows[1:]]


def book(client: StaffClient, page: Page) -> str:
    return client.done("/treasury/import/book", hidden(page))


def test_a_file_is_booked_all_at_once(office_on_each: Office) -> None:
    client = office_on_each.treasurer
    page = upload(client, FILE)
    assert lines(office_on_each) == []
    assert book(client, page) == "/treasury/ledger?done=imported"
    assert [line[1:] for line in lines(office_on_each)] == [
        ("2026-11-20", "assets:cash", 5000), ("2026-11-20", "income:donations", -5000),
        ("2026-11-20", "assets:bank", 120050), ("2026-11-20", "income:donations", -120050),
        ("2026-11-19", "expenses:travel", 1250), ("2026-11-19", "assets:bank", -1250),
        ("2026-11-18", "assets:bank", 30000), ("2026-11-18", "assets:cash", -30000),
        ("2026-01-01", "assets:cash", 700), ("2026-01-01", "equity:opening", -700),
    ]  # fmt: skip
    found = tally(office_on_each.site.keys.database, "fund")
    assert (found.raised, found.supporters, found.gifts) == (zloty("1250.50"), 2, 2)
    assert faults(office_on_each) == []


def test_the_audit_log_says_how_many_and_which(office: Office) -> None:
    book(office.treasurer, upload(office.treasurer, FILE))
    with office.site.keys.database.reading() as connection:
        (record,) = audit_log.of_action(connection, "imported")
    assert (record.subject, record.detail) == ("entry:1", "5 entries, 1 to 5")


def test_the_same_file_again_books_nothing(office: Office) -> None:
    client = office.signed_in(Role.TREASURER, "en")
    book(client, upload(client, FILE))
    again = upload(client, FILE)
    assert "5 rows were imported before and are skipped." in again.text
    assert "Everything in this file is booked already" in again.text
    assert hidden(again) == {}
    assert len(lines(office)) == 10


def test_what_is_new_in_a_longer_file_is_booked_and_nothing_else(office: Office) -> None:
    client = office.treasurer
    book(client, upload(client, FILE))
    book(client, upload(client, FILE + "2026-11-21;5;gift;cash;;fund;\r\n"))
    assert len(lines(office)) == 12
    assert faults(office) == []


def test_two_equal_rows_of_one_file_are_two_and_are_known_again(office: Office) -> None:
    client = office.treasurer
    twice = f"{HEAD}\n{GIFT}\n{GIFT}"
    book(client, upload(client, twice))
    assert len(lines(office)) == 4
    book(client, upload(client, f"{twice}\n{GIFT}"))
    assert len(lines(office)) == 6
    assert faults(office) == []


def test_pressed_twice_or_at_once_it_books_once(office_on_each: Office) -> None:
    client = office_on_each.treasurer
    form = hidden(upload(client, FILE))
    with ThreadPoolExecutor(3) as fingers:
        answers = list(fingers.map(lambda _: client.send("/treasury/import/book", form).status_code, range(3)))
    assert sorted(answers) == [303, 409, 409]
    assert len(lines(office_on_each)) == 10
    assert faults(office_on_each) == []


def test_a_row_of_a_closed_month_is_late_and_is_said_to_be(office: Office) -> None:
    client = office.signed_in(Role.TREASURER, "en")
    book(client, upload(client, f"{HEAD}\n2026-10-03;5;gift;cash;;fund;"))
    close_month(office.site.keys, None, "2026-10")
    page = upload(client, f"{HEAD}\n2026-10-04;6;gift;cash;;fund;")
    assert "1 row falls into a closed month" in page.text
    book(client, page)
    assert lines(office)[-1][1] == "2026-11-01"
    assert "imported before" in upload(client, f"{HEAD}\n2026-10-04;6;gift;cash;;fund;").text


def test_a_month_closed_between_the_steps_shows_the_import_anew(office: Office) -> None:
    client = office.treasurer
    book(client, upload(client, f"{HEAD}\n2026-10-03;5;gift;cash;;fund;"))
    form = hidden(upload(client, f"{HEAD}\n2026-10-04;6;gift;cash;;fund;"))
    close_month(office.site.keys, None, "2026-10")
    page = client.post("/treasury/import/book", form, 409)
    assert len(lines(office)) == 2
    book(client, page)
    assert lines(office)[-1][1] == "2026-11-01"


@pytest.mark.parametrize(
    "row, place",
    [
        ("31/10/2026;5;gift;cash;;fund;", "1 date"), ("2026-11-23;5;gift;cash;;fund;", "1 date"),
        ("1999-12-31;5;gift;cash;;fund;", "1 date"), (";5;gift;cash;;fund;", "1 date"),
        ("2026-11-20;1.000;gift;cash;;fund;", "2 amount"), ("2026-11-20;-5;gift;cash;;fund;", "2 amount"),
        ("2026-11-20;5 €;gift;cash;;fund;", "2 amount"), ("2026-11-20;=1+1;gift;cash;;fund;", "2 amount"),
        ("2026-11-20;5;refund;cash;;fund;", "3 kind"), ("2026-11-20;5;assignment;;;fund;", "3 kind"),
        ("2026-11-20;5;gift;travel;;fund;", "4 account"), ("2026-11-20;5;gift;;;fund;", "4 account"),
        ("2026-11-20;5;expense;other;income:other;;", "5 from"), ("2026-11-20;5;transfer;bank;bank;;", "4 account"),
        ("2026-11-20;5;transfer;bank;stripe;;", "4 account"),
        ("2026-11-20;5;gift;cash;;;", "6 campaign"), ("2026-11-20;5;gift;cash;;nope;", "6 campaign"),
        ("2026-11-20;5;transfer;bank;cash;fund;", "6 campaign"),
        ("2026-11-20;5;gift;cash;;fund;" + "x" * 201, "7 memo"), ("2026-11-20;5;gift;cash;;fund;a@b.pl", "7 memo"),
        ("2026-11-20;5;gift;cash;;fund;x;y", "8"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line_and_column(office: Office, row: str, place: str) -> None:
    page = upload(office.treasurer, f"{HEAD}\n{GIFT}\n{row}", 422)
    assert complaints(page) == [("3", place)]
    assert lines(office) == []


def test_every_fault_of_a_file_is_told_at_once(office: Office) -> None:
    bad = "x;x;x;x;x;x;x"
    page = upload(office.treasurer, f"{HEAD}\n{bad}\n\n{GIFT}\n{bad}", 422)
    assert complaints(page) == [
        (line, place) for line in ("2", "5") for place in ("1 date", "2 amount", "3 kind")
    ]  # fmt: skip


def test_lines_are_those_of_the_file_even_where_a_cell_has_several(office: Office) -> None:
    text = f'sep=;\n{HEAD}\n2026-11-20;5;gift;cash;;fund;"a\nb"\nx;5;gift;cash;;fund;'
    assert complaints(upload(office.treasurer, text, 422)) == [("5", "1 date")]


@pytest.mark.parametrize(
    "text, line",
    [
        ("", None), (HEAD, "1"), ("data;kwota\n2026-11-20;5", "1"), (HEAD + ";colour\n" + GIFT, "1"),
        (HEAD + ";memo\n" + GIFT, "1"), (f'{HEAD}\n{GIFT}\n2026-11-20;5;gift;cash;;fund;"x', "3"),
        ("\n".join((HEAD, *[GIFT] * 5001)), "5002"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_as_a_whole_is_said_to_be_so(office: Office, text: str, line: str | None) -> None:
    page = upload(office.treasurer, text, 422)
    assert [place[0] for place in complaints(page)] == ([line] if line else [])
    assert lines(office) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("separator", [";", ","])
def test_polish_files_are_read_as_spreadsheets_write_them(office: Office, encoding: str, separator: str) -> None:
    rows = 'data;kwota;rodzaj;konto;z konta;zbiórka;opis\n2026-11-20;"50,00";wpłata;cash;;fund;żółw ąś'
    text = rows.replace(";", separator)
    page = upload(office.treasurer, text.encode(encoding))
    assert "żółw ąś" in page.text
    book(office.treasurer, page)
    assert faults(office) == []


@pytest.mark.parametrize("encoding", ["iso8859-2", "utf-16", "cp852"])
def test_an_encoding_that_would_spoil_polish_letters_is_refused(office: Office, encoding: str) -> None:
    page = upload(office.treasurer, f"{HEAD}\n2026-11-20;5;gift;cash;;fund;śnieg ąź".encode(encoding), 422)
    assert "CSV UTF-8" in page.text


def test_the_largest_file_goes_through_both_steps(office: Office) -> None:
    memo = "ż" * 88
    rows = [f"2026-11-20;{number},01;gift;cash;;fund;{memo}{number}" for number in range(1, 4501)]
    text = "\n".join((HEAD, *rows))
    assert 900_000 < len(text.encode()) < 1024 * 1024
    client = office.treasurer
    book(client, upload(client, text))
    assert len(lines(office)) == 9000
    assert faults(office) == []


def test_a_file_that_is_too_large_is_said_to_be_so(office: Office) -> None:
    for size in (1024 * 1024 + 1, 3 * 1024 * 1024):
        assert "1 MB" in upload(office.treasurer, b"x" * size, 422).text


def test_no_other_form_may_be_that_large(office: Office) -> None:
    office.treasurer.post("/treasury/book/gift", {"memo": "x" * 300_000}, 413)


def test_a_large_file_that_comes_in_chunks_is_read_to_its_end(office: Office) -> None:
    rows = "\n".join(f"2026-11-20;{number};gift;cash;;fund;{'x' * 150}" for number in range(1, 2500))
    page = upload(office.treasurer, f"{HEAD}\n{rows}", in_chunks=True)
    book(office.treasurer, page)
    assert len(lines(office)) == 2 * 2499


@pytest.mark.parametrize("token", ["", "x", "WzEsMiwzXQ.AAAA"])
def test_a_token_that_is_not_ours_books_nothing(office: Office, token: str) -> None:
    office.treasurer.post("/treasury/import/book", {"token": token}, 422)
    assert lines(office) == []


def test_the_example_can_be_imported_as_it_is(office: Office) -> None:
    client = office.treasurer
    answer = client.raw("GET", "/treasury/import/template.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="import.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbfdate;")
    book(client, upload(client, answer.data))
    assert len(lines(office)) == 6


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.EDITOR])
def test_only_treasurers_import(office: Office, role: Role) -> None:
    form = hidden(upload(office.treasurer, FILE))
    client = office.signed_in(role)
    client.get("/treasury/import", 403)
    upload(client, FILE, 403)
    client.post("/treasury/import/book", form, 403)
    assert lines(office) == []


def test_both_languages_show_the_form(office: Office) -> None:
    for language in ("pl", "en"):
        office.signed_in(Role.TREASURER, language).get("/treasury/import")
