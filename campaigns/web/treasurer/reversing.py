"""/treasury/ledger/<number>/reverse: undoing what was booked by hand, by an entry that is shown first."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaigns.domain.people import Permission
from campaigns.language import current, gettext
from campaigns.services import reversing
from campaigns.services.drafting import desk
from campaigns.services.keys import Keys
from campaigns.services.reversing import CannotReverse, Obstacle, Undoing
from campaigns.web import staff_page
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.treasurer.words import account_words, kind_words


def _(text: str) -> str:
    """Marks a text for translation; it is translated when the page is made."""
    return text


REASONS = {
    "twice": _("Booked twice"),
    "amount": _("Wrong amount"),
    "place": _("Wrong account or campaign"),
    "other": _("Another mistake"),
}
_RULE = "/ledger/<int:number>/reverse"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def show(number: int) -> ResponseReturnValue:
        try:
            return _page(keys, reversing.look_over(keys, number))
        except CannotReverse as refused:
            return _refused(number, refused)

    def reverse(number: int) -> ResponseReturnValue:
        try:
            undoing = reversing.look_over(keys, number)
            reason = REASONS.get(request.form.get("reason", ""))
            if reason is None:
                return _page(keys, undoing, gettext("Choose why it is reversed."))
            new = reversing.reverse(keys, who(), number, gettext(reason))
        except CannotReverse as refused:
            if refused.reversed_by is not None:  # the button was pressed twice
                return staff_page.done(f"/treasury/ledger/{refused.reversed_by}", "reversed")
            return _refused(number, refused)
        return staff_page.done(f"/treasury/ledger/{new}", "reversed")

    room.page(_RULE, "reverse", Permission.BOOK, show)
    room.deed(_RULE, "do_reverse", Permission.BOOK, reverse)


def _page(keys: Keys, undoing: Undoing, complaint: str = "") -> Response:
    return private_page(
        "treasurer/reverse.html", 422 if complaint else 200, undoing=undoing, complaint=complaint,
        reasons=[(word, gettext(text)) for word, text in REASONS.items()], account=account_words,
        kind=kind_words(undoing.booked.entry.kind), campaign=_title(keys, undoing),
    )  # fmt: skip


def _title(keys: Keys, undoing: Undoing) -> str:
    wanted = undoing.booked.entry.campaign_id
    return next((each.title for each in desk(keys, current().code).campaigns if each.id == wanted), "")


def _refused(number: int, refused: CannotReverse) -> Response:
    """Why not, and where to go on."""
    back = f"/treasury/pledges/{refused.pledge_id}" if refused.pledge_id else f"/treasury/ledger/{number}"
    if refused.obstacle is Obstacle.UNKNOWN:
        raise NotFound
    return staff_page.refusal(409, gettext("This entry cannot be reversed by hand"), _words(refused.obstacle), back)


def _words(obstacle: Obstacle) -> str:
    match obstacle:
        case Obstacle.PROVIDER:
            return gettext(
                "This money lies at the payment provider, and is put right there: pay the gift back, or correct its "
                "campaign. The books follow when the provider confirms."
            )
        case Obstacle.MOVED:
            return gettext("The gift was paid back, or moved to another campaign, since this entry was booked.")
        case _:
            return gettext("It has been reversed already, or is a reversal itself.")
