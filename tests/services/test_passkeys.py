"""Passkeys: made, shown, and every way to cheat with them that we know, refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns.config import Settings
from campaigns.domain.people import Person, Role, Session
from campaigns.services import passkeys, sessions
from campaigns.services.audit_trail import Action
from campaigns.services.ceremonies import Party
from campaigns.services.passkeys import Problem, Question, Refused
from campaigns.storage import audit_log, people, staff
from campaigns.storage import passkeys as kept
from campaigns.storage.models import sessions as sessions_table
from tests.authenticator import PRESENT, Device, altered, packed
from tests.world import World, a_site, environment

SITE = "https://give.example.org"
ELSEWHERE = "https://give.example.org.evil.example"


@dataclass
class Entrance:
    """A site with staff, and what they do at its door."""

    world: World

    def person(self, role: Role = Role.TREASURER) -> Person:
        with self.world.database.transaction() as connection:
            number = staff.add(connection, f"{role}@example.org", role.title(), role, "pl", self.world.clock())
        return Person(number, f"{role}@example.org", role.title(), role, "pl")

    def device_of(self, person: Person) -> Device:
        """A new device with a passkey of this person."""
        device = Device(SITE)
        question = self.ask_for_new(person)
        passkeys.add(self.world.keys, person, question.token, device.make(question.options), "Laptop")
        return device

    def ask_for_new(self, person: Person) -> Question:
        question = passkeys.ask_for_new(self.world.keys, person)
        assert question is not None
        return question

    def ask(self, person: Person | None = None) -> Question:
        question = passkeys.ask(self.world.keys, person)
        assert question is not None
        return question

    def session(self, person: Person) -> Session:
        """A sign-in of this person, as it is found again by its token."""
        with self.world.database.transaction() as connection:
            token = sessions.begin(connection, person, self.world.clock())
        return self.signed_in(token)

    def signed_in(self, token: str) -> Session:
        found = sessions.resume(self.world.database, token, self.world.clock())
        assert found is not None
        return found

    def show(self, device: Device, question: Question | None = None) -> Session:
        """The device's owner signs in with it."""
        question = question or self.ask()
        return self.signed_in(passkeys.prove(self.world.keys, question.token, device.show(question.options)).token)

    def noted(self) -> list[str]:
        """The actions in the audit log."""
        with self.world.database.snapshot() as connection:
            return [sealed.record.action for sealed in audit_log.all_records(connection)]

    def open_sessions(self) -> int:
        with self.world.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(sessions_table)) or 0

    def passkeys_of(self, person: Person) -> list[kept.Passkey]:
        with self.world.database.reading() as connection:
            return kept.of_person(connection, person.id)


@pytest.fixture
def entrance(database_url: str) -> Iterator[Entrance]:
    with a_site(database_url, BASE_URL=SITE) as world:
        yield Entrance(world)


def refusal(attempt: Callable[[], object]) -> Problem:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.problem


# What works


def test_whoever_has_made_a_passkey_signs_in_with_it_alone(entrance: Entrance) -> None:
    anna = entrance.person()
    session = entrance.show(entrance.device_of(anna))
    assert session.person == anna
    assert entrance.noted() == [Action.FACTOR_CHANGED, Action.SIGN_IN]


def test_a_device_that_does_not_count_signs_in_again_and_again(entrance: Entrance) -> None:
    device = entrance.device_of(entrance.person())
    device.counts = False
    assert entrance.show(device).person == entrance.show(device).person


def test_a_sign_in_is_made_fresh_by_a_passkey_and_keeps_its_beginning(entrance: Entrance) -> None:
    anna = entrance.person()
    device, old = entrance.device_of(anna), entrance.session(anna)
    entrance.world.clock.turn(timedelta(minutes=12))
    question = entrance.ask(anna)
    token = passkeys.prove_again(entrance.world.keys, old, question.token, device.show(question.options))
    new = entrance.signed_in(token)
    assert (new.id, new.created_at) == (old.id, old.created_at)
    assert (old.is_fresh(entrance.world.clock()), new.is_fresh(entrance.world.clock())) == (False, True)


def test_a_device_that_was_told_the_passkey_need_not_name_the_account(entrance: Entrance) -> None:
    anna = entrance.person()
    device, question = entrance.device_of(anna), entrance.ask(anna)
    device.handle = b""
    answer = device.show(question.options)
    assert passkeys.prove_again(entrance.world.keys, entrance.session(anna), question.token, answer)


