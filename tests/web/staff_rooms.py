"""The rooms for staff, whole: every address with an example of what stands in it, in an office where much happened."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Executable, and_, func, select, union
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.domain.people import MAY, Permission, Role
from campaigns.domain.periods import next_month
from campaigns.domain.pledge import Method
from campaigns.services import closing, invitations, jobs
from campaigns.services.demo.year import book_year
from campaigns.services.giving import GiftRequest, start_gift
from campaigns.storage import inbox, passkeys, people, staff
from campaigns.storage.columns import metadata
from campaigns.storage.database import Database
from campaigns.storage.inbox import NoticeState
from campaigns.storage.models import alerts, campaigns, closings, entries, notices, payments, pledges, sessions
from campaigns.storage.models import staff as staff_table
from campaigns.storage.passkeys import NewPasskey
from campaigns.web.doors import OPEN_ROOMS, cookie_name
from tests.databases import SQLiteDatabases
from tests.gifts import zloty
from tests.web.sites import Site
from tests.web.staff import Office
from tests.web.strict_client import StrictClient
from tests.world import Clock, environment, new_fund

EMAIL = "darczynca@example.net"  # a donor's, whom nobody but a treasurer may see
MEMO = "Wpisane dwa razy"
SIGN_IN = ("/sign-in", "/sign-in/again")
# Whoever may most comes first: an example belongs to the first one who may see it.
ROLES = (Role.TREASURER, Role.ADMIN, Role.AUDITOR, Role.EDITOR)


def staff_rules(app: Flask) -> list[Rule]:
    """Every address that is not open to all."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] not in OPEN_ROOMS]


def needs(app: Flask, rule: Rule) -> Permission | None:
    """What an address needs; None for those to whoever is not signed in."""
    found: Permission | None = app.extensions["doors"][rule.endpoint]
    return found


def first_who_may(permission: Permission | None) -> Role:
    return next(role for role in ROLES if permission is None or permission in MAY[role])


def methods(rule: Rule) -> Iterator[str]:
    """GET or POST."""
    yield from (rule.methods or set()) & {"GET", "POST"}


@dataclass
class BusyOffice:
    """A year of gifts, a donor with an address, an alert, a notice for a human, people, links, and a closed month."""

    office: Office
    tokens: dict[Role, str]
    invitation: str

    @property
    def app(self) -> Flask:
        return self.office.site.app

    @property
    def database(self) -> Database:
        return self.office.site.keys.database

    def path(self, rule: Rule) -> str:
        """The address with everything in it filled in; LookupError for something of which there is no example."""
        return self.paths(rule)[0]

    def paths(self, rule: Rule) -> list[str]:
        """The same with every example that there is."""
        adapter, method = self.app.url_map.bind("127.0.0.1"), next(methods(rule))
        examples = [[(name, example) for example in self._examples_of(rule, name)] for name in sorted(rule.arguments)]
        return [adapter.build(rule.endpoint, dict(chosen), method=method) for chosen in product(*examples)]

    def disable(self, role: Role) -> None:
        """As whoever manages people does."""
        keys = self.office.site.keys
        with keys.database.transaction() as connection:
            people.set_disabled(connection, self.office.person(role).id, keys.now())

    def _examples_of(self, rule: Rule, name: str) -> Sequence[object]:
        for (pattern, argument), examples in self._examples():
            if argument == name and fnmatch(rule.rule, pattern):
                return examples
        raise LookupError(f"{rule.rule}: say in tests/web/staff_rooms.py what could stand for <{name}>")

    def _examples(self) -> Iterator[tuple[tuple[str, str], Sequence[object]]]:
        """Pattern of a rule and name of an argument, and what can stand for it; the first that fits counts."""
        yield ("/invitation/*", "token"), [self.invitation]
        yield ("/sign-in/reset/*", "token"), ["no-such-link"]
        yield ("/account/sessions/*", "number"), [99]
        yield ("/account/passkeys/*", "number"), [1]
        yield ("/admin/people/*", "number"), self._found(select(staff_table.c.id).order_by(staff_table.c.id.desc()))
        yield ("/treasury/pledges/*", "number"), self._found(_PLEDGES)
        yield ("/treasury/payments/*", "number"), self._found(select(payments.c.id).where(_IS_PAID_ONLINE))[-1:]
        yield ("/treasury/alerts/*", "number"), self._found(select(alerts.c.id))
        yield ("/treasury/notices/*", "number"), self._found(select(notices.c.id).where(notices.c.state == "unfit"))
        yield ("/treasury/ledger/*/reverse", "number"), self._found(select(entries.c.id).where(_IS_BY_HAND))[-1:]
        yield ("/treasury/ledger/*", "number"), self._found(select(func.max(entries.c.id)).group_by(entries.c.kind))
        yield ("/treasury/statement/*", "slug"), self._found(select(campaigns.c.slug).order_by(campaigns.c.id))
        yield ("/treasury/book/*", "word"), ["gift", "expense", "transfer", "opening", "assignment"]
        yield ("/treasury/months/*/close", "month"), [next_month(self.month)]
        yield ("/treasury/months/*", "month"), [self.month]

    def _found(self, query: Executable) -> list[object]:
        with self.database.reading() as connection:
            found: list[object] = list(connection.execute(query).scalars())
        assert found, f"the busy office has nothing of what {query} asks for"
        return found

    @property
    def month(self) -> str:
        """The month that is closed."""
        with self.database.reading() as connection:
            return str(connection.scalar(select(func.max(closings.c.month))))


