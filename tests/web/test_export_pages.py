"""The page that exports: the selection of the ledger, its totals, and the file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.domain.people import Role
from campaigns.services.audit_trail import Action
from campaigns.storage import audit_log
from tests.exports import an_awkward_ledger
from tests.web.page_rules import text_of
from tests.web.staff import Office
from tests.web.staff import office as empty_office

__all__ = ["empty_office"]

PATH = "/treasury/export"


@pytest.fixture
def office(empty_office: Office) -> Office:
    """An office with an awkward ledger."""
    an_awkward_ledger(empty_office.site.keys.database, slugs=("spring", "office-fund"))
    return empty_office


def noted(office: Office) -> list[str]:
    with office.site.keys.database.reading() as connection:
        return [record.detail for record in audit_log.of_action(connection, Action.EXPORTED)]


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize(
    "query",
    [
        "", "from=2025-11-10&to=2025-12-20", "campaign=spring&account=assets:bank&kind=gift&gateway=stripe",
        "least=5&most=100&words=druk", "from=2031-01-01",
    ],
)  # fmt: skip
def test_the_page_says_what_is_exported(office: Office, query: str, language: str) -> None:
    page = office.signed_in(Role.TREASURER, language).get(f"{PATH}?{query}")
    (form,) = [form for form in page.every("form") if form.get("action", "").startswith(PATH)]
    assert form.get("action", "").count("=") == query.count("=")


def test_it_shows_the_totals_of_the_selection(office: Office) -> None:
    page = office.signed_in(Role.TREASURER, "en").get(f"{PATH}?account=assets:cash")
    (row,) = [text_of(row) for row in page.one("tbody").iter() if str(row.tag).endswith("}tr") and "zł" in text_of(row)]
    assert row.startswith("Cash in hand")


@pytest.mark.parametrize(
    "form,kind,name,begins",
    [
        ("csv", "text/csv; charset=utf-8", "ledger-2026-11-22.csv", b"\xef\xbb\xbfday;"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "ledger-2026-11-22.xlsx", b"PK"),
        ("hledger", "text/plain; charset=utf-8", "ledger-2026-11-22.journal", b"; "),
        ("beancount", "text/plain; charset=utf-8", "ledger-2026-11-22.beancount", b"; "),
    ],
)
def test_a_file_is_sent_that_nobody_keeps(office: Office, form: str, kind: str, name: str, begins: bytes) -> None:
    answer = office.treasurer.send(f"{PATH}?kind=gift", {"format": form})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.data.startswith(begins)
    assert noted(office)[0].startswith(f"{form}, ")


def test_it_is_noted_who_exported_what(office: Office) -> None:
    auditor = office.person(Role.AUDITOR)
    office.auditor.send(f"{PATH}?from=2025-11-10&words=Kowalski", {"format": "csv", "separator": ","})
    with office.site.keys.database.reading() as connection:
        (record,) = audit_log.of_action(connection, Action.EXPORTED)
    assert (record.staff_id, record.detail) == (auditor.id, "csv, 0 entries: from 2025-11-10, words (not told)")


@pytest.mark.parametrize("query", ["from=yesterday", "account=gold", "campaign=found", "least=1.000", "words=a@b.pl"])
def test_what_cannot_be_meant_is_not_exported(office: Office, query: str) -> None:
    office.treasurer.get(f"{PATH}?{query}", status=422)
    office.treasurer.post(f"{PATH}?{query}", {"format": "csv"}, status=422)
    assert noted(office) == []


@pytest.mark.parametrize("form", [{}, {"format": "pdf"}, {"format": "csv", "separator": "|"}], ids=str)
def test_what_no_form_of_ours_sends_is_refused(office: Office, form: dict[str, str]) -> None:
    office.treasurer.post(PATH, form, status=400)
    assert noted(office) == []


def test_who_signed_in_a_while_ago_signs_in_again_first(office: Office) -> None:
    treasurer = office.treasurer
    office.site.clock.turn(timedelta(minutes=11))
    answer = treasurer.raw("GET", f"{PATH}?kind=gift")
    assert answer.headers["Location"] == "/sign-in/again?next=/treasury/export%3Fkind%3Dgift"
    assert treasurer.send(PATH, {"format": "csv"}).status_code == 401
    assert noted(office) == []


def test_a_page_elsewhere_cannot_export(office: Office) -> None:
    assert office.treasurer.send(PATH, {"format": "csv"}, origin="https://evil.example").status_code == 403
    assert noted(office) == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR])
def test_only_who_may_read_the_books_whole_exports_them(office: Office, role: Role) -> None:
    someone = office.signed_in(role)
    assert someone.raw("GET", PATH).status_code == 403
    assert someone.send(PATH, {"format": "csv"}).status_code == 403


def test_while_a_file_is_taken_slowly_others_can_book_and_no_connection_is_held(office: Office) -> None:
    treasurer, keys = office.treasurer, office.site.keys
    slow = [
        office.site.app.test_client(use_cookies=False).post(
            PATH, data={"format": "csv"}, base_url=treasurer.base_url,
            headers={"Cookie": f"session={treasurer.token}", "Origin": treasurer.base_url},
        )
        for _ in range(15)
    ]  # fmt: skip
    office.site.give("fund", "20")
    for answer in slow:
        assert answer.data.startswith(b"\xef\xbb\xbf")
        answer.close()
    assert keys.database.is_sqlite
