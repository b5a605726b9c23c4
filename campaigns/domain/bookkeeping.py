"""How each movement of money is written down: from an effect of a payment to a balanced entry."""

from __future__ import annotations

from campaigns.domain import accounts
from campaigns.domain.by_hand import entry_by_hand, offline_account
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
    debit = offline_account(method)
    return entry_by_hand(EntryKind.OFFLINE_GIFT, effect, amount, debit, accounts.DONATIONS, campaign_id)
