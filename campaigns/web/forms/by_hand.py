"""The form for booking by hand: its fields depend on what is booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from campaigns.domain import accounts
from campaigns.domain.campaign import Kind
from campaigns.domain.ledger import EntryKind
from campaigns.domain.money import EXPONENTS, Money
from campaigns.language import gettext
from campaigns.services.drafting import Desk, Draft, Fault
from campaigns.storage.campaigns import NamedCampaign
from campaigns.web.forms.bookable import Unreadable, about_fault, read_day, read_memo, read_sum
from campaigns.web.forms.gift import visible

Sent = MultiDict[str, str]
_Read = TypeVar("_Read")

# What each kind asks for, in this order.
FIELDS = {
    EntryKind.OFFLINE_GIFT: ("day", "amount", "debit", "campaign", "memo"),
    EntryKind.EXPENSE: ("day", "amount", "currency", "debit", "credit", "campaign", "memo"),
    EntryKind.TRANSFER: ("day", "amount", "currency", "credit", "debit", "memo"),
    EntryKind.OPENING: ("day", "amount", "currency", "debit", "memo"),
    EntryKind.ASSIGNMENT: ("payment", "campaign", "day", "memo"),
}
# The side that goes without saying.
_DEBIT = {EntryKind.ASSIGNMENT: accounts.UNASSIGNED}
_CREDIT = {
    EntryKind.OFFLINE_GIFT: accounts.DONATIONS,
    EntryKind.OPENING: accounts.OPENING,
    EntryKind.ASSIGNMENT: accounts.DONATIONS,
}
_FIELD_OF = {
    Fault.DAY: "day",
    Fault.NO_CAMPAIGN: "campaign",
    Fault.NO_FUND: "campaign",
    Fault.OTHER_CURRENCY: "campaign",
    Fault.ACCOUNTS: "debit",
    Fault.MEMO: "memo",
    Fault.NOT_WAITING: "payment",
}


class HandForm(Form):
    """What is typed; `kind` is one of FIELDS, `desk` what there is to choose from."""

    day = StringField()
    amount = StringField()
    currency = StringField()
    debit = StringField()
    credit = StringField()
    campaign = StringField()
    payment = StringField()
    memo = StringField()

    def __init__(self, kind: EntryKind, desk: Desk, sent: Sent | None = None, today: str = "") -> None:
        super().__init__(sent)
        self.kind = kind
        self.desk = desk
        if sent is None:
            self.day.data = today
        self.currency.data = self.currency.data or "PLN"

    @property
    def wanted(self) -> tuple[str, ...]:
        return FIELDS[self.kind]

    @property
    def debits(self) -> list[str]:
        match self.kind:
            case EntryKind.EXPENSE:
                return self.desk.expenses
            case EntryKind.OFFLINE_GIFT:
                return [accounts.CASH, accounts.BANK]
            case _:
                return self.desk.own

    @property
    def funds(self) -> list[NamedCampaign]:
        """Campaigns to choose from: gifts go to funds only."""
        is_gift = self.kind in (EntryKind.OFFLINE_GIFT, EntryKind.ASSIGNMENT)
        return [each for each in self.desk.campaigns if each.kind is Kind.FUND or not is_gift]

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(EXPONENTS)

    def read(self) -> Draft | None:
        """What is to be booked; None after noting at each field what is wrong with it."""
        for name in self.wanted:
            self[name].data = visible(self[name].data or "")
        day = self._read("day", read_day)
        amount = self._amount()
        memo = self._read("memo", read_memo)
        debit, credit, campaign = self._debit(), self._credit(), self._campaign()
        if day is None or amount is None or memo is None or self.errors:
            return None
        payment = int(self.payment.data or 0) if self.kind is EntryKind.ASSIGNMENT else None
        return Draft(self.kind, day, amount, debit, credit, campaign, memo, payment)

    def complain(self, fault: Fault) -> None:
        """Note at its field why the books do not take it."""
        name = _FIELD_OF[fault]
        self[name if name in self.wanted else "day"].errors = [about_fault(fault)]

    def _read(self, name: str, reader: Callable[[str], _Read]) -> _Read | None:
        try:
            return reader(self[name].data or "")
        except Unreadable as wrong:
            self[name].errors = [str(wrong)]
            return None

    def _amount(self) -> Money | None:
        if self.kind is EntryKind.ASSIGNMENT:
            found = [each.left for each in self.desk.unassigned if str(each.payment_id) == self.payment.data]
            if not found:
                self.payment.errors = [gettext("Choose the money that is to find its campaign.")]
            return found[0] if found else None
        return self._read("amount", lambda typed: read_sum(typed, self._currency()))

    def _currency(self) -> str:
        """The one that was chosen, or the campaign's."""
        if "currency" in self.wanted:
            return self.currency.data if self.currency.data in EXPONENTS else "PLN"
        return next((each.currency for each in self.funds if each.slug == self.campaign.data), "PLN")

    def _debit(self) -> str:
        return _DEBIT.get(self.kind) or self._choice("debit", self.debits)

    def _credit(self) -> str:
        return _CREDIT.get(self.kind) or self._choice("credit", self.desk.own)

    def _choice(self, name: str, offered: list[str]) -> str:
        chosen: str = self[name].data or ""
        if chosen not in offered:
            self[name].errors = [gettext("Choose an account.")]
        return chosen

    def _campaign(self) -> str:
        if "campaign" not in self.wanted:
            return ""
        chosen = self.campaign.data or ""
        is_needed = self.kind is not EntryKind.EXPENSE
        if chosen not in {each.slug for each in self.funds} and (chosen or is_needed):
            self.campaign.errors = [gettext("Choose a campaign.")]
        return chosen
