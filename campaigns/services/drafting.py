"""What is to be booked by hand, before it is: what there is to choose from, and a draft made an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.domain import accounts
from campaigns.domain.by_hand import BY_HAND, entry_by_hand
from campaigns.domain.campaign import Kind
from campaigns.domain.closing import standing
from campaigns.domain.ledger import Entry, EntryKind
from campaigns.domain.money import Money
from campaigns.services.bookkeeping import gift_effect
from campaigns.services.dating import BadDay, must_have_come
from campaigns.services.keys import Keys
from campaigns.storage import campaigns, closings, payments, unassigned
from campaigns.storage.campaigns import CampaignRow, NamedCampaign
from campaigns.storage.database import Connection, lock
from campaigns.storage.payments import PaymentRow
from campaigns.storage.unassigned import Unassigned

LONGEST_MEMO = 200


class Fault(StrEnum):
    """Why something cannot be booked like this."""

    DAY = "day"  # it has not come yet, or lies before the first day of the books
    NO_CAMPAIGN = "no campaign"
    NO_FUND = "no fund"  # a tax appeal takes no gifts
    OTHER_CURRENCY = "other currency"  # than the campaign's
    ACCOUNTS = "accounts"  # they do not go with each other or with the kind
    MEMO = "memo"
    NOT_WAITING = "not waiting"  # the money has a campaign by now, or went back


class Refused(Exception):
    """It cannot be booked like this; nothing was."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wishes to book: `amount` from the account `credit` to the account `debit`.

    `campaign` is a slug, "" for none; `payment_id` the payment that an assignment is about.
    """

    kind: EntryKind
    day: date
    amount: Money
    debit: str
    credit: str
    campaign: str = ""
    memo: str = ""
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be booked: the entry in full, the day it would stand under, and the day for which it is late."""

    draft: Draft
    entry: Entry
    day: date
    late_for: date | None
    campaign_id: int | None
    payment: PaymentRow | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to choose from: campaigns, accounts, and money without a campaign."""

    campaigns: list[NamedCampaign]
    own: list[str]
    expenses: list[str]
    unassigned: list[Unassigned]


def desk(keys: Keys, language: str) -> Desk:
    """What a form for booking by hand offers."""
    with keys.database.reading() as connection:
        return Desk(
            campaigns.all_named(connection, language), own_accounts(keys), sorted(accounts.EXPENSES),
            unassigned.waiting(connection),
        )  # fmt: skip


def own_accounts(keys: Keys) -> list[str]:
    """Where our money can lie on this site: play money has no account where the real provider is selected."""
    return [accounts.BANK, accounts.CASH, accounts.at_gateway(keys.gateway.name)]


class Clerk:
    """Makes plans of drafts on one connection. What was asked once is not asked again: it is for one transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._now = keys.now()
        self._strange = accounts.OWN.difference(own_accounts(keys))
        self._closed_through = closings.closed_through(connection)
        self._campaigns: dict[str, CampaignRow | None] = {}

    def plan(self, draft: Draft, reference: str) -> Plan:
        """The draft made an entry, under the day that it may stand; Refused says what is wrong with it."""
        if len(draft.memo) > LONGEST_MEMO:
            raise Refused(Fault.MEMO)
        try:
            must_have_come(draft.day, self._now)
        except BadDay as error:
            raise Refused(Fault.DAY) from error
        day, late_for = standing(draft.day, self._closed_through)
        campaign = self._campaign(draft)
        payment = _payment(self._connection, draft) if draft.kind is EntryKind.ASSIGNMENT else None
        if self._strange & {draft.debit, draft.credit}:
            raise Refused(Fault.ACCOUNTS)
        effect, campaign_id = effect_of(draft.kind, reference), campaign.id if campaign else None
        try:
            entry = entry_by_hand(draft.kind, effect, draft.amount, draft.debit, draft.credit, campaign_id)
        except ValueError as error:
            raise Refused(Fault.ACCOUNTS) from error
        return Plan(draft, entry, day, late_for, campaign_id, payment)

    def _campaign(self, draft: Draft) -> CampaignRow | None:
        needed = BY_HAND[draft.kind].campaign
        if not draft.campaign and not needed:
            return None
        if draft.campaign not in self._campaigns:
            self._campaigns[draft.campaign] = campaigns.by_slug(self._connection, draft.campaign)
        campaign = self._campaigns[draft.campaign]
        if campaign is None or needed is False:
            raise Refused(Fault.NO_CAMPAIGN)
        if needed and campaign.kind is not Kind.FUND:
            raise Refused(Fault.NO_FUND)
        if needed and campaign.currency != draft.amount.currency:
            raise Refused(Fault.OTHER_CURRENCY)
        return campaign


def effect_of(kind: EntryKind, reference: str) -> str:
    return gift_effect(reference) if kind is EntryKind.OFFLINE_GIFT else f"hand:{reference}"


def _payment(connection: Connection, draft: Draft) -> PaymentRow:
    """The payment that an assignment is about, held until the transaction ends, if it still waits for one."""
    seen = payments.by_id(connection, draft.payment_id or 0)
    if seen is None:
        raise Refused(Fault.NOT_WAITING)
    lock(connection, f"{seen.gateway}:{seen.object_id}")
    payment = payments.find(connection, seen.gateway, seen.object_id)
    if payment is None or payment.campaign_id is not None or payment.standing.net != draft.amount:
        raise Refused(Fault.NOT_WAITING)
    return payment
