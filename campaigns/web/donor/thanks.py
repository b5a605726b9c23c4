"""The page that a donor comes back to: what became of the gift, for an hour, and then nothing at all."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from campaigns.domain.pledge import PledgeState
from campaigns.services.giving import PledgeView, pledge_behind
from campaigns.services.keys import Keys
from campaigns.web.responses import private_page

# How long the page asks by itself whether the money has come, and how often (seconds).
_WATCHED = timedelta(minutes=15)
_EVERY = 5

_DONE = (PledgeState.FULFILLED, PledgeState.ACTIVE)
_OVER = (PledgeState.EXPIRED, PledgeState.CANCELLED)


class Thanks:
    """The view."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def show(self, lang: str, token: str) -> Response:  # noqa: ARG002 - the language is spoken already
        """The gift's state; the very same page for an unknown address and for one that has gone neutral."""
        gift = pledge_behind(self._keys, token)
        if gift is None:
            return private_page("donor/thanks/neutral.html", 404)
        waiting = gift.pledge.state in (PledgeState.STARTED, PledgeState.OPEN)
        young = self._keys.now() < gift.pledge.changed_at + _WATCHED
        every = _EVERY if waiting and young and "left" not in request.args else None
        return private_page(f"donor/thanks/{self._page(gift)}.html", gift=gift, pledge=gift.pledge, every=every)

    def _page(self, gift: PledgeView) -> str:
        """Which of the pages tells it."""
        pledge = gift.pledge
        if pledge.state in _DONE:
            return "fulfilled"
        if pledge.state is PledgeState.OPEN:
            return "processing"
        if pledge.state in _OVER or gift.failed or self._keys.now() >= pledge.expires_at:
            return "failed" if gift.failed else "over"
        return "left" if "left" in request.args else "started"
