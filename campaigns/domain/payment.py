"""Payments: money that arrived or is on its way, what providers report of it, and which effects follow.

Notices come late, twice and shuffled. So what a provider says is kept as facts that only ever grow, and what must be
booked is a function of the facts: the same facts in any order lead to the same books.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum

from campaigns.domain.money import Money


class PaymentState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    WON = "won"
    LOST = "lost"


class PaymentEvent(StrEnum):
    PAID = "paid"
    FAILED = "failed"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    LOST = "lost"


class RefundState(StrEnum):
    """In order of rank: a later report never lowers it."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeState(StrEnum):
    """In order of rank: a closed dispute is not opened by a late notice."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


RANKS: dict[StrEnum, int] = {state: rank for kind in (RefundState, DisputeState) for rank, state in enumerate(kind)}


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back to the donor; `id` is the provider's, so that two equal refunds are two."""

    id: str
    amount: Money
    state: RefundState


@dataclass(frozen=True, slots=True)
class Dispute:
    """A donor's bank asking for the money back; money moves only when `withdrawn` or `reinstated` says so."""

    id: str
    amount: Money
    state: DisputeState
    withdrawn: bool = False
    reinstated: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a provider has said of one payment so far. `key` is `<gateway>:<the provider's id>`."""

    key: str
    amount: Money
    paid: bool = False
    failed: bool = False
    refunds: tuple[Refund, ...] = field(default=())
    disputes: tuple[Dispute, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Effect:
    """One movement of money to book: `key` is unique over all books."""

    event: PaymentEvent
    key: str
    amount: Money


_S, _E = PaymentState, PaymentEvent

_RECEIVED = (_S.PAID, _S.PARTLY_REFUNDED, _S.REFUNDED, _S.DISPUTED, _S.WON, _S.LOST)

# One table, tested as this table: which events fit which state. The state after them follows from the money: `_state`.
MOVES: dict[PaymentState, frozenset[PaymentEvent]] = {
    _S.PENDING: frozenset({_E.PAID, _E.FAILED}),
    _S.FAILED: frozenset({_E.PAID}),  # a second try may succeed
    _S.PAID: frozenset({_E.REFUND, _E.WITHDRAWN}),
    _S.PARTLY_REFUNDED: frozenset({_E.REFUND, _E.REFUND_FAILED, _E.WITHDRAWN}),
    _S.REFUNDED: frozenset({_E.REFUND_FAILED}),
    _S.DISPUTED: frozenset({_E.REFUND, _E.REFUND_FAILED, _E.WITHDRAWN, _E.REINSTATED, _E.LOST}),
    _S.WON: frozenset({_E.REFUND, _E.WITHDRAWN}),
    _S.LOST: frozenset({_E.REFUND, _E.REFUND_FAILED, _E.WITHDRAWN, _E.REINSTATED}),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payment stands: what came, what went back, and what a dispute holds."""

    state: PaymentState
    amount: Money
    refunded: Money
    withdrawn: Money

    @classmethod
    def expected(cls, amount: Money) -> Standing:
        """A payment of which no money has been booked yet."""
        nothing = Money.zero(amount.currency)
        return cls(PaymentState.PENDING, amount, nothing, nothing)

    @property
    def is_received(self) -> bool:
        """True once the money came, whatever became of it later."""
        return self.state in _RECEIVED

    @property
    def net(self) -> Money:
        """What counts as raised: nothing before it is paid, then gross minus refunds and withdrawn money."""
        if not self.is_received:
            return Money.zero(self.amount.currency)
        return self.amount - self.refunded - self.withdrawn

    @property
    def pledged(self) -> Money:
        """What counts as pledged: only money that the provider reports as being processed."""
        return self.amount if self.state is PaymentState.PENDING else Money.zero(self.amount.currency)

    def after(self, event: PaymentEvent, amount: Money) -> Standing | None:
        """The standing after `event`, or None where it fits no move or more money would leave than came."""
        nothing = Money.zero(self.refunded.currency)
        if event not in MOVES[self.state] or amount.currency != nothing.currency or amount < nothing:
            return None
        refunded, withdrawn = self.refunded, self.withdrawn
        match event:
            case PaymentEvent.REFUND:
                refunded += amount
            case PaymentEvent.REFUND_FAILED:
                refunded -= amount
            case PaymentEvent.WITHDRAWN:
                withdrawn += amount
            case PaymentEvent.REINSTATED:
                withdrawn -= amount
            case _:
                pass  # it is paid, failed or lost: nothing more comes or goes
        moved = replace(self, refunded=refunded, withdrawn=withdrawn)
        if refunded < nothing or withdrawn < nothing or refunded + withdrawn > self.amount:
            return None
        return replace(moved, state=_state(moved, event))


