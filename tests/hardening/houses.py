"""The whole program in this process, edge included, with a clock that can be moved and forms that can be filled in."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

import html5lib
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.payments.sandbox import SandboxGateway
from campaigns.services.checking import check_books
from campaigns.services.keys import Keys
from campaigns.services.opening import is_up_to_date
from campaigns.storage.columns import metadata
from campaigns.storage.models import pledges
from tests.served import ORGANISATION, fernet_key

HOST = "give.example.org"
ORIGIN = f"http://{HOST}"
FUND = "legal-travel-fund"
DONOR = "203.0.113.7"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Clock:
    """The time of day, which stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


def settings_of(database_url: str, **given: str) -> Settings:
    """A demo's settings on this database; `given` are those that differ."""
    return Settings.from_environment(
        {
            "DEMO": "1",
            "PAYMENT_GATEWAY": "sandbox",
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_hex(32),
            "PII_KEYS": fernet_key(),
            "BASE_URL": ORIGIN,
            **ORGANISATION,
            **given,
        }
    )


class House:
    """The program, and visitors who come by HTTP as far as the program can tell."""

    def __init__(self, settings: Settings) -> None:
        self.clock = Clock()
        self.app = create_app(settings, now=self.clock)
        self.keys: Keys = self.app.extensions["keys"]
        self._client = self.app.test_client(use_cookies=False)
        self._of_the_demo = self._pledges() if is_up_to_date(self.keys.database) else 0

    def close(self) -> None:
        self.keys.database.close()

    def visit(self, path: str, method: str = "GET", **headers: str) -> TestResponse:
        """One request without a body; names of headers with underscores."""
        return self._client.open(path, method=method, base_url=ORIGIN, headers=_named(headers), buffered=True)

    def send(
        self, path: str, form: Mapping[str, str] | bytes, peer: str = DONOR, origin: str | None = ORIGIN, **headers: str
    ) -> TestResponse:
        """A form, from a page of ours unless `origin` says otherwise, by a visitor at the address `peer`."""
        named = _named(headers) | ({} if origin is None else {"Origin": origin})
        return self._client.post(
            path, data=form, base_url=ORIGIN, headers=named, environ_overrides={"REMOTE_ADDR": peer}
        )

    def choose(self, amount: str, lang: str = "en", origin: str | None = ORIGIN, **headers: str) -> TestResponse:
        """The first step, with an amount of the donor's own."""
        form = {"amount": "own", "own_amount": amount}
        return self.send(f"/{lang}/{FUND}/give", form, origin=origin, **headers)

    def confirm(
        self, form: Mapping[str, str], lang: str = "en", peer: str = DONOR, origin: str | None = ORIGIN, **headers: str
    ) -> TestResponse:
        """The second step."""
        return self.send(f"/{lang}/give/confirm", form, peer, origin, **headers)

    def offer(self, amount: str = "50", lang: str = "en") -> dict[str, str]:
        """The second step's form as a donor gets it: BLIK, no receipt."""
        answer = self.choose(amount, lang)
        assert answer.status_code == 200, answer.text
        return {"token": value_of(answer.text, "token"), "method": "blik", "email": ""}

    def page(self, form: Mapping[str, str]) -> str:
        """The path of the sandbox's page that this form leads to."""
        answer = self.confirm(form)
        assert answer.status_code == 303, answer.text
        return (answer.location or "").removeprefix(ORIGIN)

    def notices(self, gifts: int = 1) -> list[tuple[bytes, str]]:
        """So many new gifts of 50 zł are paid at the sandbox; what it has to tell us of them, and its signatures."""
        assert isinstance(self.keys.gateway, SandboxGateway)
        for _ in range(gifts):
            self.keys.gateway.bank.pay(self.page(self.offer("50")).rpartition("/")[2])
        heard: list[tuple[bytes, str]] = []

        def hear(body: bytes, signature: str) -> int:
            heard.append((body, signature))
            return 200

        self.keys.gateway.deliver_due(self.clock(), hear)
        return heard

    def tell(self, body: bytes, signature: str | None, gateway: str = "sandbox") -> TestResponse:
        """A notice comes."""
        headers = {"Content-Type": "application/json"}
        if signature is not None:
            headers["Sandbox-Signature"] = signature
        return self._client.post(f"/webhooks/{gateway}", data=body, base_url=ORIGIN, headers=headers)

    @property
    def raised(self) -> int:
        """What the books say of the fund, in grosze; every figure is added up anew first."""
        result = check_books(self.keys.database)
        assert not result.faults, result.faults
        return next(proof.booked.raised.minor for proof in result.proofs if proof.slug == FUND)

    @property
    def begun(self) -> int:
        """How many gifts donors have begun, other than those that come with the demo."""
        return self._pledges() - self._of_the_demo

    def _pledges(self) -> int:
        with self.keys.database.reading() as connection:
            query = select(func.count()).select_from(pledges).where(pledges.c.form_hash.is_not(None))
            return connection.scalar(query) or 0

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        with self.keys.database.reading() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }


def page_of(text: str) -> Element:
    """The page as a browser reads it."""
    tree: Element = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    return tree


def value_of(text: str, name: str) -> str:
    """What stands in the field of this name."""
    field = next(field for field in page_of(text).iter("input") if field.get("name") == name)
    return field.get("value", "")


def words(element: Element) -> str:
    """All text within an element, with plain single spaces."""
    return " ".join("".join(element.itertext()).split())


def complaint(text: str) -> str:
    """What the page says that is wrong, to everybody and to screen readers; "" if nothing is."""
    return " ".join(words(element) for element in page_of(text).iter() if element.get("role") == "alert")


def title(text: str) -> str:
    """The page's heading."""
    return words(next(page_of(text).iter("h1")))


def spoken(text: str) -> str:
    """The language that the page says it is in."""
    return page_of(text).get("lang", "")


def visible(text: str) -> str:
    """The text without what nobody can see in it."""
    return "".join(character for character in text if unicodedata.category(character)[0] != "C")


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
