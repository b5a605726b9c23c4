"""A walk through everything that a visitor can be shown, one state of a page after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from campaigns.storage import pledges
from campaigns.storage.database import Database
from tests.browser.visitors import FUND, Visitor
from tests.served import Served

PAGES = ("", FUND, "tax-1-5", "closed", "upcoming", "goalless", "how-we-count", "privacy", "contact", "accessibility",
         "nothing-here", "thanks/nothing-here")  # fmt: skip
EMBEDDED = (FUND, "tax-1-5", "closed", "goalless", "nothing-here")
SIZES = ("line", "card", "full")


def pages(visitor: Visitor) -> Iterator[str]:
    """Everything that an address alone shows; the visitor is there when its name comes."""
    for page in PAGES:
        visitor.go(f"/{visitor.lang}/{page}")
        yield page
    visitor.go("/sandbox/")
    yield "sandbox payments"


def embeds(visitor: Visitor) -> Iterator[str]:
    """Every widget."""
    for slug in EMBEDDED:
        for size in SIZES:
            visitor.go(f"/embed/{slug}?lang={visitor.lang}&size={size}")
            yield f"{size} of {slug}"


def giving(visitor: Visitor) -> Iterator[str]:
    """Every state of giving. The visitor begins four gifts."""
    yield from _mistakes(visitor)
    visitor.pay_by("card")
    yield "checkout"
    visitor.page.locator('main a[href*="left"]').click()
    yield "left"
    visitor.page.locator('a[href*="checkout"]').click()
    paying = visitor.page.url
    visitor.decide("pay")
    yield "fulfilled"
    visitor.page.goto(paying)
    yield "checkout, paid"
    for outcome in ("pay_later", "decline"):
        visitor.choose("20")
        visitor.pay_by("blik")
        visitor.decide(outcome)
        yield outcome
    yield from _time(visitor)
    yield from _limit(visitor)


def _mistakes(visitor: Visitor) -> Iterator[str]:
    visitor.choose_own("1.000")
    yield "amount, refused"
    visitor.choose("50")
    yield "second step"
    visitor.page.locator("#email").fill("nobody")
    visitor.pay_by("card", safe=False)
    yield "second step, refused"
    visitor.page.locator("#email").fill("")


def _time(visitor: Visitor) -> Iterator[str]:
    visitor.choose("20")
    visitor.pay_by("blik")
    back = visitor.page.locator('main a[href*="left"]').get_attribute("href") or ""
    visitor.page.goto(back.partition("?")[0])
    yield "started"
    let_pages_run_out(visitor.site)
    visitor.page.reload()
    yield "over"


def _limit(visitor: Visitor) -> Iterator[str]:
    visitor.site.give(FUND, visitor.address)
    visitor.choose("20")
    visitor.pay_by("blik")
    yield "too many tries"


def let_pages_run_out(site: Served) -> None:
    """What the jobs would do in two hours."""
    with closing(Database(site.database_url)) as database, database.transaction() as connection:
        pledges.expire_overdue(connection, datetime.now(UTC) + timedelta(hours=2))
