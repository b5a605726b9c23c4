"""The sandbox's post: notices wait here until the site has taken them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from campaigns.payments.sandbox_file import read_moment
from campaigns.payments.sandbox_memory import JSON, SandboxMemory, Shelf
from campaigns.payments.sandbox_words import Told
from campaigns.payments.signature import sign

# Hands a body and its signature over, and returns the HTTP status; OSError when nobody is there.
Deliver = Callable[[bytes, str], int]

BATCH = 100
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)

_KIND = "notice"


class SandboxPost:
    """Notices queued in the sandbox's memory, signed anew for each try, as the real one does.

    A notice that is not taken is tried again later and later, but never given up.
    """

    def __init__(self, memory: SandboxMemory, secrets: Sequence[str]) -> None:
        self._memory = memory
        self._secrets = secrets

    def queue(self, shelf: Shelf, event_id: str, told: Told, now: datetime) -> None:
        """Put a notice into the queue, in the same breath as what it tells."""
        message = {
            "id": event_id,
            "mode": "sandbox",
            "at": int(now.timestamp()),
            "kind": told.kind,
            "object": told.subject,
        }
        _put(shelf, event_id, {"message": message, "tries": 0}, now)

    def deliver(self, now: datetime, deliver: Deliver) -> int:
        """Hand over what is due; returns how many notices were taken."""
        return sum(self._try(id, now, deliver) for id in self._memory.due(_KIND, now, BATCH))

    def _try(self, id: str, now: datetime, deliver: Deliver) -> bool:
        waiting = self._claim(id, now)
        if waiting is None:
            return False
        body = json.dumps(waiting["message"]).encode()
        try:
            status = deliver(body, sign(body, self._secrets, now))
        except OSError:
            return False  # stays in the queue
        if not 200 <= status < 300:
            return False
        with self._memory.changing() as shelf:
            shelf.drop(id)
        return True

    def _claim(self, id: str, now: datetime) -> JSON | None:
        """Put the next try off before this one, so that two nodes seldom send the same notice at once."""
        with self._memory.changing() as shelf:
            waiting = shelf.get(id)
            due = read_moment(waiting["due_at"]) if waiting else None
            if waiting is None or due is None or due > now:
                return None
            wait = min(FIRST_WAIT * 2 ** min(waiting["tries"], 16), LONGEST_WAIT)
            _put(shelf, id, {**waiting, "tries": waiting["tries"] + 1}, now + wait)
            return waiting


def _put(shelf: Shelf, id: str, waiting: JSON, due_at: datetime) -> None:
    shelf.put(id, _KIND, {**waiting, "due_at": due_at.isoformat()}, due_at)
