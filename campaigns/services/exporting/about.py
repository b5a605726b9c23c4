"""What an exported file says of itself, and how texts of people are kept from being read as anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.periods import FIRST_DAY, LAST_DAY
from campaigns.domain.selection import Selection

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class About:
    """Whose books, which part of them, and when it was written (UTC)."""

    organisation: str
    selection: Selection
    made_at: datetime


def described(selection: Selection, *, words: bool = True) -> str:
    """A selection in the words of its address, `all` where it takes in everything; amounts in major units.

    Without `words` it only says that some were given: people type names of people.
    """
    parts = {
        "from": selection.span.first.isoformat() if selection.span.first > FIRST_DAY else "",
        "to": selection.span.last.isoformat() if selection.span.last < LAST_DAY else "",
        "campaign": selection.campaign,
        "account": selection.account,
        "kind": selection.kind,
        "gateway": selection.gateway,
        "least": selection.least and str(selection.least),
        "most": selection.most and str(selection.most),
        "words": one_line(selection.words) if words else "(not told)" if selection.words else "",
    }
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value) or "all"


def one_line(text: str) -> str:
    """The text without what ends a line or cannot be seen."""
    return _UNSEEN.sub(" ", text)


def moment(at: datetime) -> str:
    """`2026-11-22T15:30:12Z`, of a moment in UTC."""
    return f"{at.isoformat()[:19]}Z"
