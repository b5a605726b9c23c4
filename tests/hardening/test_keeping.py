"""What may be kept and for how long, what a browser need not fetch again, and that nobody gets a cookie."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.hardening.houses import FUND, HOST, House

PUBLIC = "public, max-age=1, stale-while-revalidate=5"
KEPT_FOR_ALL = ("/pl/", "/en/", f"/pl/{FUND}", "/en/tax-1-5", "/pl/how-we-count", "/en/privacy", "/pl/contact",
                "/en/accessibility", f"/embed/{FUND}", f"/embed/{FUND}.svg", f"/api/campaigns/{FUND}.json")  # fmt: skip
MOVES_WITH_A_GIFT = (
    f"/pl/{FUND}",
    "/en/",
    f"/embed/{FUND}?lang=en",
    f"/embed/{FUND}.svg",
    f"/api/campaigns/{FUND}.json",
)
VALUES = {
    "lang": "pl", "slug": FUND, "token": "x" * 22, "id": "sb_chk_" + 44 * "0", "filename": "campaigns.css",
    "number": 1, "month": "2026-05", "word": "expense",
}  # fmt: skip


def every_get(app: Flask) -> Iterator[str]:
    """An address for every route that can be read."""
    addresses = app.url_map.bind(HOST)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            fixed = dict(rule.defaults or {})
            values = {name: VALUES[name] for name in rule.arguments if name not in fixed}
            yield addresses.build(rule.endpoint, values | fixed)


def test_no_visitor_gets_a_cookie_anywhere(house: House) -> None:
    paths = list(every_get(house.app))
    assert len(paths) > 15
    assert [path for path in paths if "Set-Cookie" in house.visit(path).headers] == []


def test_no_form_and_no_return_from_paying_sets_a_cookie(house: House) -> None:
    form = house.offer("50")
    page = house.page(form)
    steps = [house.choose("50"), house.choose("x"), house.confirm(form), house.confirm({}), house.visit(page)]
    paid = house.send(page, {"outcome": "pay"})
    steps += [paid, house.visit(paid.location or "")]
    assert [step.status_code for step in steps] == [200, 422, 303, 400, 200, 303, 200]
    assert all("Set-Cookie" not in step.headers for step in steps)


@pytest.mark.parametrize("path", KEPT_FOR_ALL)
def test_what_is_the_same_for_all_may_be_kept_for_a_second(quiet_house: House, path: str) -> None:
    answer = quiet_house.visit(path, Cookie="session=somebody", Authorization="Basic c29tZWJvZHk=")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PUBLIC)
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_what_is_one_donors_is_kept_nowhere(house: House) -> None:
    form = house.offer("50")
    page = house.page(form)
    steps = [house.choose("50"), house.confirm({}), house.visit(page), house.visit("/sandbox/")]
    paid = house.send(page, {"outcome": "pay"})
    steps.append(house.visit(paid.location or ""))
    assert all(step.headers["Cache-Control"] == "no-store" for step in steps)
    assert all(step.headers["X-Robots-Tag"] == "noindex" for step in steps)
    assert steps[-1].headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", KEPT_FOR_ALL)
def test_a_head_tells_what_a_get_would_and_no_more(quiet_house: House, path: str) -> None:
    got, head = quiet_house.visit(path), quiet_house.visit(path, "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize("path", KEPT_FOR_ALL)
def test_who_has_it_already_is_told_so(quiet_house: House, path: str) -> None:
    etag = quiet_house.visit(path).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = quiet_house.visit(path, If_None_Match=known)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert quiet_house.visit(path, If_None_Match='"other"').status_code == 200


def test_a_gift_changes_every_tag_and_nothing_else_does(house: House) -> None:
    before = tags(house)
    time.sleep(1.05)
    assert tags(house) == before
    house.send(house.page(house.offer("50")), {"outcome": "pay"})
    time.sleep(1.05)
    after = tags(house)
    assert all(before[path] != after[path] for path in MOVES_WITH_A_GIFT)


def tags(house: House) -> dict[str, str]:
    return {path: house.visit(path).headers["ETag"] for path in MOVES_WITH_A_GIFT}
