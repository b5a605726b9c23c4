"""Limits against card testing: how many tries whom, and whose address a try counts for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hardening.houses import DONOR, House, settings_of, spoken, title
from tests.wording import in_language

PROXY = "10.0.0.1"


@pytest.fixture
def proxied(demo_url: str) -> Iterator[House]:
    """The program behind proxies that it knows."""
    opened = House(settings_of(demo_url, TRUSTED_PROXIES="10.0.0.0/8, fd00::/8"))
    yield opened
    opened.close()


def statuses(house: House, tries: int, peer: str = DONOR, forwarded: str | None = None) -> list[int]:
    """How so many new gifts from one peer are answered."""
    headers = {} if forwarded is None else {"X_Forwarded_For": forwarded}
    return [house.confirm(house.offer(), peer=peer, **headers).status_code for _ in range(tries)]


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_sixth_try_within_ten_minutes_is_refused_until_they_are_over(house: House, lang: str) -> None:
    assert statuses(house, 5) == [303] * 5
    refused = house.confirm(house.offer(lang=lang), lang)
    assert (refused.status_code, spoken(refused.text), title(refused.text)) == (
        429,
        lang,
        in_language(lang, "Too many tries"),
    )
    wait = int(refused.headers["Retry-After"])
    assert 0 < wait <= 11 * 60
    assert house.begun == 5
    house.clock.forward(seconds=wait)
    assert statuses(house, 1) == [303]


def test_the_eleventh_try_of_a_day_is_refused(house: House) -> None:
    for _ in range(2):
        assert statuses(house, 5) == [303] * 5
        house.clock.forward(minutes=12)
    refused = house.confirm(house.offer())
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 20 * 3600


def test_what_opens_no_checkout_is_no_try(house: House) -> None:
    form = house.offer()
    for _ in range(7):
        assert house.choose("50").status_code == 200
        assert house.confirm(form).status_code == 303
        assert house.confirm(house.offer() | {"method": "none"}).status_code == 422
        assert house.choose("50", origin="null").status_code == 403
    assert statuses(house, 4) == [303] * 4


@pytest.mark.parametrize("said", ["198.51.100.{}", "198.51.100.{}, 192.0.2.1", "2001:db8:{}::1", "unknown-{}"])
def test_what_an_untrusted_peer_says_of_its_address_counts_for_nothing(proxied: House, said: str) -> None:
    answers = [proxied.confirm(proxied.offer(), peer=DONOR, X_Forwarded_For=said.format(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]


@pytest.mark.parametrize("header", ["X_Real_IP", "Forwarded", "CF_Connecting_IP", "True_Client_IP", "X_Client_IP"])
def test_no_other_header_makes_another_donor(proxied: House, header: str) -> None:
    answers = [proxied.confirm(proxied.offer(), peer=PROXY, **{header: f"for=192.0.2.{n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]


def test_donors_behind_a_trusted_proxy_are_counted_apart(proxied: House) -> None:
    assert statuses(proxied, 6, PROXY, "192.0.2.1") == [303] * 5 + [429]
    assert statuses(proxied, 1, PROXY, "192.0.2.2") == [303]
    assert statuses(proxied, 1, "10.9.9.9", "192.0.2.1") == [429]


def test_behind_two_trusted_proxies_the_last_foreign_address_counts(proxied: House) -> None:
    assert statuses(proxied, 5, PROXY, "192.0.2.1, 10.0.0.2") == [303] * 5
    assert statuses(proxied, 1, PROXY, "192.0.2.99, 192.0.2.1, 10.0.0.2") == [429]
    assert statuses(proxied, 1, PROXY, "192.0.2.2, 10.0.0.2") == [303]


def test_a_donor_cannot_hide_behind_an_address_that_the_donor_made_up(proxied: House) -> None:
    made_up = [f"198.51.100.{number}, {DONOR}" for number in range(6)]
    answers = [proxied.confirm(proxied.offer(), peer=PROXY, X_Forwarded_For=said) for said in made_up]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]


def test_addresses_of_one_ipv6_network_are_one_donor(house: House) -> None:
    answers = [house.confirm(house.offer(), peer=f"2001:db8:1:2:{number:x}::1") for number in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert statuses(house, 1, "2001:db8:1:3::1") == [303]


def test_an_ipv4_address_in_ipv6_clothes_is_the_same_donor(house: House) -> None:
    assert statuses(house, 5, DONOR) == [303] * 5
    assert statuses(house, 1, f"::ffff:{DONOR}") == [429]


def test_midnight_forgives_nothing(house: House) -> None:
    house.clock.forward(hours=11, minutes=57)
    assert statuses(house, 5) == [303] * 5
    house.clock.forward(minutes=5)
    assert statuses(house, 1) == [429]


def test_other_limits_can_be_set(demo_url: str) -> None:
    house = House(settings_of(demo_url, GIVE_LIMITS="2/1h"))
    assert statuses(house, 3) == [303, 303, 429]
    house.close()