# The newest pledge, and one with a payment in each state.
_PLEDGES = union(select(func.max(pledges.c.id)), select(func.max(payments.c.pledge_id)).group_by(payments.c.state))
_IS_PAID_ONLINE = and_(payments.c.state == "paid", payments.c.gateway == "sandbox")
_IS_BY_HAND = entries.c.kind == "expense"


@dataclass
class Template:
    """The busy office's database, to be copied, and what it takes to open it."""

    file: Path
    environment: dict[str, str]
    tokens: dict[Role, str]
    invitation: str


@pytest.fixture(scope="session")
def busy_template(sqlite_databases: SQLiteDatabases) -> Template:
    """Made once: so much takes a while to happen."""
    url = sqlite_databases.migrated()
    given = environment(url)
    office = _opened(given)
    keys = office.site.keys
    new_fund(keys.database, "fund")
    for role in Role:
        office.person(role)
    book_year(keys, "fund", office.person(Role.TREASURER))
    invitation = work_through(office)
    tokens = {role: token_of(office, role) for role in Role}
    keys.database.cut_log()
    keys.database.close()
    return Template(Path(url.removeprefix("sqlite:///")), given, tokens, invitation)


@pytest.fixture
def busy(busy_template: Template, tmp_path: Path) -> Iterator[BusyOffice]:
    """An office where much has happened, so that every address has something behind it."""
    file = shutil.copy(busy_template.file, tmp_path / "busy.sqlite3")
    office = _opened(busy_template.environment | {"DATABASE_URL": f"sqlite:///{file}"})
    with office.site.keys.database.reading() as connection:
        office.know(staff.everybody(connection)[: len(Role)])
    yield BusyOffice(office, busy_template.tokens, busy_template.invitation)
    office.site.keys.database.close()


def _opened(given: dict[str, str]) -> Office:
    settings, clock = Settings.from_environment(given), Clock()
    app = create_app(settings, now=clock)
    return Office(Site(app, clock, StrictClient(app, settings.base_url)))


def work_through(office: Office, slug: str = "fund") -> str:
    """What comes to an office besides gifts: somebody leaves an address, things wait, a month is closed.

    Returns the token of an invitation.
    """
    keys, treasurer = office.site.keys, office.person(Role.TREASURER)
    form, address = secrets.token_hex(16), "192.0.2.7"
    start_gift(keys, GiftRequest(slug, zloty("77"), Method.BLIK, "pl", EMAIL, form, address))
    with keys.database.transaction() as connection:
        passkeys.add(connection, NewPasskey(treasurer.id, "AAAA", "AAAA", 0, "Telefon"), keys.now())
        notice = inbox.remember(connection, "sandbox", "evt-1", "refund", "sb_ref_1", keys.now())
        inbox.mark(connection, notice or 0, NoticeState.UNFIT, "it fits no move")
        number = staff.add(connection, "new@example.org", "Nowa Osoba", Role.EDITOR, "pl", keys.now())
        newcomer = replace(office.person(Role.EDITOR), id=number, email="new@example.org")
        invitation = invitations.invite(connection, keys, newcomer, None)
    with keys.database.reading() as connection:
        month = closing.next_to_close(connection) or ""
    closing.close_month(keys, treasurer, month)
    jobs.run_jobs(keys, keys.now())
    return invitation


def ask(office: Office, method: str, path: str, token: str = "", origin: str | None = "own") -> TestResponse:
    """A bare request with the token of a sign-in, or of none; `origin` is where its form stood."""
    keys = office.site.keys
    base = keys.settings.base_url
    headers = {"Cookie": f"{cookie_name(keys)}={token}"} if token else {}
    if origin is not None and method != "GET":
        headers["Origin"] = base if origin == "own" else origin
    client = office.site.app.test_client(use_cookies=False)
    return client.open(path, method=method, base_url=base, headers=headers, buffered=True)


def token_of(office: Office, role: Role) -> str:
    """Of a sign-in of somebody of this role, begun a moment ago."""
    return office.signed_in(role).token


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but that of the sign-ins, where a look at a page leaves its time."""
    with database.snapshot() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table is not sessions
        }
