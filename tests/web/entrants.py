"""People at the entrance, for tests: each with a password, an app that shows codes, and a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from campaigns.domain.people import Person, Role
from campaigns.services import invitations, one_time_codes, passwords
from campaigns.storage import credentials, staff
from campaigns.web.doors import cookie_name
from tests.web.page_rules import HTML, Page, text_of
from tests.web.sites import Site, build
from tests.web.strict_client import StrictClient

PASSWORD = "trzy konie i rower"
ANOTHER = "cztery psy i hulajnoga"
HOME, FAR = "203.0.113.7", "198.51.100.20"


@cache
def hash_of(password: str) -> str:
    """Made once: it is slow on purpose."""
    return passwords.hashed(password)


class Browser(StrictClient):
    """Keeps the cookie that it is given, as browsers do; `set_cookies` are those of the last answer."""

    def __init__(self, app: Flask, base_url: str, address: str, token: str = "") -> None:
        super().__init__(app, base_url)
        self._name = cookie_name(app.extensions["keys"])
        self.address = address
        self.token = token
        self.set_cookies: list[str] = []

    def raw(self, method: str, path: str, **request: Any) -> TestResponse:
        headers = {**request.pop("headers", {})}
        if self.token:
            headers["Cookie"] = f"{self._name}={self.token}"
        from_here = {"REMOTE_ADDR": self.address}
        answer = self._client.open(
            path, method=method, base_url=self.base_url, headers=headers, environ_overrides=from_here, **request
        )
        self.set_cookies = answer.headers.getlist("Set-Cookie")
        for cookie in self.set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            assert name == self._name
            self.token = value
        return answer

    def status(self, path: str = "/account") -> int:
        """How a page behind the door is answered: 200 to whoever is signed in."""
        return self.raw("GET", path).status_code

    @property
    def is_in(self) -> bool:
        return self.raw("GET", "/sign-in/again").status_code == 200


def fields(page: Page) -> dict[str, str]:
    """What the page's own form sends if nothing is typed."""
    forms = (form for form in page.every("form") if form.get("action") != "/sign-out")
    return {field.get("name", ""): field.get("value", "") for field in next(forms).iter(f"{HTML}input")}


@dataclass
class Entrance:
    """A site with staff, and what each of them has in the pocket."""

    site: Site
    keys_of: dict[int, str] = field(default_factory=dict)

    def person(self, role: Role = Role.TREASURER, *, codes: bool = True, language: str = "en") -> Person:
        """Somebody of this role who has a password, and an app unless it is said otherwise."""
        email, now = f"{role}@example.org", self.site.clock()
        with self.site.keys.database.transaction() as connection:
            number = staff.add(connection, email, role.title(), role, language, now)
            credentials.set_password(connection, number, hash_of(PASSWORD))
            if codes:
                self.keys_of[number] = pyotp.random_base32()
                credentials.set_totp(connection, number, self.site.keys.vault.seal(self.keys_of[number]), None)
        return Person(number, email, role.title(), role, language)

    def browser(self, address: str = HOME, token: str = "") -> Browser:
        return Browser(self.site.app, self.site.keys.settings.base_url, address, token)

    def code(self, person: Person, steps: int = 0) -> str:
        """What the person's app shows, or showed or will show so many steps away."""
        moment = self.site.clock() + timedelta(seconds=one_time_codes.STEP * steps)
        return one_time_codes.shown(self.keys_of[person.id], moment)

    def half(self, browser: Browser, person: Person, password: str = PASSWORD, **more: str) -> dict[str, str]:
        """The form of the second step after the password."""
        return fields(browser.post("/sign-in", {"email": person.email, "password": password, **more}))

    def signed_in(self, person: Person, address: str = HOME) -> Browser:
        """A browser in which the person has signed in, in both steps; the next code is half a minute away."""
        browser = self.browser(address)
        self.enter(browser, person)
        return browser

    def enter(self, browser: Browser, person: Person) -> TestResponse:
        form = self.half(browser, person)
        answer = browser.send("/sign-in/code", {**form, "code": self.code(person)})
        assert answer.status_code == 303, answer.text[:2000]
        self.wait_for_next_code()
        return answer

    def wait_for_next_code(self) -> None:
        self.site.clock.turn(timedelta(seconds=one_time_codes.STEP))

    def recovery_codes(self, person: Person) -> list[str]:
        with self.site.keys.database.transaction() as connection:
            return one_time_codes.renew_recovery_codes(connection, self.site.keys, person)

    def invited(self, role: Role = Role.TREASURER, language: str = "en") -> tuple[Person, str]:
        """Somebody new, and the address of the invitation."""
        email, keys = f"new-{role}@example.org", self.site.keys
        with keys.database.transaction() as connection:
            number = staff.add(connection, email, "Nowa Osoba", role, language, self.site.clock())
            person = Person(number, email, "Nowa Osoba", role, language)
            token = invitations.invite(connection, keys, person, None)
        return person, f"/invitation/{token}"

    def accepts(self, browser: Browser, path: str, **typed: str) -> TestResponse:
        """An invitation is taken: with a good password and a right code, unless something else is `typed`."""
        page = browser.get(path)
        return browser.send(path, {**fields(page), "password": PASSWORD, "code": self.scanned(page), **typed})

    def scanned(self, page: Page) -> str:
        """The code that an app shows now into which the key on this page was typed."""
        (key,) = [text_of(element) for element in page.every("p") if "secret" in element.get("class", "").split()]
        return one_time_codes.shown(key.replace(" ", ""), self.site.clock())


@pytest.fixture
def entrance(sqlite_url: str) -> Iterator[Entrance]:
    """A site of this test's own."""
    built = build(sqlite_url)
    yield Entrance(built)
    built.keys.database.close()


@pytest.fixture
def entrance_on_each(database_url: str) -> Iterator[Entrance]:
    """The same on each kind of database."""
    built = build(database_url)
    yield Entrance(built)
    built.keys.database.close()
