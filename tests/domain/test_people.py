"""What each role may do, and how long a sign-in lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.domain.people import FRESH, LONGEST, MAY, Permission, Person, Role, Session

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OWN = {Permission.SIGNED_IN, Permission.CHANGE_FACTORS}
MONEY = {Permission.BOOK, Permission.REFUND, Permission.CLOSE}
BOOKS = {Permission.SEE_BOOKS, Permission.EXPORT, Permission.SEE_DONOR}


def somebody(role: Role, *, disabled: bool = False) -> Person:
    return Person(1, f"{role}@example.org", role.title(), role, "pl", disabled)


def signed_in(role: Role, *, began: datetime = NOW, seen: datetime = NOW, disabled: bool = False) -> Session:
    return Session(1, somebody(role, disabled=disabled), began, began, seen)


def may(role: Role) -> set[Permission]:
    return {permission for permission in Permission if somebody(role).may(permission)}


def test_every_role_has_its_permissions_and_every_permission_its_role() -> None:
    assert MAY.keys() == set(Role)
    assert {permission for role in Role for permission in may(role)} == set(Permission)


def test_everybody_has_an_account_of_their_own() -> None:
    assert all(may(role) >= OWN for role in Role)


def test_an_editor_sees_no_donor_and_no_books() -> None:
    assert may(Role.EDITOR) & (MONEY | BOOKS | {Permission.SEE_AUDIT}) == set()


def test_an_auditor_sees_the_books_and_changes_nothing() -> None:
    assert may(Role.AUDITOR) == OWN | {Permission.SEE_BOOKS, Permission.EXPORT, Permission.SEE_AUDIT}


def test_whoever_has_the_people_in_hand_has_not_the_money() -> None:
    assert may(Role.ADMIN) & MONEY == set()
    assert may(Role.TREASURER) & {Permission.MANAGE_PEOPLE, Permission.RUN_SITE} == set()


def test_only_a_treasurer_sees_who_gave() -> None:
    assert [role for role in Role if Permission.SEE_DONOR in may(role)] == [Role.TREASURER]


@pytest.mark.parametrize("role", Role)
def test_whoever_is_disabled_may_nothing(role: Role) -> None:
    assert not any(somebody(role, disabled=True).may(permission) for permission in Permission)
    assert signed_in(role, disabled=True).is_over(NOW)


def test_whoever_sees_the_books_or_manages_people_proves_more_than_a_password() -> None:
    for role in Role:
        sensitive = may(role) & (MONEY | BOOKS | {Permission.MANAGE_PEOPLE, Permission.RUN_SITE, Permission.SEE_AUDIT})
        assert somebody(role).needs_second_factor == bool(sensitive)


def test_what_cannot_be_undone_or_names_people_wants_a_fresh_proof() -> None:
    wanted = {Permission.REFUND, Permission.EXPORT, Permission.SEE_DONOR, Permission.CLOSE, Permission.MANAGE_PEOPLE}
    assert wanted <= FRESH
    assert FRESH.isdisjoint({Permission.SIGNED_IN, Permission.SEE_BOOKS})


@pytest.mark.parametrize("role, idle", [(role, LONGEST if role is Role.EDITOR else 15 * MINUTE) for role in Role])
def test_a_sign_in_that_is_not_used_ends(role: Role, idle: timedelta) -> None:
    session = signed_in(role)
    assert not session.is_over(NOW + idle - timedelta(seconds=1))
    assert session.is_over(NOW + idle)


@pytest.mark.parametrize("role", Role)
def test_a_sign_in_ends_after_eight_hours_however_busy(role: Role) -> None:
    eight = timedelta(hours=8)
    session = signed_in(role, seen=NOW + eight - MINUTE)
    assert not session.is_over(NOW + eight - timedelta(seconds=1))
    assert session.is_over(NOW + eight)


def test_a_proof_is_fresh_for_ten_minutes_and_use_does_not_renew_it() -> None:
    session = signed_in(Role.TREASURER, seen=NOW + 9 * MINUTE)
    assert session.is_fresh(NOW + 10 * MINUTE - timedelta(seconds=1))
    assert not session.is_fresh(NOW + 10 * MINUTE)
