"""Correcting the campaign of a gift: what was booked is reversed and booked anew, and all that comes later follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from campaigns.domain.accounts import GATEWAYS
from campaigns.domain.campaign import Kind
from campaigns.domain.correction import moved_entry
from campaigns.domain.ledger import raised_by_campaign
from campaigns.domain.money import Money
from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import books, campaigns, corrections, figures, gift_life, payments, pledges
from campaigns.storage.books import Voucher
from campaigns.storage.campaigns import CampaignRow
from campaigns.storage.database import Connection, lock
from campaigns.storage.figures import Change
from campaigns.storage.payments import PaymentRow


class Obstacle(StrEnum):
    """Why the campaign of a gift cannot be corrected."""

    UNKNOWN = "unknown"  # there is no such payment
    UNASSIGNED = "unassigned"  # it has no campaign yet: it is assigned, not corrected
    MOVED = "moved"  # it is not with the campaign any more that the form was about
    SAME = "same"
    NO_FUND = "no_fund"  # the other campaign takes no gifts, or does not exist
    OTHER_CURRENCY = "other_currency"


class CannotCorrect(Exception):
    """The gift stays with its campaign; nothing was changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Correctable:
    """A payment, the campaign (slug, title) that it counts for, and those that it could count for instead."""

    payment: PaymentRow
    home: tuple[str, str]
    others: list[tuple[str, str]]


def correctable(keys: Keys, payment_id: int, language: str) -> Correctable:
    """What can be corrected, with titles in that language; CannotCorrect where nothing can."""
    with keys.database.reading() as connection:
        payment = payments.by_id(connection, payment_id)
        if payment is None:
            raise CannotCorrect(Obstacle.UNKNOWN)
        if payment.campaign_id is None:
            raise CannotCorrect(Obstacle.UNASSIGNED)
        home = gift_life.title_of(connection, payment.campaign_id, language)
        funds = corrections.funds(connection, payment.standing.amount.currency, language)
    return Correctable(payment, home, [fund for fund in funds if fund != home])


def correct(keys: Keys, person: Person, payment_id: int, from_slug: str, to_slug: str) -> int | None:
    """Let a payment, and the pledge that it is of, count for another campaign; can be done again, and back.

    `from_slug` is the campaign that the person saw it under: a form that is sent twice moves it once. Returns the
    pledge's number, where there is one. CannotCorrect says why not.
    """
    now = keys.now()
    with keys.database.transaction() as connection:
        payment = _held(connection, payment_id)
        source, target = _campaigns(connection, payment, from_slug, to_slug)
        _rebook(connection, person, payment, source, target, now)
        changes = _changes(connection, payment, source.id, target.id)
        corrections.set_campaign(connection, payment.id, target.id)
        detail = f"{source.slug} > {target.slug}"
        note(connection, keys, person, Action.CAMPAIGN_CORRECTED, f"payment:{payment.id}", detail)
        if payment.standing.is_received:
            figures.one_gift_less(connection, source.id)
        for campaign_id in sorted(changes):  # in one order, or two corrections could wait for each other
            figures.change(connection, campaign_id, changes[campaign_id])
    return payment.pledge_id


def _held(connection: Connection, payment_id: int) -> PaymentRow:
    """The payment, which no notice can change until this transaction ends."""
    seen = payments.by_id(connection, payment_id)
    if seen is None:
        raise CannotCorrect(Obstacle.UNKNOWN)
    lock(connection, f"{seen.gateway}:{seen.object_id}")
    payment = payments.find(connection, seen.gateway, seen.object_id)
    if payment is None:
        raise CannotCorrect(Obstacle.UNKNOWN)
    return payment


def _campaigns(
    connection: Connection, payment: PaymentRow, from_slug: str, to_slug: str
) -> tuple[CampaignRow, CampaignRow]:
    if payment.campaign_id is None:
        raise CannotCorrect(Obstacle.UNASSIGNED)
    source, target = campaigns.by_id(connection, payment.campaign_id), campaigns.by_slug(connection, to_slug)
    if source is None or source.slug != from_slug:
        raise CannotCorrect(Obstacle.MOVED)
    if target is None or target.kind is not Kind.FUND:
        raise CannotCorrect(Obstacle.NO_FUND)
    if target.id == source.id:
        raise CannotCorrect(Obstacle.SAME)
    if target.currency != payment.standing.amount.currency:
        raise CannotCorrect(Obstacle.OTHER_CURRENCY)
    return source, target


def _rebook(
    connection: Connection,
    person: Person,
    payment: PaymentRow,
    source: CampaignRow,
    target: CampaignRow,
    now: datetime,
) -> None:
    """Reverse every entry that counts for the first campaign, and book the same for the other one."""
    standing = corrections.standing_entries(connection, payment.id)
    lines = [posting for _number, entry in standing for posting in entry.postings]
    counted = raised_by_campaign(lines, payment.net.currency)
    if counted.get(source.id, Money.zero(payment.net.currency)) != payment.net or set(counted) - {source.id}:
        raise AssertionError(f"payment {payment.id} is not booked as it stands")
    moves = corrections.moves_of(connection, payment.id)
    voucher = Voucher(
        gateway=payment.gateway if payment.gateway in GATEWAYS else None,
        memo=f"{source.slug} > {target.slug}",
        staff_id=person.id,
        payment_id=payment.id,
    )
    for number, entry in standing:
        books.book(connection, entry.reversed(), now, replace(voucher, reverses_id=number))
        books.book(connection, moved_entry(entry, moves, target.id), now, voucher)


def _changes(connection: Connection, payment: PaymentRow, source: int, target: int) -> dict[int, Change]:
    """By how much each of the two totals changes; the pledge goes along, where it is the first campaign's."""
    net, pledged, gifts = payment.net, payment.standing.pledged, int(payment.standing.is_received)
    left = joined = 0
    if payment.pledge_id is not None:
        pledge = pledges.must_be(connection, payment.pledge_id)  # and held: its other payments wait
        if pledge.campaign_id == source:
            pledges.set_campaign(connection, pledge.id, target)
        left, joined = (_supporters(connection, payment, pledge.id, home) for home in (source, target))
    return {
        source: Change(-net, -pledged, -left, -gifts),
        target: Change(net, pledged, joined, gifts),
    }


def _supporters(connection: Connection, payment: PaymentRow, pledge_id: int, campaign_id: int) -> int:
    """1 if the pledge supports this campaign with this payment and not without it."""
    nothing = Money.zero(payment.net.currency)
    others = payments.others_of_pledge(connection, pledge_id, payment.id, campaign_id, nothing.currency)
    return int(others + payment.net > nothing) - int(others > nothing)
