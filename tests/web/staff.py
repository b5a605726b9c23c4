"""Staff for tests of pages: somebody of each role, signed in, whose pages are inspected like all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from campaigns.domain.people import Person, Role
from campaigns.services import sessions
from campaigns.storage import staff
from campaigns.web.doors import cookie_name
from tests.web.sites import Site, build
from tests.web.strict_client import StrictClient


class StaffClient(StrictClient):
    """A browser with the token of a sign-in. Pages behind the door may be asked for only with it."""

    def __init__(self, app: Flask, base_url: str, token: str) -> None:
        super().__init__(app, base_url)
        self._app = app
        self.token = token

    def raw(self, method: str, path: str, **request: Any) -> TestResponse:
        headers = {**request.pop("headers", {})}
        headers["Cookie"] = f"{cookie_name(self._app.extensions['keys'])}={self.token}"
        return super().raw(method, path, headers=headers, **request)

    def done(self, path: str, form: dict[str, str]) -> str:
        """Sends a form that must be accepted; returns where the browser is led on to."""
        answer = self.send(path, form)
        assert answer.status_code == 303, answer.text[:2000]
        return str(answer.headers["Location"])


class Office:
    """A site with staff."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._people: dict[Role, Person] = {}

    def person(self, role: Role, language: str = "pl") -> Person:
        """Somebody of this role: always the same one."""
        if role not in self._people:
            with self.site.keys.database.transaction() as connection:
                number = staff.add(connection, f"{role}@example.org", role.title(), role, language, self.site.clock())
            self._people[role] = Person(number, f"{role}@example.org", role.title(), role, language)
        return self._people[role]

    def know(self, people: Iterable[Person]) -> None:
        """Staff who were there before this office was opened."""
        self._people |= {person.role: person for person in people}

    def signed_in(self, role: Role, language: str = "pl") -> StaffClient:
        """Somebody of this role who has signed in a moment ago."""
        keys, person = self.site.keys, self.person(role, language)
        with keys.database.transaction() as connection:
            token = sessions.begin(connection, person, self.site.clock())
        return StaffClient(self.site.app, keys.settings.base_url, token)

    @property
    def treasurer(self) -> StaffClient:
        return self.signed_in(Role.TREASURER)

    @property
    def auditor(self) -> StaffClient:
        return self.signed_in(Role.AUDITOR)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """A site of this test's own, with one open campaign, `fund`, and its staff."""
    built = build(sqlite_url)
    yield Office(built)
    built.keys.database.close()


@pytest.fixture
def office_on_each(database_url: str) -> Iterator[Office]:
    """The same on each kind of database."""
    built = build(database_url)
    yield Office(built)
    built.keys.database.close()
