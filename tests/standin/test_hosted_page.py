"""The hosted page as a browser uses it."""

from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

import html5lib
import pytest

from tests.standin import StripeStandIn
from tests.standin.till import Till


def _ask(verb: str, url: str, /, **fields: str) -> tuple[HTTPResponse, str]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(verb, parts.path, urlencode(fields) if fields else None, headers)
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


def _open(till: Till, **changes: Any) -> tuple[str, str]:
    session = till.open(client_reference_id="r1", **changes)
    assert session.url is not None
    return session.id, session.url


def test_the_page_is_valid_and_asks_no_other_host(till: Till) -> None:
    _, url = _open(till)
    response, page = _ask("GET", url)
    assert response.status == 200
    assert html5lib.HTMLParser(strict=True).parse(page) is not None
    assert "http" not in page
    assert response.headers["Set-Cookie"] is None


def test_the_page_offers_what_the_session_offers(till: Till) -> None:
    _, url = _open(till, allowed_payment_method_types=["blik"], cancel_url=None)
    _, page = _ask("GET", url)
    assert "BLIK" in page
    assert "Przelewy24" not in page
    assert "abandon" not in page
    assert "50.00 PLN" in page


@pytest.mark.parametrize("outcome,payment_status", [("pay", "paid"), ("pay_later", "unpaid")])
@pytest.mark.parametrize("method", ["blik", "p24", "card"])
def test_paying_leads_to_the_success_address(
    standin: StripeStandIn, till: Till, outcome: str, payment_status: str, method: str
) -> None:
    ident, url = _open(till, success_url="http://127.0.0.1/thanks?s={CHECKOUT_SESSION_ID}")
    response, _ = _ask("POST", url, email="x@example.org", method=method, outcome=outcome)
    assert (response.status, response.headers["Location"]) == (303, f"http://127.0.0.1/thanks?s={ident}")
    session = standin.thing(ident)
    assert (session["status"], session["payment_status"]) == ("complete", payment_status)
    assert session["customer_details"]["email"] == "x@example.org"
    assert standin.things("charge")[0]["payment_method_details"]["type"] == method


def test_the_country_of_the_card_is_the_donors_choice(standin: StripeStandIn, till: Till) -> None:
    _, url = _open(till)
    _ask("POST", url, email="x@example.org", method="card", outcome="pay", card_country="BY")
    assert standin.things("charge")[0]["payment_method_details"]["card"]["country"] == "BY"


def test_walking_away_needs_no_email_and_moves_nothing(standin: StripeStandIn, till: Till) -> None:
    ident, url = _open(till)
    response, _ = _ask("POST", url, outcome="abandon")
    assert (response.status, response.headers["Location"]) == (303, "http://127.0.0.1:8000/pl/thanks/2")
    assert standin.thing(ident)["status"] == "open"
    assert standin.events() == []


def test_a_decline_stays_on_the_page(standin: StripeStandIn, till: Till) -> None:
    ident, url = _open(till)
    response, page = _ask("POST", url, email="x@example.org", method="card", outcome="decline")
    assert response.status == 200
    assert "declined" in page
    assert standin.thing(ident)["status"] == "open"


@pytest.mark.parametrize(
    "fields,notice",
    [({"outcome": "pay", "method": "blik"}, "e-mail"), ({"outcome": "pay", "email": "x@example.org"}, "how to pay"),
     ({"outcome": "steal", "method": "blik", "email": "x@example.org"}, "how to pay")],
)  # fmt: skip
def test_an_incomplete_form_is_shown_again(
    standin: StripeStandIn, till: Till, fields: dict[str, str], notice: str
) -> None:
    _, url = _open(till)
    response, page = _ask("POST", url, **fields)
    assert (response.status, standin.events()) == (200, [])
    assert notice in page


def test_a_known_email_is_not_asked_again(standin: StripeStandIn, till: Till) -> None:
    ident, url = _open(till, customer_email="known@example.org")
    _, page = _ask("GET", url)
    assert "known@example.org" in page
    assert 'type="email"' not in page
    _ask("POST", url, method="blik", outcome="pay")
    assert standin.thing(ident)["customer_details"]["email"] == "known@example.org"


def test_a_session_that_is_over_takes_no_money(standin: StripeStandIn, till: Till) -> None:
    ident, url = _open(till)
    standin.pay(ident)
    response, page = _ask("POST", url, email="x@example.org", method="blik", outcome="pay")
    assert (response.status, response.headers["Location"]) == (200, None)
    assert "complete" in page
    assert standin.account_total() == 5000


def test_an_unknown_page_is_404(standin: StripeStandIn) -> None:
    for method in ("GET", "POST"):
        response, _ = _ask(method, f"{standin.url}/c/pay/cs_unknown")
        assert response.status == 404
    response, _ = _ask("DELETE", f"{standin.url}/c/pay/cs_unknown")
    assert response.status == 405


def test_what_donors_see_is_escaped(till: Till) -> None:
    price = {"currency": "pln", "unit_amount": 500, "product_data": {"name": "<script>alert(1)</script>"}}
    _, url = _open(till, line_items=[{"quantity": 1, "price_data": price}])
    assert "<script>" not in _ask("GET", url)[1]
