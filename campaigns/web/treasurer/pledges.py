"""/treasury/pledges: the list of gifts, one gift's whole life, and what is done to it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import abort
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.domain.pledge import Method, PledgeState
from campaigns.language import current, gettext
from campaigns.payments.gateway import GatewayError
from campaigns.services import looking_through
from campaigns.services.cancelling import CannotCancel, cancel
from campaigns.services.following import follow
from campaigns.services.giving import EMAIL_KEPT
from campaigns.services.keys import Keys
from campaigns.services.replaying import CannotReplay, replay_gift
from campaigns.services.seeing_donor import forget_donor, see_donor
from campaigns.storage.gift_list import GiftFilter
from campaigns.storage.vault import CannotOpen
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done, refusal
from campaigns.web.treasurer import gift_words, words
from campaigns.web.treasurer.asking import NUMBER, number_before, one_word, text

AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
LONGEST_NAME = 255
ONE = f"/pledges/{NUMBER}"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""
    desk = _Desk(keys)
    see, change = Permission.SEE_BOOKS, Permission.BOOK
    room.page("/pledges", "pledges", see, desk.listing)
    room.page(ONE, "pledge", see, desk.one)
    room.deed(f"{ONE}/cancel", "cancel_pledge", change, desk.cancel)
    room.deed(f"{ONE}/replay", "replay_pledge", change, desk.replay)
    room.deed(f"{ONE}/donor", "see_donor", Permission.SEE_DONOR, desk.see_donor)
    room.deed(f"{ONE}/forget", "forget_donor", Permission.SEE_DONOR, desk.forget_donor)


class _Desk:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def listing(self) -> ResponseReturnValue:
        """Gifts that the address asks for, the newest first."""
        chosen = {name: text(name) for name in ("state", "age", "campaign", "method", "named")}
        page = looking_through.gifts(self._keys, _filter(self._keys, chosen), current().code, number_before())
        given = {name: value for name, value in chosen.items() if value}
        addresses = {"newest": urlencode(given), "older": urlencode({**given, "before": page.gifts.next or ""})}
        return private_page(
            "treasurer/pledges.html", page=page, chosen=chosen, addresses=addresses, states=PledgeState, methods=Method,
            ages=AGES, words=words,
        )  # fmt: skip

    def one(self, number: int) -> ResponseReturnValue:
        """One gift's whole life."""
        return self._page(number)

    def cancel(self, number: int) -> ResponseReturnValue:
        """The promise is cancelled, at the provider first."""
        try:
            cancel(self._keys, who(), number)
        except CannotCancel:
            return self._not_done(number, 409, gettext("There is nothing to cancel any more. Look at the gift again."))
        except GatewayError:
            return self._unreachable(number)
        return done(f"/treasury/pledges/{number}", "cancelled")

    def replay(self, number: int) -> ResponseReturnValue:
        """The provider is asked what it knows of the gift."""
        try:
            replay_gift(self._keys, who(), number)
        except CannotReplay:
            return self._not_done(number, 409, gettext("The payment provider in use knows nothing of this gift."))
        except GatewayError:
            return self._unreachable(number)
        return done(f"/treasury/pledges/{number}", "replayed")

    def see_donor(self, number: int) -> ResponseReturnValue:
        """The donor's address, once: it stands in no address and on no page that is kept."""
        try:
            email = see_donor(self._keys, who(), number)
        except CannotOpen:
            return self._sealed(number)
        return self._page(number, email=email)

    def forget_donor(self, number: int) -> ResponseReturnValue:
        """The donor's address is erased, here and wherever else the same one is kept."""
        try:
            forget_donor(self._keys, who(), number)
        except CannotOpen:
            return self._sealed(number)
        return done(f"/treasury/pledges/{number}", "forgotten")

    def _page(self, number: int, email: str | None = None) -> ResponseReturnValue:
        life = follow(self._keys, number, current().code)
        if life is None:
            abort(404)
        return private_page(
            "treasurer/pledge.html", life=life, email=email, person=who(), kept=EMAIL_KEPT, words=words,
            gift_words=gift_words,
        )  # fmt: skip

    def _unreachable(self, number: int) -> ResponseReturnValue:
        return self._not_done(
            number, 502, gettext("The payment provider could not be reached, or refused. Try again in a few minutes.")
        )

    def _sealed(self, number: int) -> ResponseReturnValue:
        return self._not_done(
            number,
            500,
            gettext("The address is sealed with a key that this site does not have. Whoever runs it must add the key."),
        )

    def _not_done(self, number: int, status: int, text: str) -> ResponseReturnValue:
        return refusal(status, gettext("This was not done"), text, f"/treasury/pledges/{number}")


def _filter(keys: Keys, chosen: dict[str, str]) -> GiftFilter:
    """What the address asks for; what it cannot mean is a page that does not exist."""
    age = chosen["age"]
    if age and age not in AGES:
        abort(404)
    return GiftFilter(
        state=one_word(PledgeState, "state"),
        begun_before=keys.now() - AGES[age] if age else None,
        campaign=chosen["campaign"] or None,
        method=one_word(Method, "method"),
        named=chosen["named"][:LONGEST_NAME],
    )
