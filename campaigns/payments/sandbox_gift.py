"""One gift at the sandbox, from the open checkout to the last refund: what can happen to it, as pure moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.domain.money import Money
from campaigns.domain.payment import Dispute, DisputeState, Refund, RefundState
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import Fee, GatewayError

# How long money is on its way when a donor pays later, and how long a dispute can be answered.
SETTLES_AFTER = timedelta(seconds=20)
ANSWER_WITHIN = timedelta(days=7)

# The sandbox keeps 1.5 % and 1.00 of the currency, or all of a gift that is smaller than that.
FEE_PERMILLE = 15
FEE_FIXED_MINOR = 100


class Refused(GatewayError):
    """The sandbox does not do this to a gift in its state."""


class GiftState(StrEnum):
    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Gift:
    """A checkout and all that comes of it; the ids of its parts share its `number`.

    `settles_at` is when money that is on its way arrives; `card_country` is where the card was issued, if a card paid.
    """

    number: str
    reference: str
    amount: Money
    method: Method
    language: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    state: GiftState = GiftState.OPEN
    settles_at: datetime | None = None
    card_country: str | None = None
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    dispute_due: datetime | None = None

    @property
    def checkout_id(self) -> str:
        return f"sb_chk_{self.number}"

    @property
    def payment_id(self) -> str:
        return f"sb_pay_{self.number}"

    @property
    def due_at(self) -> datetime | None:
        """When time alone changes this gift, if it ever does."""
        return self.expires_at if self.state is GiftState.OPEN else self.settles_at

    @property
    def left(self) -> Money:
        """What is neither on its way back nor held by a dispute; nothing before the gift is paid."""
        nothing = Money.zero(self.amount.currency)
        if self.state is not GiftState.PAID:
            return nothing
        returned = Money.total(
            (refund.amount for refund in self.refunds if refund.state is not RefundState.FAILED),
            self.amount.currency,
        )
        held = (dispute.amount for dispute in self.disputes if not dispute.reinstated)
        return self.amount - returned - Money.total(held, self.amount.currency)

    @property
    def fee(self) -> Fee | None:
        """What the sandbox keeps; None before the gift is paid."""
        if self.state is not GiftState.PAID:
            return None
        share = self.amount.split([FEE_PERMILLE, 1000 - FEE_PERMILLE])[0]
        fixed = Money(FEE_FIXED_MINOR, self.amount.currency)
        return Fee(f"sb_fee_{self.number}", min(share + fixed, self.amount))

    @property
    def open_dispute(self) -> Dispute | None:
        return next((it for it in self.disputes if it.state is DisputeState.OPEN), None)

    @property
    def can_be_refunded(self) -> bool:
        """A gift whose money is held by a dispute, open or lost, cannot be refunded."""
        return bool(self.left) and all(dispute.reinstated for dispute in self.disputes)

    @property
    def can_be_disputed(self) -> bool:
        """Przelewy24 knows no disputes; the rest can be disputed one at a time."""
        return self.can_be_refunded and self.method is not Method.P24

    def paid(self, now: datetime, card_country: str | None = None) -> Gift:
        """The donor pays and the money is there."""
        self._must_be_payable(now)
        return replace(self, state=GiftState.PAID, card_country=self._card(card_country))

    def on_its_way(self, now: datetime, card_country: str | None = None) -> Gift:
        """The donor pays and the money comes a little later."""
        self._must_be_payable(now)
        return replace(
            self,
            state=GiftState.PROCESSING,
            settles_at=now + SETTLES_AFTER,
            card_country=self._card(card_country),
        )

    def declined(self, now: datetime) -> Gift:
        """The donor leaves the page and the bank says no."""
        self._must_be_payable(now)
        return replace(self, state=GiftState.FAILED)

    def closed(self) -> Gift:
        """The page can no longer be paid; a gift that is not open stays as it is."""
        return replace(self, state=GiftState.EXPIRED) if self.state is GiftState.OPEN else self

    def after(self, now: datetime) -> Gift:
        """What time alone has made of it: money that was on its way is there, an open page has run out."""
        if self.due_at is None or now < self.due_at:
            return self
        if self.state is GiftState.PROCESSING:
            return replace(self, state=GiftState.PAID, settles_at=None)
        return self.closed()

    def refunded(self, refund_id: str, amount: Money) -> Gift:
        """Money goes back, once for each id; Refused for more than is left and under dispute."""
        for refund in self.refunds:
            if refund.id == refund_id:
                if refund.amount != amount:
                    raise Refused("this key has refunded another amount")
                return self
        if not self.can_be_refunded or not Money.zero(amount.currency) < amount <= self.left:
            raise Refused("that much cannot be refunded")
        return replace(self, refunds=(*self.refunds, Refund(refund_id, amount, RefundState.SUCCEEDED)))

    def refund_returned(self, refund_id: str) -> Gift:
        """The donor's bank sends a refund back."""
        if all(refund.id != refund_id or refund.state is RefundState.FAILED for refund in self.refunds):
            raise Refused("no such refund can come back")
        return replace(
            self,
            refunds=tuple(
                replace(refund, state=RefundState.FAILED) if refund.id == refund_id else refund
                for refund in self.refunds
            ),
        )

    def disputed(self, now: datetime) -> Gift:
        """The donor's bank takes back at once all that is left."""
        if not self.can_be_disputed:
            raise Refused("this gift cannot be disputed")
        dispute = Dispute(
            f"sb_dis_{self.number}_{len(self.disputes) + 1}", self.left, DisputeState.OPEN, withdrawn=True
        )
        return replace(self, disputes=(*self.disputes, dispute), dispute_due=now + ANSWER_WITHIN)

    def dispute_closed(self, *, won: bool) -> Gift:
        """The open dispute ends; the money comes back if it is won."""
        dispute = self.open_dispute
        if dispute is None:
            raise Refused("no dispute is open")
        closed = replace(dispute, state=DisputeState.WON if won else DisputeState.LOST, reinstated=won)
        return replace(self, disputes=tuple(closed if it is dispute else it for it in self.disputes), dispute_due=None)

    def _must_be_payable(self, now: datetime) -> None:
        if self.state is not GiftState.OPEN or now >= self.expires_at:
            raise Refused("this page cannot be paid any more")

    def _card(self, country: str | None) -> str | None:
        return (country or "PL") if self.method is Method.CARD else None
