"""People: invited, given roles, shut out, and never all of those who could let somebody in again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from campaigns.domain.people import Person, Role
from campaigns.services import invitations, own_factors, people, resets, sessions
from campaigns.services.audit_trail import Action
from campaigns.services.invitations import LinkOver
from campaigns.services.people import Newcomer, Objection, Refused
from campaigns.storage import audit_log, credentials, passkeys, staff, staff_links, tray
from campaigns.storage.audit_log import Record
from campaigns.storage.passkeys import NewPasskey
from campaigns.storage.people import Listed, State
from campaigns.storage.staff_links import Purpose
from tests.world import World, a_site

NEW = Newcomer("Anna Nowak", "Anna@example.org", Role.TREASURER, "pl")


@dataclass
class Office:
    """A site with an admin, and others."""

    world: World
    admin: Person = field(init=False)

    def __post_init__(self) -> None:
        self.admin = self.person(Role.ADMIN)

    def person(self, role: Role, name: str = "") -> Person:
        """Somebody with a password, codes and a passkey."""
        address = f"{name or role}@example.org"
        with self.world.database.transaction() as connection:
            number = staff.add(connection, address, name or role.title(), role, "pl", self.world.clock())
            credentials.set_password(connection, number, "a hash")
            credentials.set_totp(connection, number, "sealed", 0)
            passkeys.add(connection, NewPasskey(number, f"id-{number}", "key", 0, "Phone"), self.world.clock())
        return Person(number, address, name or role.title(), role, "pl")

    def sign_in(self, person: Person) -> str:
        with self.world.database.transaction() as connection:
            return sessions.begin(connection, person, self.world.clock())

    def is_in(self, token: str) -> bool:
        return sessions.resume(self.world.database, token, self.world.clock()) is not None

    def listed(self, person: Person) -> Listed:
        found = people.somebody(self.world.keys, person.id)
        assert found is not None
        return found

    def refused(self, change: Callable[[], object]) -> Objection:
        before = people.everybody(self.world.keys)
        with pytest.raises(Refused) as refused:
            change()
        assert people.everybody(self.world.keys) == before
        return refused.value.objection

    def noted(self) -> list[Record]:
        with self.world.database.snapshot() as connection:
            return [sealed.record for sealed in audit_log.all_records(connection)]

    def letters(self) -> int:
        with self.world.database.reading() as connection:
            return tray.waiting(connection)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with a_site(database_url) as world:
        yield Office(world)


@pytest.fixture
def office_with_mail(database_url: str) -> Iterator[Office]:
    with a_site(database_url, MAIL_URL="smtp://127.0.0.1:1") as world:
        yield Office(world)


def token_in(link: str) -> str:
    return link.rpartition("/")[2]


def test_an_invitation_goes_out_by_letter_alone(office_with_mail: Office) -> None:
    number, link = people.invite(office_with_mail.world.keys, office_with_mail.admin, NEW)
    assert (link, office_with_mail.letters()) == ("", 1)
    listed = people.somebody(office_with_mail.world.keys, number)
    assert listed is not None
    assert (listed.person.email, listed.person.role, listed.state) == ("anna@example.org", "treasurer", State.INVITED)


def test_without_a_mail_server_the_link_is_handed_over(office: Office) -> None:
    _, link = people.invite(office.world.keys, office.admin, NEW)
    assert office.letters() == 0
    assert invitations.invited(office.world.keys, token_in(link)).name == "Anna Nowak"


def test_an_address_has_one_account(office: Office) -> None:
    people.invite(office.world.keys, office.admin, NEW)
    assert office.refused(lambda: people.invite(office.world.keys, office.admin, NEW)) is Objection.TAKEN


def test_of_an_invitation_the_log_knows_whom_and_as_what_but_no_address(office: Office) -> None:
    number, _ = people.invite(office.world.keys, office.admin, NEW)
    (record,) = office.noted()
    assert (record.staff_id, record.action) == (office.admin.id, Action.PERSON_INVITED)
    assert (record.subject, record.detail) == (f"staff:{number}", "treasurer")


def test_inviting_again_ends_the_link_before(office: Office) -> None:
    number, first = people.invite(office.world.keys, office.admin, NEW)
    second = people.invite_anew(office.world.keys, office.admin, number)
    with pytest.raises(LinkOver):
        invitations.invited(office.world.keys, token_in(first))
    assert invitations.invited(office.world.keys, token_in(second)).id == number


def test_whoever_lost_the_phone_begins_anew_and_nothing_older_counts(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    token = office.sign_in(anna)
    people.invite_anew(office.world.keys, office.admin, anna.id)
    factors = own_factors.factors_of(office.world.keys, anna)
    assert (factors.has_codes, factors.passkeys, office.is_in(token)) == (False, [], False)
    assert office.listed(anna).state is State.INVITED


def test_a_new_role_is_written_down_with_the_old_one_and_signed_in_for_anew(office: Office) -> None:
    edward = office.person(Role.EDITOR)
    token = office.sign_in(edward)
    people.change_role(office.world.keys, office.admin, edward.id, Role.TREASURER)
    assert office.listed(edward).person.role is Role.TREASURER
    assert not office.is_in(token)
    assert office.noted()[-1].detail == "role editor to treasurer"


def test_the_same_role_again_changes_nothing(office: Office) -> None:
    edward = office.person(Role.EDITOR)
    token = office.sign_in(edward)
    people.change_role(office.world.keys, office.admin, edward.id, Role.EDITOR)
    assert office.is_in(token)
    assert office.noted() == []


def test_whoever_is_shut_out_is_out_at_once_and_in_no_way_back(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    tokens = [office.sign_in(anna), office.sign_in(anna)]
    people.disable(office.world.keys, office.admin, anna.id)
    with office.world.database.reading() as connection:
        assert staff.sessions_of(connection, anna.id) == []
    assert [office.is_in(token) for token in tokens] == [False, False]
    assert office.listed(anna).state is State.DISABLED


def test_a_link_is_worthless_once_its_person_is_shut_out(office: Office) -> None:
    number, link = people.invite(office.world.keys, office.admin, NEW)
    people.disable(office.world.keys, office.admin, number)
    people.enable(office.world.keys, office.admin, number)
    with pytest.raises(LinkOver):
        invitations.invited(office.world.keys, token_in(link))


def test_whoever_is_let_in_again_must_sign_in(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    token = office.sign_in(anna)
    people.disable(office.world.keys, office.admin, anna.id)
    people.enable(office.world.keys, office.admin, anna.id)
    assert not office.is_in(token)
    assert office.listed(anna).state is State.ACTIVE
    assert [record.detail for record in office.noted()] == ["disabled", "enabled"]


def test_nobody_who_is_shut_out_is_invited(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    people.disable(office.world.keys, office.admin, anna.id)
    change = lambda: people.invite_anew(office.world.keys, office.admin, anna.id)  # noqa: E731
    assert office.refused(change) is Objection.DISABLED


def changes(office: Office, by: Person, whom: int) -> list[Callable[[], object]]:
    """Every way to change somebody."""
    keys = office.world.keys
    return [
        lambda: people.change_role(keys, by, whom, Role.EDITOR),
        lambda: people.disable(keys, by, whom),
        lambda: people.enable(keys, by, whom),
        lambda: people.invite_anew(keys, by, whom),
    ]


def test_nobody_changes_themselves(office: Office) -> None:
    for change in changes(office, office.admin, office.admin.id):
        assert office.refused(change) is Objection.ONESELF


def test_nobody_changes_somebody_who_is_not_there(office: Office) -> None:
    for change in changes(office, office.admin, 4711):
        assert office.refused(change) is Objection.UNKNOWN


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDITOR, Role.EDITOR])
def test_nobody_else_manages_people(office: Office, role: Role) -> None:
    other, target = office.person(role), office.person(Role.EDITOR, "target")
    for change in [*changes(office, other, target.id), lambda: people.invite(office.world.keys, other, NEW)]:
        assert office.refused(change) is Objection.NOT_ALLOWED


def test_two_admins_who_demote_each_other_leave_one(office: Office) -> None:
    """The second one's page was made while they still might."""
    second = office.person(Role.ADMIN, "second")
    people.change_role(office.world.keys, office.admin, second.id, Role.EDITOR)
    change = lambda: people.change_role(office.world.keys, second, office.admin.id, Role.EDITOR)  # noqa: E731
    assert office.refused(change) is Objection.NOT_ALLOWED
    assert office.listed(office.admin).person.role is Role.ADMIN


