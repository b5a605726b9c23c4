"""Ways to get money wrong, each as a change to a running program: a test that does not notice them proves nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from campaigns.domain.ledger import Entry
from campaigns.domain.money import Money
from campaigns.domain.payment import Refund
from campaigns.payments import sandbox, signature, stripe
from campaigns.payments.gateway import Notice, Topic
from campaigns.services import settlement
from campaigns.services.keys import Keys
from campaigns.services.settlement import Outcome
from campaigns.storage import books, figures, inbox, payments
from campaigns.storage.database import Connection
from campaigns.storage.figures import Change
from campaigns.storage.inbox import NoticeState

# Sets an attribute of a module, as `setattr` and pytest's monkeypatch do.
Patch = Callable[[Any, str, object], None]

# Seconds between the two transactions of the first one: a moment in which a program can be killed.
GAP = float(os.environ.get("MUTANT_GAP", "0"))


def inbox_and_entry_in_two_transactions(patch: Patch) -> None:
    """What was remembered is not booked if the program ends in between."""

    def act_on(keys: Keys, notice: Notice, now: datetime) -> Outcome:
        told = (keys.gateway.name, notice.event_id, notice.kind, notice.object_id, now)
        with keys.database.transaction() as connection:
            notice_id = inbox.remember(connection, *told)
        if notice_id is None:
            return Outcome(NoticeState.DONE, repeated=True)
        if notice.topic is not Topic.OTHER:
            time.sleep(GAP)
        with keys.database.transaction() as connection:
            desk = settlement._Desk(connection, keys.gateway.name, notice, notice_id, now)
            outcome = settlement._HANDLERS[notice.topic](desk)
            if outcome.state is not NoticeState.DONE:
                inbox.mark(connection, notice_id, outcome.state, outcome.reason or "")
            return outcome

    patch(settlement, "act_on", act_on)


def an_effect_can_be_booked_again(patch: Patch) -> None:
    """Nobody looks whether a refund or a dispute is in the books already, and no key of theirs is unique."""
    book = books.book

    def under_another_key(connection: Connection, entry: Entry, *rest: Any, **more: Any) -> int:
        if not entry.effect.startswith("paid:"):
            entry = replace(entry, effect=f"{entry.effect}:{token_hex(4)}")
        return book(connection, entry, *rest, **more)

    patch(books, "book", under_another_key)
    patch(books, "effects_of_payment", lambda *_: frozenset())


def the_amount_of_a_refund_is_not_read(patch: Patch) -> None:
    """A refund is taken for one of a grosz."""
    note = payments.note_refund

    def note_refund(connection: Connection, gateway: str, payment: str, refund: Refund) -> None:
        note(connection, gateway, payment, replace(refund, amount=Money(1, refund.amount.currency)))

    patch(payments, "note_refund", note_refund)


def no_signature_is_verified(patch: Patch) -> None:
    """Whoever knows the address can give without paying."""
    patch(sandbox, "is_signed", lambda *_: True)
    patch(stripe, "_is_signed", lambda *_: True)
    patch(signature, "is_fresh", lambda *_: True)


def a_refund_leaves_the_supporter(patch: Patch) -> None:
    """Whoever once gave counts for ever."""
    change = figures.change

    def upwards(connection: Connection, campaign_id: int, by: Change) -> None:
        change(connection, campaign_id, replace(by, supporters=max(by.supporters, 0)))

    patch(figures, "change", upwards)


MUTANTS: dict[str, Callable[[Patch], None]] = {
    mutant.__name__: mutant
    for mutant in (
        inbox_and_entry_in_two_transactions,
        an_effect_can_be_booked_again,
        the_amount_of_a_refund_is_not_read,
        no_signature_is_verified,
        a_refund_leaves_the_supporter,
    )
}