def test_the_question_wants_a_passkey_that_knows_its_user_and_is_not_made_twice(entrance: Entrance) -> None:
    anna = entrance.person()
    device = entrance.device_of(anna)
    asked = json.loads(entrance.ask_for_new(anna).options)
    assert asked["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
    }  # fmt: skip
    assert [known["id"] for known in asked["excludeCredentials"]] == [packed(device.credential_id)]
    assert (asked["attestation"], asked["rp"]["id"]) == ("none", "give.example.org")


def test_the_handle_on_the_device_says_nothing_of_the_person(entrance: Entrance) -> None:
    anna = entrance.person()
    asked = entrance.ask_for_new(anna).options
    assert anna.email not in asked
    assert len(entrance.device_of(anna).handle) == 32


def test_somebody_who_is_signed_in_already_signs_in_anew(entrance: Entrance) -> None:
    anna = entrance.person()
    device, question = entrance.device_of(anna), entrance.ask()
    with entrance.world.database.transaction() as connection:
        old = sessions.begin(connection, anna, entrance.world.clock())
    passkeys.prove(entrance.world.keys, question.token, device.show(question.options), old)
    assert entrance.open_sessions() == 1


@pytest.mark.parametrize(
    "base_url,hosts,party",
    [
        ("https://give.example.org", "", ("give.example.org", "https://give.example.org")),
        ("https://Give.example.org:443", "", ("give.example.org", "https://give.example.org")),
        ("https://give.example.org:8443", "", ("give.example.org", "https://give.example.org:8443")),
        ("http://localhost:8000", "", ("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", "127.0.0.1,localhost", ("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", "127.0.0.1", None),
        ("http://[::1]:8000", "", None),
    ],
)
def test_passkeys_belong_to_a_name_and_never_to_a_bare_address(
    base_url: str, hosts: str, party: tuple[str, str] | None
) -> None:
    settings = Settings.from_environment(environment("sqlite:///x", BASE_URL=base_url, TRUSTED_HOSTS=hosts))
    found = Party.of(settings)
    assert (found and (found.id, found.origin)) == party


def test_a_site_on_a_bare_address_that_takes_real_money_has_none(sqlite_url: str) -> None:
    with a_site(sqlite_url) as world:
        settings = replace(world.keys.settings, demo=False, trusted_hosts=("127.0.0.1", "localhost"))
        keys = replace(world.keys, settings=settings)
        assert passkeys.ask(keys) is None
        assert refusal(lambda: passkeys.prove(keys, "", "")) is Problem.STALE


# What is refused: at the door


CHEATS: dict[str, Callable[[Device], None]] = {
    "on another site": lambda device: setattr(device, "origin", ELSEWHERE),
    "by http": lambda device: setattr(device, "origin", SITE.replace("https", "http")),
    "on another port": lambda device: setattr(device, "origin", f"{SITE}:8443"),
    "for another site": lambda device: setattr(device, "rp_id", "example.org"),
    "within somebody’s page": lambda device: setattr(device, "cross_origin", True),
    "by a device that did not ask who is there": lambda device: setattr(device, "flags", PRESENT),
    "while nobody was there": lambda device: setattr(device, "flags", 4),
    "that is not known": lambda device: setattr(device, "credential_id", b"another"),
    "for another account": lambda device: setattr(device, "handle", b"x" * 32),
    "for no account": lambda device: setattr(device, "handle", b""),
    "with another key": lambda device: setattr(device, "key", Device(SITE).key),
}


@pytest.mark.parametrize("how", CHEATS)
def test_no_passkey_lets_in_that_is_shown(entrance: Entrance, how: str) -> None:
    device = entrance.device_of(entrance.person())
    CHEATS[how](device)
    assert refusal(lambda: entrance.show(device)) is Problem.UNKNOWN
    assert entrance.open_sessions() == 0


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON"])
def test_one_altered_byte_is_too_many(entrance: Entrance, part: str) -> None:
    device, question = entrance.device_of(entrance.person()), entrance.ask()
    answer = altered(device.show(question.options), part)
    assert refusal(lambda: passkeys.prove(entrance.world.keys, question.token, answer)) is Problem.UNKNOWN


def test_an_answer_works_once(entrance: Entrance) -> None:
    device, question = entrance.device_of(entrance.person()), entrance.ask()
    device.counts = False
    answer = device.show(question.options)
    passkeys.prove(entrance.world.keys, question.token, answer)
    assert refusal(lambda: passkeys.prove(entrance.world.keys, question.token, answer)) is Problem.STALE
    assert entrance.open_sessions() == 1


def test_a_question_is_good_for_five_minutes(entrance: Entrance) -> None:
    device, question = entrance.device_of(entrance.person()), entrance.ask()
    entrance.world.clock.turn(timedelta(minutes=5))
    assert refusal(lambda: entrance.show(device, question)) is Problem.STALE


def test_an_answer_to_another_question_is_none(entrance: Entrance) -> None:
    device, question = entrance.device_of(entrance.person()), entrance.ask()
    answer = device.show(entrance.ask().options)
    assert refusal(lambda: passkeys.prove(entrance.world.keys, question.token, answer)) is Problem.UNKNOWN


def test_a_question_of_one_s_own_is_none(entrance: Entrance) -> None:
    device, question = entrance.device_of(entrance.person()), entrance.ask()
    forged = replace(question, token=question.token[:-2] + "xx")
    assert refusal(lambda: entrance.show(device, forged)) is Problem.STALE


def test_what_another_site_has_asked_is_no_question_of_ours(entrance: Entrance, sqlite_url: str) -> None:
    device = entrance.device_of(entrance.person())
    with a_site(sqlite_url, BASE_URL=SITE) as other:
        question = Entrance(other).ask()
    assert refusal(lambda: entrance.show(device, question)) is Problem.STALE


def test_the_question_for_proving_it_again_does_not_sign_in(entrance: Entrance) -> None:
    anna = entrance.person()
    device = entrance.device_of(anna)
    assert refusal(lambda: entrance.show(device, entrance.ask(anna))) is Problem.STALE


def test_the_question_for_a_new_passkey_does_not_sign_in(entrance: Entrance) -> None:
    anna = entrance.person()
    device, question = entrance.device_of(anna), entrance.ask_for_new(anna)
    answer = device.show(json.dumps(json.loads(question.options) | {"rpId": "give.example.org"}))
    assert refusal(lambda: passkeys.prove(entrance.world.keys, question.token, answer)) is Problem.STALE


def test_an_answer_of_making_does_not_sign_in(entrance: Entrance) -> None:
    device, question = entrance.device_of(entrance.person()), entrance.ask()
    answer = device.show(question.options, kind="webauthn.create")
    assert refusal(lambda: passkeys.prove(entrance.world.keys, question.token, answer)) is Problem.UNKNOWN


def test_nobody_proves_it_again_with_somebody_else_s_passkey(entrance: Entrance) -> None:
    anna, adam = entrance.person(), entrance.person(Role.ADMIN)
    entrance.device_of(anna)
    device, session, question = entrance.device_of(adam), entrance.session(anna), entrance.ask(anna)
    answer = device.show(question.options)
    attempt = lambda: passkeys.prove_again(entrance.world.keys, session, question.token, answer)  # noqa: E731
    assert refusal(attempt) is Problem.UNKNOWN


def test_the_question_for_one_person_is_none_for_another(entrance: Entrance) -> None:
    anna, adam = entrance.person(), entrance.person(Role.ADMIN)
    entrance.device_of(anna)
    device, session, question = entrance.device_of(adam), entrance.session(adam), entrance.ask(anna)
    answer = device.show(question.options)
    attempt = lambda: passkeys.prove_again(entrance.world.keys, session, question.token, answer)  # noqa: E731
    assert refusal(attempt) is Problem.STALE


def test_whoever_has_no_passkey_is_not_asked_for_one_again(entrance: Entrance) -> None:
    assert passkeys.ask(entrance.world.keys, entrance.person()) is None


def test_a_sign_in_that_has_ended_is_not_renewed(entrance: Entrance) -> None:
    anna = entrance.person()
    device, session, question = entrance.device_of(anna), entrance.session(anna), entrance.ask(anna)
    with entrance.world.database.transaction() as connection:
        staff.end_session(connection, session.id, anna.id)
    answer = device.show(question.options)
    attempt = lambda: passkeys.prove_again(entrance.world.keys, session, question.token, answer)  # noqa: E731
    assert refusal(attempt) is Problem.STALE


@pytest.mark.parametrize("behind", [0, 1, 5])
def test_a_copy_that_counts_on_its_own_is_refused_and_written_down(entrance: Entrance, behind: int) -> None:
    device = entrance.device_of(entrance.person())
    device.signed = 6
    entrance.show(device)
    device.signed -= behind + 1
    assert refusal(lambda: entrance.show(device)) is Problem.UNKNOWN
    assert entrance.noted()[-1] == Action.PASSKEY_REFUSED
    assert entrance.open_sessions() == 1


def test_a_device_that_has_counted_does_not_forget_how(entrance: Entrance) -> None:
    device = entrance.device_of(entrance.person())
    entrance.show(device)
    device.counts, device.signed = False, 0
    assert refusal(lambda: entrance.show(device)) is Problem.UNKNOWN


def test_whoever_may_no_longer_sign_in_does_not_with_a_passkey_either(entrance: Entrance) -> None:
    anna = entrance.person()
    device = entrance.device_of(anna)
    with entrance.world.database.transaction() as connection:
        people.set_disabled(connection, anna.id, entrance.world.clock())
    assert refusal(lambda: entrance.show(device)) is Problem.UNKNOWN


def test_a_passkey_that_was_removed_lets_nobody_in(entrance: Entrance) -> None:
    anna = entrance.person()
    device = entrance.device_of(anna)
    with entrance.world.database.transaction() as connection:
        kept.remove_all(connection, anna.id)
    assert refusal(lambda: entrance.show(device)) is Problem.UNKNOWN


RUBBISH = [
    "", "x", "null", "[]", "{}", "[" * 5000, '"' + "x" * 20000, "{" * 16384, '{"id": 1}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "é", "signature": ""}}',
]  # fmt: skip


@pytest.mark.parametrize("answer", RUBBISH)
def test_rubbish_is_refused_as_anything_else(entrance: Entrance, answer: str) -> None:
    anna = entrance.person()
    question, making = entrance.ask(), entrance.ask_for_new(anna)
    keys = entrance.world.keys
    assert refusal(lambda: passkeys.prove(keys, question.token, answer)) is Problem.UNKNOWN
    assert refusal(lambda: passkeys.add(keys, anna, making.token, answer, "x")) is Problem.UNKNOWN


# What is refused: at making one


MAKERS: dict[str, Callable[[Device], None]] = {
    name: cheat
    for name, cheat in CHEATS.items()
    if name not in ("that is not known", "for another account", "for no account", "with another key")
} | {"with too long a name": lambda device: setattr(device, "credential_id", b"x" * 1024)}


@pytest.mark.parametrize("how", MAKERS)
def test_no_passkey_is_kept_that_was_made(entrance: Entrance, how: str) -> None:
    anna, device = entrance.person(), Device(SITE)
    MAKERS[how](device)
    question = entrance.ask_for_new(anna)
    answer = device.make(question.options)
    assert refusal(lambda: passkeys.add(entrance.world.keys, anna, question.token, answer, "x")) is Problem.UNKNOWN
    assert entrance.passkeys_of(anna) == []


def test_nobody_adds_a_passkey_to_somebody_else_s_account(entrance: Entrance) -> None:
    anna, adam = entrance.person(), entrance.person(Role.ADMIN)
    question = entrance.ask_for_new(anna)
    answer = Device(SITE).make(question.options)
    assert refusal(lambda: passkeys.add(entrance.world.keys, adam, question.token, answer, "x")) is Problem.STALE


def test_a_passkey_is_not_kept_twice_whosever_it_is(entrance: Entrance) -> None:
    anna, adam = entrance.person(), entrance.person(Role.ADMIN)
    device, question = entrance.device_of(anna), entrance.ask_for_new(adam)
    answer = device.make(question.options)
    assert refusal(lambda: passkeys.add(entrance.world.keys, adam, question.token, answer, "x")) is Problem.TAKEN
    assert entrance.show(Device(SITE, key=device.key, credential_id=device.credential_id, signed=9,
                                handle=entrance.device_of(anna).handle)).person == anna  # fmt: skip


def test_an_answer_of_making_works_once(entrance: Entrance) -> None:
    anna, device = entrance.person(), Device(SITE)
    question = entrance.ask_for_new(anna)
    answer = device.make(question.options)
    passkeys.add(entrance.world.keys, anna, question.token, answer, "x")
    assert refusal(lambda: passkeys.add(entrance.world.keys, anna, question.token, answer, "x")) is Problem.STALE


def test_nobody_has_more_passkeys_than_can_be_looked_over(entrance: Entrance) -> None:
    anna = entrance.person()
    for _ in range(passkeys.MOST):
        entrance.device_of(anna)
    assert refusal(lambda: entrance.device_of(anna)) is Problem.TOO_MANY
