"""What pages for staff have in common: the way round, what was just done, and how they refuse."""

from __future__ import annotations

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission, Person
from campaigns.language import gettext
from campaigns.services.halting import halted_since
from campaigns.services.keys import Keys
from campaigns.web.responses import private_page


def _(text: str) -> str:
    """Marks a text for translation; it is translated when the page is made."""
    return text


_P = Permission
_ROOMS = (
    ("/treasury/", _("Overview"), _P.SEE_BOOKS),
    ("/treasury/ledger", _("Ledger"), _P.SEE_BOOKS),
    ("/treasury/accounts", _("Accounts"), _P.SEE_BOOKS),
    ("/treasury/income", _("Income"), _P.SEE_BOOKS),
    ("/treasury/pledges", _("Gifts"), _P.SEE_BOOKS),
    ("/treasury/book", _("Book by hand"), _P.BOOK),
    ("/treasury/months", _("Months"), _P.SEE_BOOKS),
    ("/treasury/audit", _("Audit log"), _P.SEE_AUDIT),
    ("/admin/people", _("People"), _P.MANAGE_PEOPLE),
    ("/admin/site", _("Site"), _P.RUN_SITE),
)

# What a page says after something was done and the browser was led on to it: `?done=<word>`.
DONE = {
    "booked": _("Booked."),
    "reversed": _("Reversed. Both entries stay in the books."),
    "refunding": _("The payment provider has been asked to pay the money back. The books change when it confirms."),
    "cancelled": _("Cancelled."),
    "corrected": _("The gift now counts for the other campaign."),
    "forgotten": _("The donor’s address has been erased."),
    "settled": _("Marked as dealt with."),
    "replayed": _("Asked the payment provider again."),
    "closed": _("The month is closed."),
    "imported": _("Imported."),
    "saved": _("Saved."),
    "invited": _("Invited. The link is on its way by e-mail and ends after 72 hours."),
    "ended": _("Ended."),
    "halted": _("All widgets are empty and giving is paused."),
    "resumed": _("Widgets and giving are back."),
    "signed-out": _("You have signed out."),
}


def install(app: Flask, keys: Keys) -> None:
    """Let templates for staff know where they are, and whether the emergency switch is turned."""

    def is_halted() -> bool:
        return halted_since(keys.database) is not None

    app.jinja_env.globals.update(staff_rooms=rooms_of, is_here=is_here, said=said, is_halted=is_halted)


def rooms_of(person: Person) -> list[tuple[str, str]]:
    """Where this person may go: address and words."""
    return [(path, gettext(words)) for path, words, needs in _ROOMS if person.may(needs)]


def is_here(path: str) -> bool:
    """Whether the page that is being made lies in the room under this address."""
    return request.path == path or (not path.endswith("/") and request.path.startswith(f"{path}/"))


def said() -> str:
    """What was just done, in words; "" where nothing was."""
    words = DONE.get(request.args.get("done", ""))
    return gettext(words) if words else ""


def done(path: str, word: str) -> ResponseReturnValue:
    """On to a page of ours that says what was done; `word` is one of DONE."""
    if word not in DONE:
        raise KeyError(word)
    return redirect(f"{path}{'&' if '?' in path else '?'}done={word}", 303)


def refusal(status: int, title: str, text: str, back: str = "") -> Response:
    """A page for staff that says why something was not done; `back` is where to go on."""
    return private_page("staff/refusal.html", status, title=title, text=text, back=back)


def not_for_you() -> Response:
    """For somebody signed in whose role has no business here."""
    return refusal(
        403,
        gettext("Your role does not include this"),
        gettext("Nothing was changed. Whoever manages people here can give you another role."),
    )
