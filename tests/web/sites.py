"""A whole site for tests of pages: the real application on a real database, and a visitor who inspects what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.domain.campaign import Kind
from campaigns.domain.pledge import Method
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.keys import Keys
from campaigns.web.edge import Edge
from tests.gifts import zloty
from tests.web.strict_client import StrictClient
from tests.world import Clock, environment, new_fund

DAY = timedelta(days=1)
KRS = "0000123456"


@dataclass
class Site:
    """The site, its clock, a visitor, and the organisation's hands."""

    app: Flask
    clock: Clock
    visitor: StrictClient

    @property
    def keys(self) -> Keys:
        keys: Keys = self.app.extensions["keys"]
        return keys

    def add(self, slug: str, **changes: object) -> None:
        """One more campaign; `changes` are fields of NewCampaign."""
        new_fund(self.keys.database, slug, **changes)

    def add_tax_appeal(self, slug: str) -> None:
        self.add(slug, kind=Kind.TAX_APPEAL, goal=None, krs=KRS)

    def give(self, slug: str, *amounts: str) -> None:
        """The treasurer books gifts of so many złoty."""
        for amount in amounts:
            book_offline_gift(self.keys.database, slug, zloty(amount), Method.CASH, "pl", self.clock())

    def let_the_edge_forget(self) -> None:
        """As after the second for which it keeps pages."""
        edge = self.app.wsgi_app
        assert isinstance(edge, Edge)
        self.app.wsgi_app = Edge(edge.app, self.keys.settings)  # type: ignore[method-assign]  # Flask's own way

    def second_step(self, slug: str = "fund", amount: str = "50", lang: str = "pl") -> dict[str, str]:
        """What the second step's form sends if a donor changes nothing in it."""
        page = self.visitor.post(f"/{lang}/{slug}/give", {"amount": amount})
        fields = [
            field for field in page.every("input") if field.get("type") != "radio" or field.get("checked") is not None
        ]
        return {field.get("name", ""): field.get("value", "") for field in fields if field.get("type") != "checkbox"}


def build(database_url: str, **changes: str) -> Site:
    """A site on this database, with one open campaign, `fund`; `changes` are settings."""
    settings = Settings.from_environment(environment(database_url, **changes))
    clock = Clock()
    app = create_app(settings, now=clock)
    site = Site(app, clock, StrictClient(app, settings.base_url))
    site.add("fund")
    return site


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    """A site of this test's own."""
    built = build(sqlite_url)
    yield built
    built.keys.database.close()
