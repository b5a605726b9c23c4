"""The part of the control that acts as people do: donors, their banks, and whoever refunds by hand."""

from tests.standin import disputes, payments, refunds
from tests.standin.account import Account
from tests.standin.ageing import expire
from tests.standin.errors import Refused
from tests.standin.handle import Handle
from tests.standin.payments import Donor
from tests.standin.store import JSON


class People(Handle):
    """Verbs that move money; each returns the object that it changed."""

    def pay(
        self,
        session_id: str,
        method: str = "blik",
        card_country: str = "PL",
        email: str = "donor@example.org",
        name: str = "Test Donor",
    ) -> JSON:
        """Pay an open session (method blik, p24 or card); return it, complete and paid."""
        return self._do(payments.pay, session_id, Donor(method, card_country, email, name))

    def pay_later(
        self,
        session_id: str,
        method: str = "p24",
        card_country: str = "PL",
        email: str = "donor@example.org",
        name: str = "Test Donor",
    ) -> JSON:
        """Pay with money that is on its way; return the session, complete and unpaid."""
        donor = Donor(method, card_country, email, name)
        return self._do(payments.pay_later, session_id, donor)

    def settle(self, session_id: str) -> JSON:
        """Let the money of `pay_later` arrive; return the session."""
        return self._do(payments.settle, session_id)

    def fail(self, session_id: str) -> JSON:
        """Let the money of `pay_later` never arrive; return the session."""
        return self._do(payments.fail, session_id)

    def decline(self, session_id: str, method: str = "card", card_country: str = "PL") -> JSON:
        """Let the bank refuse at once; return the session, still open."""
        return self._do(payments.decline, session_id, Donor(method, card_country))

    def expire(self, session_id: str) -> JSON:
        """Expire an open session as if its time had come; return it."""
        return self._do(_expire, session_id)

    def refund(self, payment_intent: str, amount: int | None = None, reason: str | None = None) -> JSON:
        """Refund from the dashboard, by default all that is left; return the refund."""
        asked = {"payment_intent": payment_intent, "amount": amount, "reason": reason}
        return self._do(refunds.create, {k: v for k, v in asked.items() if v is not None})

    def keep_refunds_pending(self, pending: bool = True) -> None:
        """Let refunds from now on wait for `settle_refund` or `fail_refund`."""
        self._account.refunds_stay_pending = pending

    def settle_refund(self, refund_id: str) -> JSON:
        """Let a pending refund succeed; return it."""
        return self._do(refunds.settle, refund_id)

    def fail_refund(self, refund_id: str) -> JSON:
        """Let the donor's bank send a refund back; return it."""
        return self._do(refunds.fail, refund_id)

    def dispute(self, payment_intent: str, amount: int | None = None, reason: str = "fraudulent") -> JSON:
        """Open a dispute, by default over all that was not refunded; return it."""
        return self._do(disputes.open_dispute, payment_intent, amount, reason)

    def win(self, dispute_id: str) -> JSON:
        """Decide a dispute for the organisation; return it."""
        return self._do(disputes.win, dispute_id)

    def lose(self, dispute_id: str) -> JSON:
        """Decide a dispute for the donor; return it."""
        return self._do(disputes.lose, dispute_id)

    def advance(self, seconds: int) -> None:
        """Move the stand-in's clock; sessions expire and money becomes available."""
        self.clock.advance(seconds)
        self._do(_nothing)


def _expire(account: Account, session_id: str) -> JSON:
    session = account.store.get("checkout.session", session_id)
    if session["status"] != "open":
        raise Refused(f"the session is {session['status']}")
    expire(account, session)
    return session


def _nothing(_: Account) -> JSON:
    return {}
