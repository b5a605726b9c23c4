"""How the treasurer's room calls what the books hold: accounts, kinds of entries, ways of giving, states, deeds.

Every name is said in the language that is spoken. What has no name yet is shown as it is kept.
"""

from __future__ import annotations

from campaigns.domain import accounts
from campaigns.domain.ledger import EntryKind
from campaigns.domain.payment import DisputeState, PaymentState, RefundState
from campaigns.domain.pledge import Method, PledgeState
from campaigns.language import current, gettext


def _(text: str) -> str:
    """Marks a text for translation; it is translated when it is said."""
    return text


def pgettext(context: str, text: str) -> tuple[str, str]:
    """Marks a text that is translated by what it is said of, `context`."""
    return context, text


# In the order of a balance sheet: what there is, where it came from, what it was spent on, the rest.
ACCOUNTS = {
    accounts.BANK: _("Bank account"),
    accounts.CASH: _("Cash in hand"),
    accounts.at_gateway("stripe"): _("Held by Stripe"),
    accounts.at_gateway("sandbox"): _("Held by the practice provider"),
    accounts.DONATIONS: _("Donations"),
    accounts.REFUNDS: _("Refunds of donations"),
    accounts.DISPUTED: _("Disputed donations"),
    accounts.TAX: _("1.5% of tax"),
    accounts.OTHER_INCOME: _("Other income"),
    accounts.FEES: _("Payment fees"),
    accounts.TRAVEL: _("Travel"),
    accounts.SERVICES: _("Services bought"),
    accounts.OFFICE: _("Office costs"),
    accounts.OTHER_EXPENSES: _("Other expenses"),
    accounts.OPENING: _("Opening balance"),
    accounts.CONVERSION: _("Currency conversion"),
    accounts.UNASSIGNED: _("Money without a campaign"),
}

KINDS = {
    EntryKind.GIFT: pgettext("kind of entry", "Gift"),
    EntryKind.OFFLINE_GIFT: pgettext("kind of entry", "Gift by hand"),
    EntryKind.UNASSIGNED: pgettext("kind of entry", "Gift without a campaign"),
    EntryKind.ASSIGNMENT: pgettext("kind of entry", "Campaign assigned"),
    EntryKind.REFUND: pgettext("kind of entry", "Refund"),
    EntryKind.REFUND_FAILED: pgettext("kind of entry", "Refund failed"),
    EntryKind.DISPUTE_WITHDRAWN: pgettext("kind of entry", "Dispute: money withdrawn"),
    EntryKind.DISPUTE_REINSTATED: pgettext("kind of entry", "Dispute: money given back"),
    EntryKind.FEE: pgettext("kind of entry", "Fee"),
    EntryKind.EXPENSE: pgettext("kind of entry", "Expense"),
    EntryKind.TRANSFER: pgettext("kind of entry", "Transfer"),
    EntryKind.OPENING: pgettext("kind of entry", "Opening balance"),
    EntryKind.REVERSAL: pgettext("kind of entry", "Reversal"),
}

METHODS = {
    Method.BLIK: _("BLIK"),
    Method.P24: _("Przelewy24"),
    Method.CARD: _("Card"),
    Method.CASH: _("Cash"),
    Method.TRANSFER: _("Bank transfer"),
}

GATEWAYS = {"stripe": _("Stripe"), "sandbox": _("Practice provider"), "offline": _("By hand")}

PLEDGE_STATES = {
    PledgeState.STARTED: pgettext("state of a pledge", "Started"),
    PledgeState.OPEN: pgettext("state of a pledge", "On its way"),
    PledgeState.ACTIVE: pgettext("state of a pledge", "Active"),
    PledgeState.FULFILLED: pgettext("state of a pledge", "Fulfilled"),
    PledgeState.EXPIRED: pgettext("state of a pledge", "Expired"),
    PledgeState.CANCELLED: pgettext("state of a pledge", "Cancelled"),
}

PAYMENT_STATES = {
    PaymentState.PENDING: pgettext("state of a payment", "On its way"),
    PaymentState.PAID: pgettext("state of a payment", "Paid"),
    PaymentState.FAILED: pgettext("state of a payment", "Failed"),
    PaymentState.PARTLY_REFUNDED: pgettext("state of a payment", "Refunded in part"),
    PaymentState.REFUNDED: pgettext("state of a payment", "Refunded"),
    PaymentState.DISPUTED: pgettext("state of a payment", "Disputed"),
    PaymentState.WON: pgettext("state of a payment", "Dispute won"),
    PaymentState.LOST: pgettext("state of a payment", "Dispute lost"),
}

REFUND_STATES = {
    RefundState.PENDING: pgettext("state of a refund", "On its way"),
    RefundState.SUCCEEDED: pgettext("state of a refund", "Paid back"),
    RefundState.FAILED: pgettext("state of a refund", "Failed"),
}

DISPUTE_STATES = {
    DisputeState.OPEN: pgettext("state of a dispute", "Open"),
    DisputeState.WON: pgettext("state of a dispute", "Won"),
    DisputeState.LOST: pgettext("state of a dispute", "Lost"),
}

NOTICE_STATES = {
    "done": pgettext("state of a notice", "Dealt with"),
    "waiting": pgettext("state of a notice", "Waiting"),
    "ignored": pgettext("state of a notice", "Not about us"),
    "unfit": pgettext("state of a notice", "Needs a human"),
}


def account_words(account: str) -> str:
    return gettext(ACCOUNTS[account])


def kind_words(kind: EntryKind) -> str:
    return current().pgettext(*KINDS[kind])


def method_words(method: Method) -> str:
    return gettext(METHODS[method])


def gateway_words(gateway: str) -> str:
    return gettext(GATEWAYS[gateway]) if gateway in GATEWAYS else gateway


def pledge_state_words(state: PledgeState) -> str:
    return current().pgettext(*PLEDGE_STATES[state])


def payment_state_words(state: PaymentState) -> str:
    return current().pgettext(*PAYMENT_STATES[state])


def refund_state_words(state: RefundState) -> str:
    return current().pgettext(*REFUND_STATES[state])


def dispute_state_words(state: DisputeState) -> str:
    return current().pgettext(*DISPUTE_STATES[state])


def notice_state_words(state: str) -> str:
    return current().pgettext(*NOTICE_STATES[state])
