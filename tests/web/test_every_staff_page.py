"""Every page for staff, in both languages, as somebody who may see it, goes through the strict client."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import pytest
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

from campaigns.domain.people import MAY, Permission, Role
from campaigns.language import LANGUAGES
from campaigns.services.own_account import change_language
from tests.web.staff import StaffClient
from tests.web.staff_rooms import BusyOffice, first_who_may, needs, staff_rules
from tests.web.staff_rooms import busy as busy
from tests.web.staff_rooms import busy_template as busy_template

# What is answered by an address that is not a page for this visitor: a link that is over, the step of a sign-in that
# nobody has begun, the second step of a form.
ANSWERS = {"/sign-in/reset/*": 410, "/sign-in/code": 303, "/sign-in/set-up": 303, "/treasury/book/*/confirm": 303,
           "/treasury/import/book": 303}  # fmt: skip
# What speaks the language of the one who was invited, and what is no page at all.
OWN_LANGUAGE = "/invitation/*"
FILES = ("/treasury/import/template.csv",)


def answer_of(path: str) -> int:
    """The status that is due."""
    return next((status for pattern, status in ANSWERS.items() if fnmatch(path, pattern)), 200)


def pages(busy: BusyOffice) -> list[tuple[str, Permission | None]]:
    """A path to every page, and to each of its kinds, and what it needs."""
    rules = [rule for rule in staff_rules(busy.app) if "GET" in (rule.methods or set()) and rule.rule not in FILES]
    return [(path, needs(busy.app, rule)) for rule in rules for path in busy.paths(rule)]


def reader(busy: BusyOffice, role: Role, lang: str) -> StaffClient:
    """Somebody of this role who reads this language, with a browser that asks for it too."""
    keys = busy.office.site.keys
    change_language(keys, busy.office.person(role), lang)
    return StaffClient(busy.app, keys.settings.base_url, busy.tokens[role])


def fault(client: StaffClient, answer: TestResponse, lang: str, status: int = 200) -> str:
    """What the strict client has to say against a page; "" if nothing."""
    try:
        page = client.inspected(answer, status)
    except (AssertionError, ParseError) as error:
        return str(error)[:300]
    return "" if page.lang == lang or fnmatch(answer.request.path, OWN_LANGUAGE) else f"is in {page.lang}"


def look(client: StaffClient, path: str, lang: str) -> TestResponse:
    return client.raw("GET", path, headers={"Accept-Language": lang})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_right_in_its_language(busy: BusyOffice, lang: str) -> None:
    wrong = {}
    for path, permission in pages(busy):
        client, status = reader(busy, first_who_may(permission), lang), answer_of(path)
        answer = look(client, path, lang)
        if status == 303:
            assert answer.status_code == 303, path
        elif found := fault(client, answer, lang, status):
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.EDITOR])
def test_every_page_is_right_for_others_who_may_see_it(busy: BusyOffice, role: Role, lang: str) -> None:
    client = reader(busy, role, lang)
    seen = [path for path, permission in pages(busy) if permission in MAY[role] and permission is not None]
    answers = {path: answer for path in seen if (answer := look(client, path, lang)).status_code == 200}
    assert {path: found for path, answer in answers.items() if (found := fault(client, answer, lang))} == {}


def test_nothing_is_left_untranslated(busy: BusyOffice) -> None:
    left: dict[str, set[str]] = {}
    for path, permission in pages(busy):
        if answer_of(path) == 200 and not fnmatch(path, OWN_LANGUAGE):
            polish, english = (
                set(reader(busy, first_who_may(permission), lang).get(path, Accept_Language=lang).words)
                for lang in ("pl", "en")
            )
            same = {words for words in polish & english if sum(map(str.isalpha, words)) > 2 and not is_data(words)}
            left |= {path: same} if same else {}
    assert left == {}


def is_data(words: str) -> bool:
    """What stands like this in the books, in the settings or in a file, whoever reads it."""
    return words in SAME_EVERYWHERE or any(part.fullmatch(words) for part in (_CODE, _DETAIL, _MEMO))


_CODE = re.compile(r"[\w.:;,/@-]*[\d_:;@.][\w.:;,/@-]*|[a-z]+|[A-Z]{3,4}|\d+ / \w+|date;amount;.*")
_DETAIL = re.compile(r"(by entry|language|\d+ entries, head) \w+")  # in the audit log, which is never changed
_MEMO = re.compile(r"(Bilans|Bilety|Koperty|Paliwo,|Wpisane|Wypłata) .+")
SAME_EVERYWHERE = {"Admin", "Administrator", "Auditor", "BLIK", "Editor", "English", "Format", "Fundacja Przykład",
                   "Nowa Osoba", "Polski", "Przelewy24", "SQLite,", "Stripe", "Telefon", "Treasurer"}  # fmt: skip
