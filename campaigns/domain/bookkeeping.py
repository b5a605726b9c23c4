"""How each movement of money is written down: from an effect of a payment to a balanced entry."""

from __future__ import annotations

from campaigns.domain import accounts
from campaigns.domain.ledger import Entry, EntryKind, Posting
from campaigns.domain.money import Money
from campaigns.domain.payment import Effect, PaymentEvent
from campaigns.domain.pledge import Method

# For each movement: the kind of entry, the account on the donors' side, and whether money comes in to us.
_SIDES: dict[PaymentEvent, tuple[EntryKind, str, bool]] = {
    PaymentEvent.PAID: (EntryKind.GIFT, accounts.DONATIONS, True),
    PaymentEvent.REFUND: (EntryKind.REFUND, accounts.REFUNDS, False),
    PaymentEvent.REFUND_FAILED: (EntryKind.REFUND_FAILED, accounts.REFUNDS, True),
    PaymentEvent.WITHDRAWN: (EntryKind.DISPUTE_WITHDRAWN, accounts.DISPUTED, False),
    PaymentEvent.REINSTATED: (EntryKind.DISPUTE_REINSTATED, accounts.DISPUTED, True),
}

_OFFLINE_ACCOUNTS = {Method.CASH: accounts.CASH, Method.TRANSFER: accounts.BANK}


def entry_for(effect: Effect, gateway: str, campaign_id: int | None) -> Entry:
    """The entry of one movement at a payment provider.

    Without a campaign the money is ours but cannot be placed: it is booked as a liability until someone assigns it.
    """
    kind, account, comes_in = _SIDES[effect.event]
    if campaign_id is None:
        kind, account = EntryKind.UNASSIGNED, accounts.UNASSIGNED
    amount = effect.amount if comes_in else -effect.amount
    return Entry(
        kind,
        effect.key,
        (
            Posting(accounts.at_gateway(gateway), amount),
            Posting(account, -amount, campaign_id),
        ),
    )


def fee_entry(fee_id: str, fee: Money, gateway: str) -> Entry:
    """What a provider kept: an expense, so that it never lowers what donors gave."""
    return Entry(
        EntryKind.FEE,
        f"fee:{gateway}:{fee_id}",
        (Posting(accounts.FEES, fee), Posting(accounts.at_gateway(gateway), -fee)),
    )


def offline_gift_entry(effect: str, amount: Money, method: Method, campaign_id: int) -> Entry:
    """Cash, or a transfer to our bank account, as a treasurer books it; ValueError for an online method."""
    if method not in _OFFLINE_ACCOUNTS:
        raise ValueError(f"{method} is not given by hand")
    if amount <= Money.zero(amount.currency):
        raise ValueError("a gift is more than nothing")
    return Entry(
        EntryKind.OFFLINE_GIFT,
        effect,
        (
            Posting(_OFFLINE_ACCOUNTS[method], amount),
            Posting(accounts.DONATIONS, -amount, campaign_id),
        ),
    )
