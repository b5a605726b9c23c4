"""The sandbox's pages: a donor chooses an outcome, the site hears of it, and the dashboard does the rest."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.application import create_app
from campaigns.config import Settings
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.sandbox_gift import Gift, GiftState
from campaigns.services.keys import Keys
from campaigns.storage import inbox
from tests.payments.providers import Letters, Sandbox, order

HOME = "http://localhost"


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    """The program with the sandbox selected."""
    settings = {
        "DEMO": "1",
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": secrets.token_hex(32),
        "PII_KEYS": Fernet.generate_key().decode(),
        "BASE_URL": HOME,
        "PAYMENT_GATEWAY": "sandbox",
        "ORG_NAME": "Organizacja",
        "ORG_EMAIL": "org@example.org",
    }
    app = create_app(Settings.from_environment(settings))
    yield app
    app.extensions["keys"].database.close()


@pytest.fixture
def keys(app: Flask) -> Keys:
    opened: Keys = app.extensions["keys"]
    return opened


@pytest.fixture
def gateway(keys: Keys) -> SandboxGateway:
    assert isinstance(keys.gateway, SandboxGateway)
    return keys.gateway


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def gift(gateway: SandboxGateway, sandbox: Sandbox) -> Gift:
    """An open checkout of 100 zł by card, in Polish."""
    ordered = replace(order(sandbox, "100", Method.CARD), success_url=f"{HOME}/pl/thanks/ok")
    return gateway.bank.open(ordered)


def choose(browser: FlaskClient, gift: Gift, outcome: str, origin: str | None = HOME) -> TestResponse:
    """Press a button on the hosted page."""
    headers = {"Origin": origin} if origin else {}
    return browser.post(f"/sandbox/checkout/{gift.checkout_id}", data={"outcome": outcome}, headers=headers)


def act(browser: FlaskClient, gift: Gift, action: str, **fields: str) -> TestResponse:
    """Press a button on the dashboard."""
    data = {"action": action, **fields}
    return browser.post(f"/sandbox/payments/{gift.payment_id}", data=data, headers={"Origin": HOME})


def page(browser: FlaskClient, gift: Gift) -> str:
    return browser.get(f"/sandbox/checkout/{gift.checkout_id}").text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_page_speaks_the_donors_language_whatever_the_browser_asks(
    browser: FlaskClient, gateway: SandboxGateway, sandbox: Sandbox, language: str
) -> None:
    gift = gateway.bank.open(replace(order(sandbox), language=language))
    asked = {"Accept-Language": {"pl": "en", "en": "pl"}[language]}
    shown = browser.get(f"/sandbox/checkout/{gift.checkout_id}", headers=asked).text
    assert f'<html lang="{language}">' in shown


def test_the_page_shows_amount_and_method_and_that_no_money_moves(browser: FlaskClient, gift: Gift) -> None:
    shown = page(browser, gift)
    assert "100 zł" in shown
    assert 'class="notice warning"' in shown
    assert re.findall(r'name="outcome" value="(\w+)"', shown) == ["pay", "pay_belarus", "pay_later", "decline"]
    assert f'href="{gift.cancel_url}"' in shown


def test_only_cards_can_be_of_a_belarusian_bank(
    browser: FlaskClient, gateway: SandboxGateway, sandbox: Sandbox
) -> None:
    gift = gateway.bank.open(order(sandbox, method=Method.BLIK))
    assert "pay_belarus" not in page(browser, gift)


def test_the_page_is_kept_nowhere(browser: FlaskClient, gift: Gift) -> None:
    for address in ("/sandbox/", f"/sandbox/checkout/{gift.checkout_id}"):
        headers = browser.get(address).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


@pytest.mark.parametrize(
    "outcome, state, country",
    [
        ("pay", GiftState.PAID, "PL"),
        ("pay_belarus", GiftState.PAID, "BY"),
        ("pay_later", GiftState.PROCESSING, "PL"),
        ("decline", GiftState.FAILED, None),
    ],
)
def test_what_the_donor_chooses_happens_and_leads_back_to_the_site(
    browser: FlaskClient, gateway: SandboxGateway, gift: Gift, outcome: str, state: GiftState, country: str | None
) -> None:
    answer = choose(browser, gift, outcome)
    assert (answer.status_code, answer.location) == (303, gift.success_url)
    after = gateway.bank.gift(gift.checkout_id)
    assert (after.state, after.card_country) == (state, country)
    assert "outcome" not in page(browser, gift)


def test_the_site_has_heard_of_it_before_the_donor_is_back(browser: FlaskClient, keys: Keys, gift: Gift) -> None:
    choose(browser, gift, "pay")
    with keys.database.reading() as connection:
        assert inbox.counts(connection) == {"done": 2}


def test_a_second_click_changes_nothing(browser: FlaskClient, gateway: SandboxGateway, gift: Gift) -> None:
    choose(browser, gift, "pay")
    answer = choose(browser, gift, "decline")
    assert answer.location == f"/sandbox/checkout/{gift.checkout_id}"
    assert gateway.bank.gift(gift.checkout_id).state is GiftState.PAID


@pytest.mark.parametrize("origin", [None, "null", "http://elsewhere.example"])
def test_a_click_that_comes_from_elsewhere_is_refused(
    browser: FlaskClient, gateway: SandboxGateway, gift: Gift, origin: str | None
) -> None:
    assert choose(browser, gift, "pay", origin).status_code == 403
    assert gateway.bank.gift(gift.checkout_id).state is GiftState.OPEN


def test_what_is_not_offered_is_a_bad_request(browser: FlaskClient, gift: Gift) -> None:
    assert choose(browser, gift, "steal").status_code == 400
    assert act(browser, gift, "steal").status_code == 400


@pytest.mark.parametrize("id", ["nothing", "sb_chk_" + "0" * 44])
def test_what_is_not_there_is_not_found(browser: FlaskClient, id: str) -> None:
    assert browser.get(f"/sandbox/checkout/{id}").status_code == 404
    assert browser.post(f"/sandbox/payments/{id}", headers={"Origin": HOME}).status_code == 404


def test_the_dashboard_lists_what_can_be_done(browser: FlaskClient, gift: Gift) -> None:
    assert 'name="action"' not in browser.get("/sandbox/").text
    choose(browser, gift, "pay")
    shown = browser.get("/sandbox/").text
    assert gift.payment_id in shown
    assert re.findall(r'name="action" value="(\w+)"', shown) == ["refund", "refund", "dispute"]


def test_a_part_is_refunded_once_for_each_form(browser: FlaskClient, gateway: SandboxGateway, gift: Gift) -> None:
    choose(browser, gift, "pay")
    for _ in range(2):
        assert act(browser, gift, "refund", amount="40,50", key="one form").status_code == 303
    act(browser, gift, "refund", amount="40,50", key="another form")
    assert gateway.bank.gift(gift.payment_id).left == Money.of("19", "PLN")


def test_the_rest_is_refunded_by_a_button(browser: FlaskClient, gateway: SandboxGateway, gift: Gift) -> None:
    choose(browser, gift, "pay")
    act(browser, gift, "refund", amount="40", key="part")
    rest = re.search(r'type="hidden" name="amount" value="([0-9.]+)"', browser.get("/sandbox/").text)
    assert rest is not None
    for _ in range(2):
        assert act(browser, gift, "refund", amount=rest[1], key="rest").status_code == 303
    assert not gateway.bank.gift(gift.payment_id).left


@pytest.mark.parametrize("amount", ["", "0", "-5", "100,01", "1.000", "five", "9" * 50])
def test_an_amount_that_cannot_be_refunded_is_said_and_changes_nothing(
    browser: FlaskClient, gateway: SandboxGateway, gift: Gift, amount: str
) -> None:
    choose(browser, gift, "pay")
    answer = act(browser, gift, "refund", amount=amount, key="key")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert gateway.bank.gift(gift.payment_id).left == gift.amount


def test_a_dispute_is_opened_and_decided(browser: FlaskClient, gateway: SandboxGateway, gift: Gift) -> None:
    choose(browser, gift, "pay")
    for action in ("dispute", "win", "dispute", "lose"):
        assert act(browser, gift, action).status_code == 303
    assert [it.state for it in gateway.bank.gift(gift.payment_id).disputes] == ["won", "lost"]
    assert act(browser, gift, "win").status_code == 409


def test_a_refund_comes_back(browser: FlaskClient, gateway: SandboxGateway, gift: Gift) -> None:
    choose(browser, gift, "pay")
    act(browser, gift, "refund", amount="40", key="key")
    [refund] = gateway.bank.gift(gift.payment_id).refunds
    assert act(browser, gift, "return_refund", refund="sb_ref_nonsense").status_code == 409
    assert act(browser, gift, "return_refund", refund=refund.id).status_code == 303
    assert gateway.bank.gift(gift.payment_id).left == gift.amount


def test_what_the_site_does_not_take_waits(gateway: SandboxGateway, gift: Gift) -> None:
    letters = Letters(status=500)
    gateway.bank.pay(gift.checkout_id)
    assert gateway.deliver_due(gateway.clock(), letters.receive) == 0
    assert len(letters.all) == 2
