"""The sandbox's pages: one where a donor chooses what happens, one where the organisation and banks do."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.language import gettext, speak
from campaigns.payments.gateway import GatewayError
from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.sandbox_bank import SandboxBank
from campaigns.payments.sandbox_gift import Gift, GiftState, Refused
from campaigns.payments.sandbox_post import Deliver
from campaigns.web.forms.amount import BadAmount, read_amount
from campaigns.web.responses import private_page

# Whoever needs older ones can look into the database.
ROWS = 50

OUTCOMES: dict[str, Callable[[SandboxBank, str], Gift]] = {
    "pay": lambda bank, id: bank.pay(id),
    "pay_belarus": lambda bank, id: bank.pay(id, card_country="BY"),
    "pay_later": lambda bank, id: bank.pay_later(id),
    "decline": lambda bank, id: bank.decline(id),
}


def _refund(bank: SandboxBank, id: str) -> Gift:
    """The form's `key` is random, so that a second click refunds nothing."""
    whole = bank.gift(id).amount
    try:
        amount = read_amount(request.form.get("amount", ""), Money(1, whole.currency), whole)
    except BadAmount:
        raise Refused("not an amount of this payment") from None
    return bank.refund(id, amount, request.form.get("key", ""))


ACTIONS: dict[str, Callable[[SandboxBank, str], Gift]] = {
    "refund": _refund,
    "return_refund": lambda bank, _id: bank.return_refund(request.form.get("refund", "")),
    "dispute": lambda bank, id: bank.dispute(id),
    "win": lambda bank, id: bank.win(id),
    "lose": lambda bank, id: bank.lose(id),
}


class SandboxPages:
    """The views; each change is told to the site at once, and what it does not take waits for the jobs."""

    def __init__(self, gateway: SandboxGateway, deliver: Deliver) -> None:
        self._gateway = gateway
        self._bank = gateway.bank
        self._deliver = deliver

    def checkout(self, id: str) -> Response:
        """The hosted page, in the donor's language."""
        gift = self._gift(id).after(self._gateway.clock())
        speak(gift.language)
        return private_page("sandbox/checkout.html", gift=gift, words=_words())

    def choose(self, id: str) -> AnyResponse:
        """What the donor chose; a second click, or one too late, finds the page as it is."""
        gift = self._gift(id)
        outcome = OUTCOMES.get(request.form.get("outcome", ""))
        if outcome is None:
            abort(400)
        try:
            outcome(self._bank, gift.checkout_id)
        except Refused:
            return redirect(url_for(".checkout", id=gift.checkout_id), 303)
        self._tell()
        return redirect(gift.success_url, 303)

    def payments(self) -> Response:
        """The dashboard: the latest gifts, the newest first."""
        return self._dashboard(200)

    def act(self, id: str) -> AnyResponse:
        """What the organisation or a bank does to a gift."""
        gift = self._gift(id)
        action = ACTIONS.get(request.form.get("action", ""))
        if action is None:
            abort(400)
        try:
            action(self._bank, gift.payment_id)
        except GatewayError:
            return self._dashboard(409)
        self._tell()
        return redirect(url_for(".payments"), 303)

    def _gift(self, id: str) -> Gift:
        try:
            return self._bank.gift(id)
        except GatewayError:
            abort(404)

    def _tell(self) -> None:
        self._gateway.deliver_due(self._gateway.clock(), self._deliver)

    def _dashboard(self, status: int) -> Response:
        now = self._gateway.clock()
        gifts = [gift.after(now) for gift in self._bank.newest(ROWS)]
        return private_page(
            "sandbox/payments.html", status, gifts=gifts, key=token_hex, refused=status == 409, words=_words()
        )


def _words() -> dict[str, dict[Method, str] | dict[GiftState, str]]:
    """What methods and states are called in the language that is spoken."""
    methods = {Method.BLIK: "BLIK", Method.P24: "Przelewy24", Method.CARD: gettext("Card")}
    states = {
        GiftState.OPEN: gettext("Not paid yet"),
        GiftState.PROCESSING: gettext("On its way"),
        GiftState.PAID: gettext("Paid"),
        GiftState.FAILED: gettext("Declined"),
        GiftState.EXPIRED: gettext("Expired"),
    }
    return {"methods": methods, "states": states}
