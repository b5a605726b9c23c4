"""What providers kept: asked for after the gift, and booked as an expense."""

from __future__ import annotations

from datetime import datetime, timedelta

from campaigns.domain.bookkeeping import fee_entry
from campaigns.payments.gateway import Fee, GatewayDown, GatewayError
from campaigns.services.keys import Keys
from campaigns.storage import books, payments
from campaigns.storage.books import Voucher

AT_ONCE = 50
ASK_AGAIN = timedelta(minutes=10)


def book_fees(keys: Keys, now: datetime) -> int:
    """Ask for the fees that are due and book those that are known; returns how many. No network in a transaction.

    A provider that is down, or does not know yet, is asked again later.
    """
    with keys.database.transaction() as connection:
        due = payments.claim_fees(connection, keys.gateway.name, now, now + ASK_AGAIN, AT_ONCE)
    booked = 0
    for payment_id, object_id in due:
        try:
            fee = keys.gateway.fee_of(object_id)
        except GatewayDown:
            break
        except GatewayError:
            continue
        if fee is not None:
            booked += _book(keys, payment_id, fee, now)
    return booked


def _book(keys: Keys, payment_id: int, fee: Fee, now: datetime) -> int:
    with keys.database.transaction() as connection:
        if not payments.fee_known(connection, payment_id):
            return 0
        if fee.amount:
            voucher = Voucher(gateway=keys.gateway.name, payment_id=payment_id)
            books.book(connection, fee_entry(fee.id, fee.amount, keys.gateway.name), now, voucher)
        return 1
