"""Comparing the books with the seals of their closed months: what was changed behind our back has a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from campaigns.domain.closing import VERSION, KeptEntry, serialised
from campaigns.domain.periods import last_of
from campaigns.services.audit_trail import Action
from campaigns.services.closing import PURPOSE
from campaigns.services.keys import Keys
from campaigns.services.sealing import BEGINNING, Seals, UnknownKey
from campaigns.storage import audit_log, closings
from campaigns.storage.closings import Closing, Link
from campaigns.storage.database import Connection

_HEAD = re.compile(r"head ([0-9a-f]{64})")


def broken_seals(keys: Keys) -> list[str]:
    """A sentence for the first fault of each closed month, and for months that are no longer closed; none if all holds.

    Entries are named by their numbers. Reads piece by piece: memory does not grow with the books. What was sealed with
    a key that SECRET_KEY does not hold any more is said to be so: it can neither be proved nor doubted.
    """
    with keys.database.snapshot() as connection:
        closed = closings.all_closings(connection)
        walk = _Walk(Seals.of(keys.settings, PURPOSE), {closing.month: closing for closing in closed})
        faults = [*_forgotten(connection, closed), *_walk(connection, walk)]
        if closed and (late := closings.first_unsealed(connection, last_of(closed[-1].month))):
            faults.append(f"entry {late} was put into closed months: nobody sealed it")
    return faults


@dataclass(slots=True)
class _Walk:
    """How far along the chain we are."""

    seals: Seals
    closed: dict[str, Closing]
    number: int = 0
    seal: str = BEGINNING
    counted: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


def _walk(connection: Connection, walk: _Walk) -> Iterator[str]:
    """Follow the chain link by link. The first fault of a month is told: the ones after it often follow from it."""
    try:
        for link, entry in closings.links(connection):
            fault = _fault(walk, link, entry)
            walk.counted[link.month] = walk.counted.get(link.month, 0) + 1
            walk.number, walk.seal, walk.last[link.month] = link.number, link.seal, link.entry_id
            if fault and link.month not in walk.told:
                walk.told.add(link.month)
                yield fault
    except ValueError:  # SQLite keeps whatever it is given, even where a day should be
        before = max(walk.last.values(), default=0)
        yield f"after entry {before} the books hold something that cannot be read"
        return
    yield from _ends(connection, walk)


def _fault(walk: _Walk, link: Link, entry: KeptEntry | None) -> str | None:
    closed = walk.closed.get(link.month)
    if closed is None:
        return f"entry {link.entry_id} was sealed with {link.month}, which is no longer closed"
    if link.number != walk.number + 1:
        missing = link.number - walk.number - 1
        return f"sealed entries of {link.month} are gone just before entry {link.entry_id}: {missing}"
    if entry is None:
        return f"entry {link.entry_id} is gone: it was sealed with {link.month}"
    if closed.version != VERSION:
        return f"{link.month} was sealed in form {closed.version}, which this program does not know"
    try:
        is_as_sealed = walk.seals.seal(walk.seal, serialised(entry), closed.key_id) == link.seal
    except UnknownKey:
        return f"{link.month} cannot be verified: SECRET_KEY does not hold the key {closed.key_id} that sealed it"
    return None if is_as_sealed else f"entry {entry.number} is not what it was when {link.month} was closed"


def _ends(connection: Connection, walk: _Walk) -> Iterator[str]:
    """Whether the chain is as long as each closed month says, and ends there in the seal that was its head."""
    before = 0
    heads = closings.seals_of(connection, [closing.last_number or 0 for closing in walk.closed.values()])
    for month, closing in sorted(walk.closed.items()):
        counted, last = walk.counted.get(month, 0), closing.last_number or 0
        if month in walk.told:
            pass
        elif counted != closing.entries or last != before + closing.entries:
            left = f": entry {walk.last[month]} is the last of them" if month in walk.last else ""
            yield f"{month} was closed with {closing.entries} entries, and {counted} of them are left{left}"
        elif heads.get(last, BEGINNING) != closing.head:
            yield f"{month} was closed with another head than its last entry has"
        before = last


def _forgotten(connection: Connection, closed: list[Closing]) -> Iterator[str]:
    """Closings that the audit log tells of and the books do not, or otherwise."""
    heads = {f"month:{closing.month}": closing.head for closing in closed}
    for record in audit_log.of_action(connection, Action.MONTH_CLOSED):
        found = _HEAD.search(record.detail)
        month = record.subject.removeprefix("month:")
        if record.subject not in heads:
            yield f"{month} was closed, says the audit log, and is open now"
        elif found and found[1] != heads[record.subject]:
            yield f"{month} was closed with another head, says the audit log"
