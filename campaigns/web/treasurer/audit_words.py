"""How the audit log calls what staff do, and what was found when it was verified."""

from __future__ import annotations

from campaigns.language import current, gettext
from campaigns.services.audit_proof import Fault, Proof
from campaigns.services.audit_trail import Action


def pgettext(context: str, text: str) -> tuple[str, str]:
    """Marks a text that is translated by what it is said of, `context`."""
    return context, text


ACTIONS = {
    Action.SIGN_IN: pgettext("deed", "Signed in"),
    Action.SIGN_OUT: pgettext("deed", "Signed out"),
    Action.PASSWORD_CHANGED: pgettext("deed", "Password changed"),
    Action.FACTOR_CHANGED: pgettext("deed", "Second step of signing in changed"),
    Action.RECOVERY_CODE_USED: pgettext("deed", "Recovery code used"),
    Action.PASSKEY_REFUSED: pgettext("deed", "Passkey refused: there may be a copy of it"),
    Action.SESSION_ENDED: pgettext("deed", "Sign-in ended"),
    Action.PERSON_INVITED: pgettext("deed", "Person invited"),
    Action.PERSON_CHANGED: pgettext("deed", "Person changed"),
    Action.DONOR_SEEN: pgettext("deed", "Donor’s address looked at"),
    Action.DONOR_FORGOTTEN: pgettext("deed", "Donor’s address erased"),
    Action.EXPORTED: pgettext("deed", "Books exported"),
    Action.BOOKED: pgettext("deed", "Booked by hand"),
    Action.REVERSED: pgettext("deed", "Entry reversed"),
    Action.IMPORTED: pgettext("deed", "Entries imported"),
    Action.REFUNDED: pgettext("deed", "Refund asked for"),
    Action.PLEDGE_CANCELLED: pgettext("deed", "Gift cancelled"),
    Action.CAMPAIGN_CORRECTED: pgettext("deed", "Gift moved to another campaign"),
    Action.ALERT_SETTLED: pgettext("deed", "Alert dealt with"),
    Action.NOTICE_REPLAYED: pgettext("deed", "Payment provider asked again"),
    Action.MONTH_CLOSED: pgettext("deed", "Month closed"),
    Action.SITE_HALTED: pgettext("deed", "Site halted"),
    Action.SITE_RESUMED: pgettext("deed", "Site resumed"),
    Action.SETTINGS_CHANGED: pgettext("deed", "Settings changed"),
}


def action_words(action: str) -> str:
    """What was done; a deed that this program does not know (any more) is called as it is kept."""
    return current().pgettext(*ACTIONS[Action(action)]) if action in ACTIONS else action


def fault_words(proof: Proof) -> str:
    """Where the log is not as it was written, and what may have happened there; only for a proof with a fault."""
    number = current().number(proof.number)
    match proof.fault:
        case Fault.CHANGED:
            text = gettext("Record %s was changed or put in, or one was removed just before it.")
        case Fault.REMOVED:
            text = gettext("Records were removed just before record %s.")
        case Fault.UNREADABLE:
            text = gettext("After record %s stands something that cannot be read.")
        case Fault.UNKNOWN_KEY:
            text = gettext("Record %s cannot be verified: the key that sealed it is not in SECRET_KEY any more.")
        case _:
            text = gettext("Records were cut off after record %s: what must come after it is missing.")
    return text % number
