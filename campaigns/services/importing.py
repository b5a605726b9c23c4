"""Importing many entries: looked over first, then booked all at once or not at all, each row of a file once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.booking_by_hand import write
from campaigns.services.drafting import Clerk, Draft, Fault, Plan, Refused, effect_of
from campaigns.services.keys import Keys
from campaigns.storage import books, figures
from campaigns.storage.database import Connection, IntegrityError


class Changed(Exception):
    """What would be booked now is not what was shown: a month was closed, or somebody has booked some of it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One row looked over: booked already, or with a fault, or with a plan."""

    draft: Draft
    plan: Plan | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """All rows in the file's order. `mark` changes whenever what would be booked does."""

    rows: list[Looked]
    mark: str

    @property
    def fresh(self) -> list[Plan]:
        return [row.plan for row in self.rows if row.plan]

    @property
    def is_right(self) -> bool:
        return not any(row.fault for row in self.rows)


def dry_run(keys: Keys, drafts: Sequence[Draft]) -> DryRun:
    """What would become of these rows; nothing is written."""
    with keys.database.reading() as connection:
        return _look(connection, keys, drafts)


def book_all(keys: Keys, person: Person, drafts: Sequence[Draft], mark: str) -> int:
    """Book every row that is not booked yet, in one transaction, and return how many.

    Changed, and nothing is booked, unless it is exactly what the dry run with this mark has shown.
    """
    try:
        return _book_all(keys, person, drafts, mark)
    except IntegrityError as error:  # somebody imports the same at this moment, or closes the month
        raise Changed from error


def _book_all(keys: Keys, person: Person, drafts: Sequence[Draft], mark: str) -> int:
    now = keys.now()
    with keys.database.transaction() as connection:
        looked = _look(connection, keys, drafts)
        if looked.mark != mark or not looked.is_right:
            raise Changed
        if not looked.fresh:
            return 0
        numbers, changes = write(connection, person, looked.fresh, now)
        detail = f"{len(numbers)} entries, {numbers[0]} to {numbers[-1]}"
        note(connection, keys, person, Action.IMPORTED, f"entry:{numbers[0]}", detail)
        for campaign_id in sorted(changes):  # in one order, or two imports could wait for each other
            figures.change(connection, campaign_id, changes[campaign_id])
        return len(numbers)


def _look(connection: Connection, keys: Keys, drafts: Sequence[Draft]) -> DryRun:
    references = _references(drafts)
    effects = [effect_of(draft.kind, reference) for draft, reference in zip(drafts, references, strict=True)]
    booked = books.booked_effects(connection, effects)
    clerk, rows = Clerk(connection, keys), []
    for draft, reference, effect in zip(drafts, references, effects, strict=True):
        rows.append(Looked(draft) if effect in booked else _looked(clerk, draft, reference))
    said = [(row.plan.entry.effect, row.plan.day.isoformat()) if row.plan else row.fault for row in rows]
    return DryRun(rows, hashlib.sha256(json.dumps(said).encode()).hexdigest())


def _looked(clerk: Clerk, draft: Draft, reference: str) -> Looked:
    try:
        return Looked(draft, plan=clerk.plan(draft, reference))
    except Refused as refused:
        return Looked(draft, fault=refused.fault)


def _references(drafts: Sequence[Draft]) -> list[str]:
    """What tells each row from all others, in this file and in every other: all that it says.

    Rows that say the same are told apart by how many of them came before.
    """
    seen: Counter[str] = Counter()
    references = []
    for draft in drafts:
        said = json.dumps(
            [
                draft.day.isoformat(), draft.amount.minor, draft.amount.currency, draft.kind, draft.debit, draft.credit,
                draft.campaign, draft.memo,
            ]
        )  # fmt: skip
        references.append(hashlib.sha256(f"import:{seen[said]}:{said}".encode()).hexdigest()[:32])
        seen[said] += 1
    return references
