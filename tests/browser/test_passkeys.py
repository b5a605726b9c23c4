"""A passkey in a real browser, on a device of Chromium's own: made, used in the place of password and code, removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from campaigns.domain.people import Role
from campaigns.services import passwords
from campaigns.storage import credentials, staff
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault
from tests.browser import axe
from tests.browser.test_accessibility import inspected
from tests.served import Served

pytestmark = pytest.mark.browser

EMAIL, PASSWORD, SECRET = "adam@example.org", "tych słów nikt nie zgadnie", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass
class Desk:
    """A browser tab on localhost, where browsers allow passkeys, and its device."""

    page: Page
    cdp: CDPSession
    device: str
    complaints: list[str]

    def user_is_known(self, known: bool) -> None:
        """Whether the finger on the device is its owner's."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": known})

    def passkeys(self) -> int:
        kept = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.device})
        return len(kept["credentials"])

    def sign_in_by_code(self) -> None:
        self.page.goto("/sign-in")
        self.page.locator("#email").fill(EMAIL)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("form[action='/sign-in'] button").click()
        self.page.locator("#code").fill(pyotp.TOTP(SECRET).now())
        self.page.locator("form[action='/sign-in/code'] button").click()
        self.page.wait_for_url("**/treasury/")

    def make_a_passkey(self, name: str = "Laptop") -> None:
        self.page.goto("/account/passkeys/add")
        self.page.locator("#name").fill(name)
        self.page.locator("form[data-passkey] button").click()

    def sign_out(self) -> None:
        self.page.locator("form[action='/sign-out'] button").click()
        self.page.wait_for_url("**/sign-in?done=signed-out")

    def show_the_passkey(self) -> None:
        self.page.locator("form[data-passkey] button").click()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site of its own, which answers for localhost too."""
    served = Served(tmp_path_factory.mktemp("passkeys"), {"TRUSTED_HOSTS": "127.0.0.1,localhost"})
    try:
        served.prepare()
        hire(served)
        served.serve()
        yield served
    finally:
        served.stop()


def hire(served: Served) -> None:
    """An admin with a password and an app."""
    with closing(Database(served.database_url)) as database, database.transaction() as connection:
        number = staff.add(connection, EMAIL, "Adam Nowak", Role.ADMIN, "en", datetime.now(UTC))
        credentials.set_password(connection, number, passwords.hashed(PASSWORD))
        sealed = Vault((served.settings["PII_KEYS"],)).seal(SECRET)
        credentials.set_totp(connection, number, sealed, None)


def begin_anew(served: Served) -> None:
    """As before the first test; the next code counts too, as if half a minute had gone by."""
    with closing(Database(served.database_url)) as database, database.transaction() as connection:
        connection.exec_driver_sql("UPDATE staff SET totp_step = NULL, language = 'en'")
        connection.exec_driver_sql("DELETE FROM passkeys")


@pytest.fixture
def desk(browser: Browser, office: Served) -> Iterator[Desk]:
    begin_anew(office)
    with at_a_desk(browser, office) as opened:
        yield opened
        assert opened.complaints == []


@contextmanager
def at_a_desk(browser: Browser, office: Served) -> Iterator[Desk]:
    context = browser.new_context(base_url=f"http://localhost:{office.port}", locale="en-GB")
    context.set_default_timeout(10_000)
    try:
        yield _desk(context)
    finally:
        context.close()


def _desk(context: BrowserContext) -> Desk:
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return Desk(page, cdp, made["authenticatorId"], complaints)


def test_a_passkey_is_made_and_signs_in_without_password_and_code(desk: Desk) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey("Laptop")
    desk.page.wait_for_url("**/account?done=saved")
    expect(desk.page.get_by_role("cell", name="Laptop", exact=True)).to_be_visible()
    desk.sign_out()
    desk.show_the_passkey()
    desk.page.wait_for_url("**/treasury/")
    assert desk.passkeys() == 1


def test_a_passkey_leads_on_to_where_one_wanted_to_go(desk: Desk) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey()
    desk.page.wait_for_url("**/account?done=saved")
    desk.sign_out()
    desk.page.goto("/admin/people")
    desk.show_the_passkey()
    desk.page.wait_for_url("**/admin/people")


def test_a_passkey_proves_again_who_one_is(desk: Desk) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey()
    desk.page.wait_for_url("**/account?done=saved")
    desk.page.goto("/sign-in/again?next=/account/password")
    desk.show_the_passkey()
    desk.page.wait_for_url("**/account/password")


def test_a_stranger_s_finger_opens_nothing_and_the_page_says_so(desk: Desk) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey()
    desk.page.wait_for_url("**/account?done=saved")
    desk.sign_out()
    desk.user_is_known(False)
    desk.show_the_passkey()
    expect(desk.page.get_by_role("alert")).to_contain_text("Nothing was sent")
    assert "/sign-in" in desk.page.url


def test_one_device_makes_one_passkey(desk: Desk) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey()
    desk.page.wait_for_url("**/account?done=saved")
    desk.make_a_passkey("Again")
    expect(desk.page.get_by_role("alert")).to_have_text("This device has a passkey for your account already.")
    assert desk.passkeys() == 1


def test_a_passkey_that_was_removed_no_longer_opens(desk: Desk) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey("Old phone")
    desk.page.wait_for_url("**/account?done=saved")
    desk.page.get_by_role("link", name="Old phone", exact=True).click()
    desk.page.get_by_role("button", name="Remove this passkey").click()
    desk.page.wait_for_url("**/account?done=saved")
    desk.sign_out()
    desk.show_the_passkey()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("You are not signed in")


def test_without_javascript_the_button_is_not_shown_and_codes_do(browser: Browser, office: Served) -> None:
    context = browser.new_context(base_url=f"http://localhost:{office.port}", java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    expect(page.locator("form[action='/sign-in'] button")).to_be_visible()
    context.close()


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_nobody_is_shut_out_of_the_account_and_of_people(desk: Desk, lang: str) -> None:
    desk.sign_in_by_code()
    desk.make_a_passkey()
    desk.page.wait_for_url("**/account?done=saved")
    desk.page.locator("#language").select_option(lang)
    desk.page.locator("form[action='/account/language'] button").click()
    desk.page.wait_for_url("**/account?done=saved")
    assert list(inspected(desk.page, opened(desk.page))) == []
    assert axe.faults(desk.page) == []


def opened(page: Page) -> Iterator[str]:
    """Every page of the account and of people, one after the other."""
    for path in ("/account", "/account/password", "/account/codes", "/account/recovery-codes", "/account/passkeys/add",
                 "/admin/people", "/admin/people/invite", "/admin/people/1"):  # fmt: skip
        page.goto(path)
        yield path
    page.goto("/account")
    page.locator("a[href^='/account/passkeys/']").first.click()
    yield "one passkey"
