"""Everybody can use every page for staff: axe finds nothing, and nothing scrolls sideways on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Literal

import pytest
from playwright.sync_api import Browser

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.domain.people import Role
from campaigns.language import LANGUAGES
from campaigns.services.own_account import change_language
from campaigns.storage import staff
from campaigns.web.doors import cookie_name
from tests.browser import axe
from tests.browser.visitors import DESKTOP, FUND, PHONE, Visitor, visitor
from tests.served import Served
from tests.web.sites import Site
from tests.web.staff import Office
from tests.web.staff_rooms import BusyOffice, first_who_may, needs, staff_rules, token_of, work_through
from tests.web.strict_client import StrictClient
from tests.world import Clock

pytestmark = pytest.mark.browser

NARROW = 320
Look = tuple[tuple[int, int], Literal["light", "dark"]]
# Every look of every page in one language; the other has other words in the same places.
LOOKS: dict[str, tuple[Look, ...]] = {"pl": ((PHONE, "dark"), (DESKTOP, "light")), "en": ((PHONE, "light"),)}
# A page that fits is as wide as the screen; what is wider scrolls in a box of its own.
WIDTH = "document.documentElement.scrollWidth"
# What is no page, and what is led on from.
NO_PAGES = ("*.csv", "/sign-in/code", "/sign-in/set-up", "/treasury/book/*/confirm", "/treasury/import/book")


@dataclass
class StaffSite:
    """The real server with a demo where much has happened, and the same site from the inside."""

    served: Served
    busy: BusyOffice

    def pages(self) -> list[tuple[str, Role]]:
        """One path to every page, and who looks at it."""
        app = self.busy.app
        rules = [rule for rule in staff_rules(app) if "GET" in (rule.methods or set())]
        found = [(self.busy.path(rule), first_who_may(needs(app, rule))) for rule in rules]
        return [(path, role) for path, role in found if not any(fnmatch(path, pattern) for pattern in NO_PAGES)]


@pytest.fixture(scope="module")
def staff_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffSite]:
    """A server of its own: much is booked and closed here."""
    served = Served(tmp_path_factory.mktemp("staff"))
    try:
        served.prepare()
        settings, clock = Settings.from_environment(served.settings), Clock(datetime.now(UTC))
        app = create_app(settings, now=clock)
        office = Office(Site(app, clock, StrictClient(app, settings.base_url)))
        with office.site.keys.database.reading() as connection:
            office.know(staff.everybody(connection))
        invitation = work_through(office, FUND)
        tokens = {role: token_of(office, role) for role in Role}
        served.serve()
        yield StaffSite(served, BusyOffice(office, tokens, invitation))
        office.site.keys.database.close()
    finally:
        served.stop()


def sign_in(person: Visitor, site: StaffSite, role: Role) -> None:
    """As if somebody of this role had signed in a moment ago."""
    keys = site.busy.office.site.keys
    change_language(keys, site.busy.office.person(role), person.lang)
    cookie = {"name": cookie_name(keys), "value": site.busy.tokens[role], "url": site.served.url}
    person.context.clear_cookies()
    person.context.add_cookies([cookie])  # type: ignore[list-item]  # a dictionary as Playwright takes it


def inspected(person: Visitor, path: str) -> Iterator[str]:
    """What is wrong with a page, in each look of it."""
    person.go(path)
    for (width, height), scheme in LOOKS[person.lang]:
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.emulate_media(color_scheme=scheme)
        yield from (f"{path}, {width} px, {scheme}: {fault}" for fault in axe.faults(person.page))
    person.page.set_viewport_size({"width": NARROW, "height": 640})
    if person.page.evaluate(WIDTH) > NARROW:
        yield f"{path} scrolls sideways"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_is_shut_out_of_any_page_for_staff(browser: Browser, staff_site: StaffSite, lang: str) -> None:
    found: list[str] = []
    with visitor(browser, staff_site.served, lang=lang, motion="reduce") as person:
        for path, role in staff_site.pages():
            sign_in(person, staff_site, role)
            found.extend(inspected(person, path))
    assert (found, person.complaints) == ([], [])