def _state(moved: Standing, event: PaymentEvent) -> PaymentState:
    if event is _E.FAILED:
        return _S.FAILED
    if moved.withdrawn:
        return _S.LOST if event is _E.LOST else _S.DISPUTED
    if moved.refunded == moved.amount:
        return _S.REFUNDED
    if moved.refunded:
        return _S.PARTLY_REFUNDED
    return _S.WON if event is _E.REINSTATED or moved.state is _S.WON else _S.PAID


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment's facts call for: the effects to book now, in order, and where that leaves the payment.

    `unfit` is true when a fact fits no move (yet): nothing is lost, a human sees it in the inbox.
    """

    standing: Standing
    effects: tuple[Effect, ...]
    unfit: bool


def settle(standing: Standing, facts: Facts, booked: AbstractSet[str]) -> Settlement:
    """Compare the facts with what is booked (keys of effects) and say what is still to be booked.

    Refunds and disputes of a payment that is not yet known to be paid wait as facts, and are not unfit.
    """
    effects: list[Effect] = []
    done = set(booked)
    moved = True
    while moved:  # a failed refund can make room for another one: go round until nothing more fits
        moved = False
        for effect in _missing(facts, done):
            before = replace(standing, amount=effect.amount) if effect.event is _E.PAID else standing
            if after := before.after(effect.event, effect.amount):
                standing, moved = after, True
                effects.append(effect)
                done.add(effect.key)
    return Settlement(_marked(standing, facts), tuple(effects), unfit=any(True for _ in _missing(facts, done)))


def _missing(facts: Facts, booked: AbstractSet[str]) -> Iterator[Effect]:
    """What the facts call for and the books do not hold; `booked` may grow while this is read."""
    return (effect for effect in _called_for(facts, booked) if effect.key not in booked)


def _called_for(facts: Facts, booked: AbstractSet[str]) -> Iterator[Effect]:
    if not facts.paid:
        return
    yield Effect(_E.PAID, f"paid:{facts.key}", facts.amount)
    gateway = facts.key.partition(":")[0]  # two providers may give the same id
    for refund in facts.refunds:
        key = f"refund:{gateway}:{refund.id}"
        if refund.state is not RefundState.FAILED:
            yield Effect(_E.REFUND, key, refund.amount)
        elif key in booked:  # a refund that failed before we ever booked it moved no money
            yield Effect(_E.REFUND_FAILED, f"refund-failed:{gateway}:{refund.id}", refund.amount)
    for dispute in facts.disputes:
        key = f"withdrawn:{gateway}:{dispute.id}"
        if dispute.withdrawn or dispute.reinstated:
            yield Effect(_E.WITHDRAWN, key, dispute.amount)
        if dispute.reinstated and key in booked:  # or it would give back what another dispute holds
            yield Effect(_E.REINSTATED, f"reinstated:{gateway}:{dispute.id}", dispute.amount)


def _marked(standing: Standing, facts: Facts) -> Standing:
    """The moves that book nothing: a payment that failed, a dispute that is lost for good."""
    if facts.failed and standing.state is _S.PENDING:
        return standing.after(_E.FAILED, Money.zero(standing.amount.currency)) or standing
    held = [dispute for dispute in facts.disputes if dispute.withdrawn and not dispute.reinstated]
    if standing.state is _S.DISPUTED and held and all(dispute.state is DisputeState.LOST for dispute in held):
        return standing.after(_E.LOST, Money.zero(standing.amount.currency)) or standing
    return standing
