"""How the pages about gifts call what happens to them: alerts, letters, deeds, reasons, and what stood in the way."""

from __future__ import annotations

from campaigns.domain.money import Money
from campaigns.language import current, gettext
from campaigns.services import correcting, refunding
from campaigns.services.audit_trail import Action
from campaigns.services.posting import UNFIT
from campaigns.services.refunding import Reason
from campaigns.storage.alerts import AlertKind
from campaigns.storage.tray import LetterState


def _(text: str) -> str:
    """Marks a text for translation; it is translated when it is said."""
    return text


def pgettext(context: str, text: str) -> tuple[str, str]:
    """Marks a text that is translated by what it is said of, `context`."""
    return context, text


ALERTS = {
    AlertKind.CARD_COUNTRY: _("Card of a dangerous country"),
    AlertKind.DISPUTE: _("Dispute"),
    AlertKind.UNASSIGNED: _("Money without a campaign"),
    AlertKind.UNFIT_NOTICE: _("Notice that fits nothing"),
}

ADVICE = {
    AlertKind.CARD_COUNTRY: _(
        "The donor’s bank is in Belarus or Russia and has a record of this gift. A refund does not remove it. "
        "Think of the donor’s safety before you write, refund or show anything."
    ),
    AlertKind.DISPUTE: _(
        "The donor’s bank asks for the money back. Answer it at the payment provider before the deadline, or accept it."
    ),
    AlertKind.UNASSIGNED: _("The money is ours, but no campaign is known for it. Assign it to one, or pay it back."),
    AlertKind.UNFIT_NOTICE: _(
        "What the payment provider told does not fit what we know of the payment. Ask the provider again; if it still "
        "does not fit, compare the two by hand."
    ),
}

LETTERS = {
    LetterState.WAITING: _("Confirmation waits to be sent"),
    LetterState.SENT: _("Confirmation sent"),
    LetterState.UNDELIVERABLE: _("Confirmation could not be delivered"),
    LetterState.DROPPED: _("Confirmation dropped: the address was erased first"),
}

DEEDS = {
    Action.REFUNDED: _("Refund asked for"),
    Action.PLEDGE_CANCELLED: _("Cancelled by hand"),
    Action.CAMPAIGN_CORRECTED: _("Campaign corrected"),
    Action.DONOR_SEEN: _("Donor’s address looked at"),
    Action.DONOR_FORGOTTEN: _("Donor’s address erased"),
    Action.NOTICE_REPLAYED: _("Provider asked again"),
}

REASONS = {
    Reason.DONOR_ASKED: pgettext("reason for a refund", "The donor asked for it"),
    Reason.PAID_TWICE: pgettext("reason for a refund", "Paid twice"),
    Reason.WRONG_AMOUNT: pgettext("reason for a refund", "Wrong amount"),
    Reason.DANGEROUS_CARD: pgettext("reason for a refund", "Card of a dangerous country"),
    Reason.OTHER: pgettext("reason for a refund", "Another reason"),
}

# What the inbox says, in English, of a notice that was not acted on.
NOTICES = {
    UNFIT: _("it fits no move of the payment, or more would leave than came"),
    "of no consequence to the books": _("of no consequence to the books"),
    "no pledge of ours": _("no pledge of ours"),
    "carries no reference of ours": _("carries no reference of ours"),
    "ours, but in no currency or form that can be booked": _("ours, but in no currency or form that can be booked"),
    "a refund without its payment": _("a refund without its payment"),
    "a dispute without its payment": _("a dispute without its payment"),
    "its payment is not known yet": _("its payment is not known yet"),
}

NO_REFUND = {
    refunding.Obstacle.NOT_HERE: _(
        "This gift did not come through the payment provider that is in use, so it cannot be paid back from here. "
        "A gift that was booked by hand is reversed, or paid back by hand."
    ),
    refunding.Obstacle.NOT_RECEIVED: _("Nothing is left of this gift to pay back, or it has not come yet."),
}

NO_CORRECTION = {
    correcting.Obstacle.UNASSIGNED: _("This money has no campaign yet. Assign it to one instead."),
    correcting.Obstacle.MOVED: _(
        "This gift counts for another campaign by now than when you opened the form. Look at it again."
    ),
    correcting.Obstacle.SAME: _("The gift counts for this campaign already."),
    correcting.Obstacle.NO_FUND: _("Choose a campaign that takes gifts."),
    correcting.Obstacle.OTHER_CURRENCY: _(
        "That campaign keeps its books in another currency. The gift can count only where its own is kept."
    ),
}


def alert_words(kind: AlertKind) -> str:
    return gettext(ALERTS[kind])


def advice(kind: AlertKind) -> str:
    """What to do about an alert of this kind."""
    return gettext(ADVICE[kind])


def letter_words(state: str) -> str:
    return gettext(LETTERS[LetterState(state)])


def deed_words(action: str) -> str:
    """What somebody did, in words; the log's own word for what nobody does to a gift."""
    return gettext(DEEDS[Action(action)]) if action in DEEDS else action


def deed_detail(action: str, detail: str) -> str:
    """What else the audit log says of a deed: an amount and a reason are told as on the page where they were chosen."""
    amount, _space, rest = detail.partition(" ")
    currency, _space, rest = rest.partition(" ")
    reason, _space, outcome = rest.partition(" ")
    if action != Action.REFUNDED or reason not in frozenset(Reason):
        return detail
    said = gettext("{amount}: {reason} (refused by the provider)") if outcome else gettext("{amount}: {reason}")
    paid_back = current().money(Money.of(amount, currency))
    return said.format(amount=paid_back, reason=reason_words(Reason(reason)))


def notice_words(reason: str) -> str:
    """Why a notice was not acted on."""
    return gettext(NOTICES[reason]) if reason in NOTICES else reason


def reason_words(reason: Reason) -> str:
    return current().pgettext(*REASONS[reason])
