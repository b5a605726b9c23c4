"""/treasury/payments/<number>/correct: letting a gift count for the campaign that was meant."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import current, gettext
from campaigns.services.correcting import CannotCorrect, Obstacle, correct, correctable
from campaigns.services.keys import Keys
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done, refusal
from campaigns.web.treasurer import gift_words
from campaigns.web.treasurer.asking import NUMBER

ONE = f"/payments/{NUMBER}"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def form(number: int) -> ResponseReturnValue:
        """What the gift counts for now, and what else it could."""
        try:
            found = correctable(keys, number, current().code)
        except CannotCorrect as no:
            return _cannot(no, number)
        return private_page("treasurer/correct.html", found=found)

    def do(number: int) -> ResponseReturnValue:
        """It counts for the other one."""
        try:
            pledge_id = correct(keys, who(), number, request.form.get("from", ""), request.form.get("to", ""))
        except CannotCorrect as no:
            return _cannot(no, number)
        return done("/treasury/pledges" if pledge_id is None else f"/treasury/pledges/{pledge_id}", "corrected")

    room.page(f"{ONE}/correct", "correct", Permission.BOOK, form)
    room.deed(f"{ONE}/correct", "correct_campaign", Permission.BOOK, do)


def _cannot(no: CannotCorrect, number: int) -> ResponseReturnValue:
    if no.obstacle is Obstacle.UNKNOWN:
        abort(404)
    back = "/treasury/pledges" if no.obstacle is Obstacle.UNASSIGNED else f"/treasury/payments/{number}/correct"
    return refusal(409, gettext("The gift stays where it is"), gettext(gift_words.NO_CORRECTION[no.obstacle]), back)
