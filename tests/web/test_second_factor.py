"""The second step: codes that work once, recovery codes that work once, and half a sign-in that is worth little."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.people import Role
from campaigns.services import halfway
from campaigns.services.halfway import Half
from campaigns.storage import credentials, staff
from campaigns.storage.models import audit_log
from tests.web.entrants import ANOTHER, FAR, PASSWORD, Entrance, fields, hash_of
from tests.web.entrants import entrance as entrance
from tests.web.entrants import entrance_on_each as entrance_on_each

HALF_A_MINUTE = timedelta(seconds=30)


def tries(entrance: Entrance, code: str, form: dict[str, str], address: str = FAR, field: str = "code") -> int:
    """How the second step is answered: 303 lets in."""
    return entrance.browser(address).send("/sign-in/code", {**form, field: code}).status_code


# Codes of the app


def test_a_code_works_once(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    treasurer = entrance.person()
    code = entrance.code(treasurer)
    assert tries(entrance, code, entrance.half(entrance.browser(), treasurer)) == 303
    assert tries(entrance, code, entrance.half(entrance.browser(), treasurer)) == 422
    entrance.wait_for_next_code()
    assert tries(entrance, code, entrance.half(entrance.browser(), treasurer)) == 422, "nor as the last step's"
    assert tries(entrance, entrance.code(treasurer), entrance.half(entrance.browser(), treasurer)) == 303


def test_after_a_code_the_one_before_it_is_worthless(entrance: Entrance) -> None:
    treasurer = entrance.person()
    assert tries(entrance, entrance.code(treasurer), entrance.half(entrance.browser(), treasurer)) == 303
    assert tries(entrance, entrance.code(treasurer, -1), entrance.half(entrance.browser(), treasurer)) == 422


@pytest.mark.parametrize("steps,answer", [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422), (2880, 422)])
def test_a_clock_may_be_off_by_one_step(entrance: Entrance, steps: int, answer: int) -> None:
    treasurer = entrance.person()
    assert tries(entrance, entrance.code(treasurer, steps), entrance.half(entrance.browser(), treasurer)) == answer


def test_the_code_of_somebody_else_is_worthless(entrance: Entrance) -> None:
    treasurer, auditor = entrance.person(), entrance.person(Role.AUDITOR)
    assert tries(entrance, entrance.code(auditor), entrance.half(entrance.browser(), treasurer)) == 422


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "1e5000", "x" * 5000])
def test_what_is_no_code_is_refused(entrance: Entrance, code: str) -> None:
    treasurer = entrance.person()
    assert tries(entrance, code, entrance.half(entrance.browser(), treasurer)) == 422


def test_a_code_may_be_typed_with_a_space(entrance: Entrance) -> None:
    treasurer = entrance.person()
    code = entrance.code(treasurer)
    assert tries(entrance, f" {code[:3]} {code[3:]}", entrance.half(entrance.browser(), treasurer)) == 303


def test_a_mistyped_code_can_be_mended_without_the_password(entrance: Entrance) -> None:
    treasurer, browser = entrance.person(), entrance.browser()
    again = browser.post("/sign-in/code", {**entrance.half(browser, treasurer, next="/treasury/"), "code": "1"}, 422)
    form = fields(again)
    assert form["next"] == "/treasury/"
    assert tries(entrance, entrance.code(treasurer), form) == 303


def test_the_code_that_set_an_app_up_does_not_sign_in_too(entrance: Entrance) -> None:
    person, link = entrance.invited()
    browser = entrance.browser()
    page = browser.get(link)
    code = entrance.scanned(page)
    browser.post(link, {**fields(page), "password": PASSWORD, "code": code})
    assert tries(entrance, code, entrance.half(entrance.browser(), person)) == 422


# Recovery codes


def test_a_recovery_code_works_once_and_is_noted(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    treasurer = entrance.person()
    first, second, *_ = entrance.recovery_codes(treasurer)
    assert tries(entrance, first, entrance.half(entrance.browser(), treasurer), field="recovery") == 303
    assert tries(entrance, first, entrance.half(entrance.browser(), treasurer), field="recovery") == 422
    assert tries(entrance, f" {second.upper()} ", entrance.half(entrance.browser(), treasurer), field="code") == 303
    with entrance.site.keys.database.reading() as connection:
        noted = connection.scalars(select(audit_log.c.detail).where(audit_log.c.action == "recovery_code_used"))
        assert list(noted) == ["9 left", "8 left"]


def test_new_recovery_codes_end_the_old_ones(entrance: Entrance) -> None:
    treasurer = entrance.person()
    old, *_ = entrance.recovery_codes(treasurer)
    entrance.recovery_codes(treasurer)
    assert tries(entrance, old, entrance.half(entrance.browser(), treasurer), field="recovery") == 422


def test_the_recovery_code_of_somebody_else_is_worthless(entrance: Entrance) -> None:
    treasurer, auditor = entrance.person(), entrance.person(Role.AUDITOR)
    entrance.recovery_codes(treasurer)
    theirs, *_ = entrance.recovery_codes(auditor)
    assert tries(entrance, theirs, entrance.half(entrance.browser(), treasurer), field="recovery") == 422


# Half a sign-in


def test_half_a_sign_in_works_once(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    treasurer = entrance.person()
    form = entrance.half(entrance.browser(), treasurer)
    assert tries(entrance, entrance.code(treasurer), form) == 303
    entrance.wait_for_next_code()
    assert tries(entrance, entrance.code(treasurer), form) == 409


def test_half_a_sign_in_ends_after_five_minutes(entrance: Entrance) -> None:
    treasurer = entrance.person()
    form = entrance.half(entrance.browser(), treasurer)
    entrance.site.clock.turn(timedelta(minutes=5))
    assert tries(entrance, entrance.code(treasurer), form) == 409


def test_half_a_sign_in_that_was_altered_is_worthless(entrance: Entrance) -> None:
    treasurer = entrance.person()
    token = entrance.half(entrance.browser(), treasurer)["token"]
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    for altered in ("", "x", token[:-1], token[:middle] + other + token[middle + 1 :], token.swapcase()):
        assert tries(entrance, entrance.code(treasurer), {"token": altered}) == 409


def test_half_a_sign_in_that_somebody_else_sealed_is_worthless(entrance: Entrance) -> None:
    treasurer = entrance.person()
    keys = entrance.site.keys
    for text in (
        "",
        "null",
        "[]",
        '["half a sign-in"]',
        '{"staff_id": 1}',
        f'["receipt", {treasurer.id}, "", "", 9e9]',
    ):
        assert tries(entrance, entrance.code(treasurer), {"token": keys.vault.seal(text)}) == 409


def test_half_a_sign_in_is_of_one_person(entrance: Entrance) -> None:
    treasurer, admin = entrance.person(), entrance.person(Role.ADMIN)
    form = entrance.half(entrance.browser(), treasurer)
    assert tries(entrance, entrance.code(admin), form) == 422


def test_a_new_password_ends_half_a_sign_in(entrance: Entrance) -> None:
    treasurer = entrance.person()
    form = entrance.half(entrance.browser(), treasurer)
    with entrance.site.keys.database.transaction() as connection:
        credentials.set_password(connection, treasurer.id, hash_of(ANOTHER))
    assert tries(entrance, entrance.code(treasurer), form) == 422


def test_half_a_sign_in_cannot_be_made_whole_without_the_second_step(entrance: Entrance) -> None:
    treasurer = entrance.person()
    form = entrance.half(entrance.browser(), treasurer)
    browser = entrance.browser()
    for path in ("/sign-in/set-up", "/sign-in/code"):
        browser.send(path, form)
    assert not entrance.browser(token=form["token"]).is_in
    assert not browser.is_in


def test_half_a_sign_in_shows_neither_whose_it_is_nor_whether_the_password_was_right(entrance: Entrance) -> None:
    treasurer, keys = entrance.person(), entrance.site.keys
    with keys.database.reading() as connection:
        found = staff.by_id(connection, treasurer.id)
    right, wrong = (halfway.seal(Half.of(shown, keys.now()), keys) for shown in (found, None))
    assert len(right) == len(wrong)
    assert halfway.seal(Half.of(found, keys.now()), keys)[20:] != right[20:]
