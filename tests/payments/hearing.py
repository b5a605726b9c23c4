"""What one knows after hearing notices: facts that only ever grow, whatever the order and however often."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.domain.payment import RANKS, Dispute, Refund
from campaigns.payments.gateway import Notice, Topic


class Heard:
    """Notices, sorted by what they are about."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self.notices = list(notices)
        self.processing = self._about(Topic.PROCESSING)
        self.paid = self._about(Topic.PAID)
        self.failed = self._about(Topic.FAILED)
        self.expired = self._about(Topic.EXPIRED)
        self.countries = {it.payment_id: it.card_country for it in self._about(Topic.CARD)}
        self.refunds = self._refunds()
        self.disputes = self._disputes()

    def _about(self, topic: Topic) -> list[Notice]:
        return [notice for notice in self.notices if notice.topic is topic]

    def _refunds(self) -> dict[str, Refund]:
        known: dict[str, Refund] = {}
        for notice in self._about(Topic.REFUND):
            assert notice.refund is not None
            before = known.get(notice.refund.id, notice.refund)
            known[before.id] = max(before, notice.refund, key=lambda it: RANKS[it.state])
        return known

    def _disputes(self) -> list[Dispute]:
        known: dict[str, Dispute] = {}
        for notice in self._about(Topic.DISPUTE):
            told = notice.dispute
            assert told is not None
            before = known.get(told.id, told)
            known[told.id] = Dispute(
                told.id,
                told.amount,
                max(before.state, told.state, key=lambda state: RANKS[state]),
                withdrawn=before.withdrawn or told.withdrawn,
                reinstated=before.reinstated or told.reinstated,
            )
        return list(known.values())
