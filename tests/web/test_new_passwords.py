"""A forgotten password: the same answer to everybody, and for whoever has an account a link that works once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns.domain.people import Person, Role
from campaigns.storage.columns import metadata
from campaigns.storage.models import letters, staff
from tests.web.entrants import ANOTHER, FAR, PASSWORD, Entrance, fields
from tests.web.entrants import entrance as entrance
from tests.web.entrants import entrance_on_each as entrance_on_each

MINUTE = timedelta(minutes=1)


def asked(entrance: Entrance, person: Person, address: str = FAR) -> str:
    """The address in the letter that answers a forgotten password."""
    entrance.browser(address).post("/sign-in/forgotten", {"email": person.email})
    return f"/sign-in/reset/{links(entrance)[-1]}"


def links(entrance: Entrance) -> list[str]:
    """The links in the letters that wait, the oldest first."""
    with entrance.site.keys.database.reading() as connection:
        query = select(letters.c.secret).where(letters.c.kind == "reset").order_by(letters.c.id)
        return [entrance.site.keys.vault.open(sealed or "") for sealed in connection.scalars(query)]


def test_a_new_password_is_chosen_by_the_link_and_the_code_is_asked_for_all_the_same(
    entrance_on_each: Entrance,
) -> None:
    entrance = entrance_on_each
    treasurer, browser = entrance.person(), entrance.browser()
    page = browser.post(asked(entrance, treasurer), {"password": ANOTHER})
    assert browser.set_cookies == []
    assert browser.send("/sign-in/code", {**fields(page), "code": entrance.code(treasurer)}).status_code == 303
    entrance.browser().post("/sign-in", {"email": treasurer.email, "password": PASSWORD}, 422)


def test_the_answer_is_the_same_to_the_byte_for_an_address_without_an_account(entrance: Entrance) -> None:
    entrance.person()
    known = entrance.browser(FAR).send("/sign-in/forgotten", {"email": "treasurer@example.org"})
    unknown = entrance.browser(FAR).send("/sign-in/forgotten", {"email": "nobody@example.org"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert dict(known.headers) == dict(unknown.headers)
    assert len(links(entrance)) == 1


def test_a_link_works_once(entrance_on_each: Entrance) -> None:
    entrance = entrance_on_each
    link = asked(entrance, entrance.person())
    assert entrance.browser().send(link, {"password": ANOTHER}).status_code == 200
    assert entrance.browser().send(link, {"password": PASSWORD}).status_code == 410
    entrance.browser().get(link, 410)


def test_a_link_ends_after_an_hour(entrance: Entrance) -> None:
    link = asked(entrance, entrance.person())
    entrance.site.clock.turn(59 * MINUTE)
    entrance.browser().get(link)
    entrance.site.clock.turn(MINUTE)
    entrance.browser().get(link, 410)
    assert entrance.browser().send(link, {"password": ANOTHER}).status_code == 410


def test_all_links_end_with_the_first_that_is_used(entrance: Entrance) -> None:
    treasurer = entrance.person()
    first, second = asked(entrance, treasurer), asked(entrance, treasurer)
    entrance.browser().get(first)
    entrance.browser().post(second, {"password": ANOTHER})
    entrance.browser().get(first, 410)


def test_a_new_password_ends_every_session(entrance: Entrance) -> None:
    treasurer = entrance.person()
    stolen = entrance.signed_in(treasurer)
    entrance.browser().post(asked(entrance, treasurer), {"password": ANOTHER})
    assert not stolen.is_in


def test_an_editor_without_an_app_is_let_in_by_the_link(entrance: Entrance) -> None:
    editor, browser = entrance.person(Role.EDITOR, codes=False), entrance.browser()
    assert browser.send(asked(entrance, editor), {"password": ANOTHER}).headers["Location"] == "/account"
    assert browser.is_in


def test_whoever_needs_a_second_factor_and_has_none_sets_it_up_before_coming_in(entrance: Entrance) -> None:
    auditor, browser = entrance.person(Role.AUDITOR, codes=False), entrance.browser()
    page = browser.post(asked(entrance, auditor), {"password": ANOTHER})
    assert not browser.is_in
    browser.post("/sign-in/set-up", {**fields(page), "code": entrance.scanned(page)})
    assert browser.is_in


def test_a_weak_password_is_refused_and_the_link_still_works(entrance: Entrance) -> None:
    link = asked(entrance, entrance.person())
    page = entrance.browser().post(link, {"password": "password1234"}, 422)
    assert page.by_id("password-error") is not None
    entrance.browser().get(link)


def test_nobody_is_written_to_who_was_shut_out_or_has_not_come_yet(entrance: Entrance) -> None:
    treasurer, (newcomer, _) = entrance.person(), entrance.invited()
    with entrance.site.keys.database.transaction() as connection:
        shut_out = update(staff).where(staff.c.id == treasurer.id)
        connection.execute(shut_out.values(disabled_at=entrance.site.clock()))
    for person in (treasurer, newcomer):
        entrance.browser(FAR).post("/sign-in/forgotten", {"email": person.email})
    assert links(entrance) == []


def test_the_link_of_somebody_who_was_shut_out_since_is_worthless(entrance: Entrance) -> None:
    link = asked(entrance, entrance.person())
    with entrance.site.keys.database.transaction() as connection:
        connection.execute(update(staff).values(disabled_at=entrance.site.clock()))
    entrance.browser().get(link, 410)
    assert entrance.browser().send(link, {"password": ANOTHER}).status_code == 410


def test_a_mailbox_is_not_flooded_and_the_owner_keeps_the_last_links(entrance: Entrance) -> None:
    treasurer = entrance.person()
    for number in range(6):
        entrance.browser(f"198.51.100.{number}").post("/sign-in/forgotten", {"email": treasurer.email})
    assert len(links(entrance)) == 3
    entrance.browser().get(f"/sign-in/reset/{links(entrance)[0]}")


@pytest.mark.parametrize("email", ["treasurer@example.org", "nobody@example.org"])
def test_one_address_asks_five_times_in_ten_minutes_whoever_it_asks_for(entrance: Entrance, email: str) -> None:
    entrance.person()
    for _ in range(5):
        entrance.browser(FAR).post("/sign-in/forgotten", {"email": email})
    refused = entrance.browser(FAR).send("/sign-in/forgotten", {"email": email})
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)


def test_the_link_goes_with_the_letter(entrance: Entrance) -> None:
    """Where it is kept, it is sealed; how it is known again, it is hashed."""
    token = asked(entrance, entrance.person()).rpartition("/")[2]
    assert len(token) == 43, "256 bits"
    with entrance.site.keys.database.reading() as connection:
        kept = "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
    assert token not in kept
