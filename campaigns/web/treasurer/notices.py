"""/treasury/notices: what payment providers told, what became of it, and asking them again."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import abort, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.language import gettext
from campaigns.payments.gateway import GatewayError
from campaigns.services import looking_through
from campaigns.services.keys import Keys
from campaigns.services.replaying import CannotReplay, replay_notice
from campaigns.storage.inbox import NoticeState
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done, refusal
from campaigns.web.treasurer import gift_words, words
from campaigns.web.treasurer.asking import NUMBER, number_before, one_word


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def notices() -> ResponseReturnValue:
        state = one_word(NoticeState, "state")
        page = looking_through.notices(keys, state, number_before())
        more = urlencode({"state": state or "", "before": page.next or ""})
        return private_page(
            "treasurer/notices.html", page=page, state=state, more=more, states=NoticeState, person=who(),
            here=keys.gateway.name, words=words, gift_words=gift_words,
        )  # fmt: skip

    def replay(number: int) -> ResponseReturnValue:
        """The provider is asked again, and what it says now is acted on."""
        try:
            replay_notice(keys, who(), number)
        except CannotReplay:
            abort(404)
        except GatewayError:
            return refusal(
                502,
                gettext("This was not done"),
                gettext("The payment provider could not be reached, or knows nothing of it. Try again later."),
                "/treasury/notices",
            )
        state = one_word(NoticeState, "state", request.form)
        return done(f"/treasury/notices?state={state}" if state else "/treasury/notices", "replayed")

    room.page("/notices", "notices", Permission.SEE_BOOKS, notices)
    room.deed(f"/notices/{NUMBER}/replay", "replay_notice", Permission.BOOK, replay)
