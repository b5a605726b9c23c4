"""A treasury for tests of gifts: a site with staff, its sandbox, donors and banks, all on the same database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Select, update

from campaigns.domain.people import Role
from campaigns.payments.sandbox import SandboxGateway
from campaigns.storage import audit_log
from campaigns.storage.models import staff
from tests.web.page_rules import Page, text_of
from tests.web.sites import build
from tests.web.staff import Office, StaffClient
from tests.world import World

FUND, OTHER = "fund", "other-fund"
NOT_TREASURERS = (Role.ADMIN, Role.AUDITOR, Role.EDITOR)


class Treasury(Office):
    """An office, and the world outside: what donors and banks do there is told to it by notices."""

    @property
    def world(self) -> World:
        """The same site as donors and banks see it."""
        keys = self.site.keys
        assert isinstance(keys.gateway, SandboxGateway)
        secret = hashlib.sha256(b"sandbox notices:" + keys.settings.secret_key.encode()).hexdigest()
        return World(keys, keys.gateway, self.site.clock, secret)

    @property
    def in_english(self) -> StaffClient:
        """The treasurer, who prefers English from now on."""
        self.person(Role.TREASURER)
        with self.site.keys.database.transaction() as connection:
            connection.execute(update(staff).values(language="en"))
        return self.treasurer

    def ask(self, query: Select[Any]) -> Any:
        """One value out of the database."""
        with self.site.keys.database.reading() as connection:
            return connection.scalar(query)

    def deeds(self) -> list[tuple[str, str, str]]:
        """All that is in the audit log: action, subject, detail."""
        with self.site.keys.database.snapshot() as connection:
            found = [sealed.record for sealed in audit_log.all_records(connection)]
        return [(record.action, record.subject, record.detail) for record in found]

    def refund_form(self, number: int = 1, amount: str = "40", reason: str = "donor_asked") -> dict[str, str]:
        """What the form of a refund sends when this is typed into it."""
        page = self.treasurer.get(f"/treasury/payments/{number}/refund")
        (slip,) = [field.get("value", "") for field in page.every("input") if field.get("name") == "slip"]
        return {"slip": slip, "amount": amount, "reason": reason}


def cells(page: Page) -> list[list[str]]:
    """The rows of a page's tables, without their heads."""
    rows = [[text_of(cell) for cell in row if str(cell.tag).endswith("td")] for row in page.every("tr")]
    return [row for row in rows if row]


def _opened(url: str) -> Iterator[Treasury]:
    site = build(url)
    site.add(OTHER)
    yield Treasury(site)
    site.keys.database.close()


@pytest.fixture
def treasury(sqlite_url: str) -> Iterator[Treasury]:
    """A treasury of this test's own, with two open campaigns, `fund` and `other-fund`."""
    yield from _opened(sqlite_url)


@pytest.fixture
def treasury_on_each(database_url: str) -> Iterator[Treasury]:
    """The same on each kind of database."""
    yield from _opened(database_url)
