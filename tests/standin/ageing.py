"""What time alone does: sessions expire, money becomes available."""

from heapq import heappop

from tests.standin import balance
from tests.standin.account import Account
from tests.standin.store import JSON


def catch_up(account: Account) -> None:
    """Let everything happen that was due by now; called at the start of every act."""
    now = account.clock.now()
    while account.expiries and account.expiries[0][0] <= now:
        _, ident = heappop(account.expiries)
        session = account.store.get("checkout.session", ident)
        if session["status"] == "open":
            expire(account, session)
    _make_available(account, now)


def expire(account: Account, session: JSON) -> None:
    """Close an open session for good, and cancel the intent of a failed try."""
    session.update(status="expired", url=None)
    if session["payment_intent"] is not None:
        intent = account.store.get("payment_intent", session["payment_intent"])
        intent.update(
            status="canceled",
            canceled_at=account.clock.now(),
            cancellation_reason="automatic",
        )
        account.events.record("payment_intent.canceled", intent)
    account.events.record("checkout.session.expired", session)


def _make_available(account: Account, now: int) -> None:
    lines = 0
    while account.unsettled and account.unsettled[0]["available_on"] <= now:
        account.unsettled.popleft()["status"] = "available"
        lines += 1
    if lines:
        account.events.record("balance.available", balance.summary(account))
