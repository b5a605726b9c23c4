"""The treasurer reads the ledger: what is chosen, what it comes to, and that no page lies about it."""

from __future__ import annotations

import pytest

from campaigns.domain import accounts
from campaigns.domain.people import Role
from campaigns.domain.selection import Selection
from campaigns.language import LANGUAGES
from campaigns.services.rolling_up import roll_up
from tests.ledgers import a_ledger, all_lines, chosen, numbers
from tests.web.page_rules import Page, text_of
from tests.web.staff import Office
from tests.web.staff import office as office

ALL_PAGES = (
    "ledger", "ledger?kind=gift&account=income%3Adonations", "ledger?words=bilety", "ledger?least=20&totals=1",
    "ledger?from=2026-01-10&to=2026-01-01", "ledger?account=assets%3Acash", "ledger/1", "accounts",
    "accounts?at=2025-12-31", "accounts/turnover?from=2026-01-01&to=2026-01-31", "accounts?at=soon",
    "income?year=2026", "income?year=2020", "statement/fund", "statement/office?end=1",
)  # fmt: skip


@pytest.fixture
def busy(office: Office) -> Office:
    """An office with 130 entries for `fund` and `office`, rolled up."""
    a_ledger(office.site.keys.database, 130)
    roll_up(office.site.keys.database)
    return office


def column(page: Page, place: int) -> list[str]:
    """What stands in this column of the page's table."""
    return [text_of(row[place]) for body in page.every("tbody") for row in body]


def link(page: Page, words: str) -> str | None:
    """Where the link with these words leads."""
    found = [each.get("href") for each in page.every("a") if text_of(each) == words]
    return found[0] if found else None


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDITOR, Role.ADMIN])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_whoever_may_see_the_books_sees_every_page_in_their_language(busy: Office, role: Role, lang: str) -> None:
    reader = busy.signed_in(role, lang)
    for path in ALL_PAGES:
        assert reader.get(f"/treasury/{path}").lang == lang


def test_an_editor_sees_nothing_of_the_books(busy: Office) -> None:
    editor = busy.signed_in(Role.EDITOR)
    for path in ALL_PAGES:
        assert "Wn" not in editor.get(f"/treasury/{path}", 403).text


@pytest.mark.parametrize("path", ["ledger/999999", "ledger/0", "statement/nothing"])
def test_what_is_not_in_the_books_is_said_on_a_page_for_staff(busy: Office, path: str) -> None:
    page = busy.treasurer.get(f"/treasury/{path}", 404)
    assert "Wyloguj" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "ledger?before=x",
        "ledger?after=2026-02-31:1",
        "ledger?before=2026-01-01:99999999999999999999",
        "ledger/99999999999999999999",
        "income?year=1999",
        "statement/fund?after=2026-01-01:1",
        "statement/fund?before=2026-01-01:1:9999999999",
    ],
)
def test_an_address_that_no_page_of_ours_has_is_not_found(busy: Office, path: str) -> None:
    assert busy.treasurer.raw("GET", f"/treasury/{path}").status_code == 404


def test_leafing_to_the_end_shows_every_entry_once(busy: Office) -> None:
    reader, found, path = busy.treasurer, [], "/treasury/ledger"
    while path:
        page = reader.get(path)
        found += [int(number) for number in column(page, 1)]
        path = link(page, "Starsze") or ""
    assert found == numbers(all_lines(busy.site.keys.database))


def test_leafing_back_leads_to_the_first_page(busy: Office) -> None:
    reader = busy.treasurer
    first = reader.get("/treasury/ledger")
    last = reader.get(link(first, "Najstarsze") or "")
    middle = reader.get(link(last, "Nowsze") or "")
    again = reader.get(link(middle, "Nowsze") or "")
    assert column(again, 1) == column(first, 1)
    assert link(again, "Nowsze") is None


def test_the_choice_stays_in_every_address(busy: Office) -> None:
    page = busy.treasurer.get("/treasury/ledger?account=income%3Adonations&from=2025-12-21")
    for words in ("Starsze", "Eksportuj ten wybór"):
        assert "account=income%3Adonations" in (link(page, words) or "")
        assert "from=2025-12-21" in (link(page, words) or "")


def test_a_choice_that_cannot_be_meant_shows_no_entry(busy: Office) -> None:
    for query in ("from=yesterday", "account=assets:pocket", "least=1.500", "kind=theft", "words=anna%40example.org",
                  "from=2026-02-01&to=2026-01-01", "least=50&most=20", "words=a%00b"):  # fmt: skip
        page = busy.treasurer.get(f"/treasury/ledger?{query}")
        assert not list(page.every("table")), query
        assert [each for each in page.every("div") if each.get("role") == "alert"], query


def test_an_address_never_carries_on_what_may_be_a_donors(busy: Office) -> None:
    page = busy.treasurer.get("/treasury/ledger?words=anna%40example.org")
    assert "anna" not in page.html


def test_the_balance_behind_each_entry_is_the_naive_sum(busy: Office) -> None:
    lines = [line for line in all_lines(busy.site.keys.database) if line.account == accounts.CASH]
    page = busy.treasurer.get("/treasury/ledger?account=assets%3Acash&to=2026-01-20")
    newest = int(column(page, 1)[0])
    upto = lines[[line.entry for line in lines].index(newest) :]
    currency = upto[0].amount.currency
    expected = sum(line.amount.minor for line in upto if line.amount.currency == currency)
    shown = column(page, 7)[0].replace("−", "-").replace(" ", "").replace(",", "").rstrip("zł€")
    assert int(shown) == expected


def test_no_balance_is_shown_that_leaves_entries_out(busy: Office) -> None:
    for query, columns in (("account=assets%3Acash", 8), ("account=assets%3Acash&campaign=fund", 8),
                           ("account=assets%3Acash&kind=expense", 7), ("kind=expense", 7)):  # fmt: skip
        page = busy.treasurer.get(f"/treasury/ledger?{query}")
        assert len(list(next(page.every("thead"))[0])) == columns, query


def test_totals_by_words_come_when_they_are_asked_for(busy: Office) -> None:
    page = busy.treasurer.get("/treasury/ledger?words=bilety")
    again = busy.treasurer.get(link(page, "Zsumuj") or "")
    expected = len(numbers(chosen(all_lines(busy.site.keys.database), Selection(words="bilety"))))
    assert text_of(next(again.every("dd"))) == str(expected)


def test_an_entry_leads_to_its_gift_and_says_what_it_was_told(office: Office) -> None:
    office.site.give("fund", "120")
    page = office.treasurer.get("/treasury/ledger/1")
    assert "120,00" in page.text
    assert (link(page, "Deklaracja 1"), link(page, "Wystornuj ten zapis")) == (
        "/treasury/pledges/1", "/treasury/ledger/1/reverse",
    )  # fmt: skip


def test_only_who_books_is_offered_to_reverse(office: Office) -> None:
    office.site.give("fund", "120")
    assert link(office.auditor.get("/treasury/ledger/1"), "Wystornuj ten zapis") is None
