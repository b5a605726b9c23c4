"""One-time codes: right by the standard, each used once on all nodes together, and kept so that nobody reads them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from campaigns.domain.people import Person, Role
from campaigns.services import invitations, one_time_codes
from campaigns.services.resealing import reseal
from campaigns.storage import credentials, staff
from campaigns.storage.columns import metadata
from campaigns.storage.models import letters
from campaigns.storage.staff import Credentials
from campaigns.storage.vault import CannotOpen, Vault
from tests.gifts import new_vault
from tests.world import World

# RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
RFC_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


def somebody(world: World, email: str = "t@example.org") -> Person:
    with world.database.transaction() as connection:
        number = staff.add(connection, email, "Teresa", Role.TREASURER, "pl", world.clock())
    return Person(number, email, "Teresa", Role.TREASURER, "pl")


def with_app(world: World) -> tuple[Person, str, list[str]]:
    """Somebody who has set an app up: its key and the recovery codes."""
    person = somebody(world)
    offer = one_time_codes.offer(world.keys, person)
    code = one_time_codes.shown(offer.secret, world.clock())
    with world.database.transaction() as connection:
        codes = one_time_codes.take(connection, world.keys, person, offer.sealed, code)
    world.clock.turn(timedelta(seconds=30))
    assert codes is not None
    return person, offer.secret, codes


def known(world: World, person: Person) -> Credentials:
    with world.database.reading() as connection:
        found = staff.by_id(connection, person.id)
    assert found is not None
    return found


def accepts(world: World, person: Person, code: str) -> bool:
    with world.database.transaction() as connection:
        return one_time_codes.accepts(connection, world.keys.vault, known(world, person), code, world.clock())


@pytest.mark.parametrize("seconds,code", RFC_CODES.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert one_time_codes.shown(RFC_KEY, datetime.fromtimestamp(seconds, UTC)) == code


def test_the_address_in_the_square_names_site_account_and_key(world: World) -> None:
    person = somebody(world)
    offer = one_time_codes.offer(world.keys, person)
    parts = urlsplit(offer.address)
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/Fundacja Przykład:t@example.org")
    assert (asked["secret"], asked["issuer"]) == ([offer.secret], ["Fundacja Przykład"])
    assert len(offer.secret) == 32, "160 bits in base32"


def test_the_same_key_is_offered_again_to_its_owner_alone(world: World) -> None:
    person, other = somebody(world), somebody(world, "a@example.org")
    first = one_time_codes.offer(world.keys, person)
    assert one_time_codes.offer(world.keys, person, first.sealed).secret == first.secret
    assert one_time_codes.offer(world.keys, other, first.sealed).secret != first.secret


def test_of_two_nodes_one_accepts_a_code(world: World) -> None:
    person, secret, _ = with_app(world)
    code, shown = one_time_codes.shown(secret, world.clock()), known(world, person)

    def on_a_node(_number: int) -> bool:
        with world.another_node() as keys, keys.database.transaction() as connection:
            return one_time_codes.accepts(connection, keys.vault, shown, code, world.clock())

    with ThreadPoolExecutor(4) as nodes:
        assert sorted(nodes.map(on_a_node, range(4))) == [False, False, False, True]


def test_of_two_nodes_one_accepts_a_recovery_code(world: World) -> None:
    person, _, (code, *_) = with_app(world)

    def on_a_node(_number: int) -> bool:
        with world.another_node() as keys, keys.database.transaction() as connection:
            return one_time_codes.accepts_recovery(connection, keys, person, code)

    with ThreadPoolExecutor(4) as nodes:
        assert sorted(nodes.map(on_a_node, range(4))) == [False, False, False, True]


def test_a_code_of_a_key_that_was_replaced_meanwhile_is_refused(world: World) -> None:
    person, secret, _ = with_app(world)
    shown, code = known(world, person), one_time_codes.shown(secret, world.clock())
    with world.database.transaction() as connection:
        credentials.set_totp(connection, person.id, world.keys.vault.seal(RFC_KEY), None)
        assert not one_time_codes.accepts(connection, world.keys.vault, shown, code, world.clock())


def test_without_an_app_no_code_is_right(world: World) -> None:
    person = somebody(world)
    for code in ("", "000000", "None"):
        assert not accepts(world, person, code)


def test_a_key_that_cannot_be_opened_is_said_to_be_so(world: World) -> None:
    person, secret, _ = with_app(world)
    shown, other = known(world, person), new_vault()
    with world.database.transaction() as connection, pytest.raises(CannotOpen):
        one_time_codes.accepts(connection, other, shown, one_time_codes.shown(secret, world.clock()), world.clock())


def test_recovery_codes_are_ten_and_hard_to_guess(world: World) -> None:
    _, _, codes = with_app(world)
    assert len(set(codes)) == 10
    letters = "".join(codes).replace("-", "")
    assert len(letters) == 10 * 12, "60 bits each"
    assert set(letters) <= set("0123456789abcdefghjkmnpqrstvwxyz")


def test_a_recovery_code_may_be_misread_in_the_usual_ways(world: World) -> None:
    person, _, (code, *_) = with_app(world)
    misread = code.replace("-", " ").replace("0", "O").replace("1", "l").upper()
    with world.database.transaction() as connection:
        assert one_time_codes.accepts_recovery(connection, world.keys, person, f" {misread} ")


def test_recovery_codes_outlive_a_change_of_secret_key_while_the_old_one_is_named(world: World) -> None:
    person, _, (first, second, *_) = with_app(world)
    old = world.keys.settings
    renewed = replace(old, secret_key="n" * 32, former_secret_keys=(old.secret_key,))
    for settings, code, right in ((renewed, first, True), (replace(old, secret_key="n" * 32), second, False)):
        with world.database.transaction() as connection:
            keys = replace(world.keys, settings=settings)
            assert one_time_codes.accepts_recovery(connection, keys, person, code) is right


def test_neither_key_nor_recovery_code_can_be_read_in_the_database(world: World) -> None:
    _, secret, codes = with_app(world)
    with world.database.reading() as connection:
        kept = "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
    for plain in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert plain not in kept


def test_after_resealing_codes_and_links_need_the_new_key_alone(world: World) -> None:
    person, secret, _ = with_app(world)
    old, fresh = world.keys.settings.pii_keys, Fernet.generate_key().decode()
    with world.database.transaction() as connection:
        invitations.invite(connection, world.keys, person, None)
    reseal(world.database, Vault((fresh, *old)))
    shown, code = known(world, person), one_time_codes.shown(secret, world.clock())
    with world.database.transaction() as connection:
        assert one_time_codes.accepts(connection, Vault((fresh,)), shown, code, world.clock())
        sealed = connection.scalar(select(letters.c.secret)) or ""
        assert len(Vault((fresh,)).open(sealed)) == 43
