"""A gift that was counted for the wrong campaign: what is booked for the right one."""

from __future__ import annotations

import re
from dataclasses import replace

from campaigns.domain.ledger import Entry

_MOVED = re.compile(r"moved:\d+:")


def moved_entry(entry: Entry, moves_before: int, campaign_id: int) -> Entry:
    """The same movement, for the campaign that was meant: booked beside the reversal of `entry`.

    Its effect names the first one and how often the gift was moved before, so that it too exists once at most.
    """
    first = _MOVED.sub("", entry.effect, count=1)
    postings = tuple(
        posting if posting.campaign_id is None else replace(posting, campaign_id=campaign_id)
        for posting in entry.postings
    )
    return Entry(entry.kind, f"moved:{moves_before}:{first}", postings)