def test_an_admin_who_was_shut_out_a_moment_ago_shuts_nobody_out(office: Office) -> None:
    second = office.person(Role.ADMIN, "second")
    people.disable(office.world.keys, office.admin, second.id)
    assert office.refused(lambda: people.disable(office.world.keys, second, office.admin.id)) is Objection.NOT_ALLOWED


def test_the_list_says_how_everybody_stands(office: Office) -> None:
    anna = office.person(Role.TREASURER, "anna")
    people.invite(office.world.keys, office.admin, Newcomer("Zenon", "z@example.org", Role.AUDITOR, "pl"))
    people.disable(office.world.keys, office.admin, anna.id)
    assert [(one.person.name, one.state, one.has_second_factor) for one in people.everybody(office.world.keys)] == [
        ("Admin", State.ACTIVE, True), ("anna", State.DISABLED, True), ("Zenon", State.INVITED, False),
    ]  # fmt: skip


def test_the_list_says_when_somebody_last_signed_in(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    for _ in range(2):
        office.world.clock.turn(timedelta(days=1))
        with office.world.database.transaction() as connection:
            record = Record(office.world.clock(), anna.id, Action.SIGN_IN, "", "")
            audit_log.add(connection, record, "key", "0" * 64)
    assert office.listed(anna).signed_in_at == office.world.clock()
    assert office.listed(office.admin).signed_in_at is None


def test_a_passkey_alone_is_a_second_factor(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    with office.world.database.transaction() as connection:
        credentials.set_totp(connection, anna.id, None, None)
    assert office.listed(anna).has_second_factor


def test_links_for_a_new_password_end_too_when_somebody_begins_anew(office: Office) -> None:
    anna = office.person(Role.TREASURER)
    with office.world.database.transaction() as connection:
        later = office.world.clock() + timedelta(hours=1)
        staff_links.add(connection, sessions.hashed("a link"), anna.id, Purpose.RESET, later)
    people.invite_anew(office.world.keys, office.admin, anna.id)
    with pytest.raises(LinkOver):
        resets.whose_reset(office.world.keys, "a link")
