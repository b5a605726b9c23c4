"""Visitors with a browser: what they do on the pages, and what their browser noticed meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.served import Served
from tests.wording import plain

FUND = "legal-travel-fund"
PHONE = (360, 740)
DESKTOP = (1280, 900)

# How Chromium mentions every page that is answered with an error, such as a form with a mistake.
_MENTIONED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Visitor:
    """Somebody with one tab, at an address of their own. `leaves_for`: hosts that a test lets them go to."""

    site: Served
    context: BrowserContext
    page: Page
    lang: str
    address: str
    leaves_for: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site.url}{path}")

    def choose(self, amount: str = "50", slug: str = FUND) -> None:
        """The first step, with one of the round amounts."""
        self.go(f"/{self.lang}/{slug}")
        self.page.locator(f'label:has(input[name="amount"][value="{amount}"])').click()
        self.send()

    def choose_own(self, typed: str, slug: str = FUND) -> None:
        """The first step, with an amount of one's own."""
        self.go(f"/{self.lang}/{slug}")
        self.page.locator('label:has(input[name="amount"][value="own"])').click()
        self.page.locator("#own-amount").fill(typed)
        self.send()

    def pay_by(self, method: str, *, safe: bool = True) -> None:
        """The second step; a card with the tick that it is safe."""
        self.page.locator(f'label:has(input[value="{method}"])').click()
        if method == "card" and safe:
            self.page.locator("#safe-card").check()
        self.send()

    def send(self) -> None:
        self.page.locator("form.give button").click()

    def decide(self, outcome: str) -> None:
        """What the visitor chooses on the sandbox's page."""
        self.page.locator(f'button[value="{outcome}"]').click()

    def heading(self) -> str:
        return plain(self.page.locator("h1").inner_text())

    def trouble(self) -> list[str]:
        """What should not have happened: complaints of the browser, contacts with other hosts, cookies."""
        allowed = {urlsplit(self.site.url).netloc, *self.leaves_for}
        foreign = [url for url in self.asked if urlsplit(url).scheme != "data" and urlsplit(url).netloc not in allowed]
        return [*self.complaints, *foreign, *(str(cookie) for cookie in self.context.cookies())]

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_MENTIONED):
            self.complaints.append(message.text)


@contextmanager
def visitor(
    browser: Browser,
    site: Served,
    lang: str = "en",
    size: tuple[int, int] = DESKTOP,
    javascript: bool = True,
    scheme: Literal["light", "dark"] = "light",
    motion: Literal["reduce", "no-preference"] = "no-preference",
) -> Iterator[Visitor]:
    """Somebody new, whose browser remembers nothing."""
    address = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
    context = browser.new_context(
        locale={"pl": "pl-PL", "en": "en-GB"}[lang],
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=javascript,
        color_scheme=scheme,
        reduced_motion=motion,
        extra_http_headers={"X-Forwarded-For": address},
    )
    context.set_default_timeout(10_000)
    came = Visitor(site, context, context.new_page(), lang, address)
    context.on("request", came._ask)
    context.on("console", came._hear)
    came.page.on("pageerror", lambda error: came.complaints.append(str(error)))
    try:
        yield came
    finally:
        context.close()
