"""/treasury/payments/<number>/refund: giving money back through the payment provider."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import gettext
from campaigns.services.keys import Keys
from campaigns.services.refunding import (
    CannotRefund,
    Obstacle,
    Reason,
    Refundable,
    Refused,
    Unanswered,
    Wish,
    refundable,
)
from campaigns.services.refunding import refund as ask_for_refund
from campaigns.web.doors import Room, who
from campaigns.web.forms.refund import RefundForm, Slip, read_slip
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done, refusal
from campaigns.web.treasurer import gift_words, words
from campaigns.web.treasurer.asking import NUMBER

ONE = f"/payments/{NUMBER}"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def form(number: int) -> ResponseReturnValue:
        """The form, filled in with all that is left."""
        try:
            found = refundable(keys, number)
        except CannotRefund as no:
            return _cannot(no)
        if not found.left:
            return _cannot(CannotRefund(Obstacle.NOT_RECEIVED))
        return _page(keys, found, RefundForm(found.payment.standing.amount, found.left), Slip.make(number, keys.now()))

    def refund(number: int) -> ResponseReturnValue:
        """The provider is asked; what it says is told."""
        slip = read_slip(request.form.get("slip", ""), number, keys.settings.secret_key, keys.now())
        if slip is None:
            return refusal(
                409,
                gettext("Nothing was paid back"),
                gettext("This form is too old, or it was not made for this gift. Open it anew."),
                f"/treasury/payments/{number}/refund",
            )
        try:
            return _refund(keys, refundable(keys, number), slip)
        except CannotRefund as no:
            return _cannot(no)

    room.page(f"{ONE}/refund", "refund", Permission.REFUND, form)
    room.deed(f"{ONE}/refund", "give_back", Permission.REFUND, refund)


def _refund(keys: Keys, found: Refundable, slip: Slip) -> ResponseReturnValue:
    form = RefundForm(found.payment.standing.amount, found.left, request.form)
    read = form.read()
    if read is None:
        return _page(keys, found, form, slip, status=422)
    amount, reason = read
    try:
        ask_for_refund(keys, who(), Wish(slip.payment_id, amount, reason, slip.random, slip.expires_at))
    except CannotRefund as no:
        if no.obstacle is not Obstacle.TOO_MUCH:
            raise
        form.complain_of_too_much()
        return _page(keys, found, form, slip, status=422)
    except Refused as no:  # another try is another form: the provider may repeat its answer to this one
        return _page(keys, found, form, Slip.make(slip.payment_id, keys.now()), status=409, refused=str(no))
    except Unanswered:
        return _page(keys, found, form, slip, status=502, unanswered=True)
    return done(_back(found), "refunding")


def _back(found: Refundable) -> str:
    pledge_id = found.payment.pledge_id
    return "/treasury/alerts" if pledge_id is None else f"/treasury/pledges/{pledge_id}"


def _page(
    keys: Keys,
    found: Refundable,
    form: RefundForm,
    slip: Slip,
    status: int = 200,
    refused: str = "",
    *,
    unanswered: bool = False,
) -> ResponseReturnValue:
    return private_page(
        "treasurer/refund.html", status, found=found, form=form, back=_back(found), refused=refused,
        slip=slip.signed(keys.settings.secret_key), unanswered=unanswered, reasons=Reason, words=words,
        gift_words=gift_words,
    )  # fmt: skip


def _cannot(no: CannotRefund) -> ResponseReturnValue:
    if no.obstacle is Obstacle.UNKNOWN:
        abort(404)
    text = gettext(gift_words.NO_REFUND[no.obstacle])
    return refusal(409, gettext("Nothing was paid back"), text, "/treasury/pledges")
