"""How a gift of the sandbox is written down as JSON, and read back."""

from __future__ import annotations

from datetime import datetime

from campaigns.domain.money import Money
from campaigns.domain.payment import Dispute, DisputeState, Refund, RefundState
from campaigns.domain.pledge import Method
from campaigns.payments.sandbox_gift import Gift, GiftState
from campaigns.payments.sandbox_memory import JSON


def written(gift: Gift) -> JSON:
    """A gift as JSON."""
    return {
        "number": gift.number,
        "reference": gift.reference,
        "amount": written_money(gift.amount),
        "method": gift.method,
        "language": gift.language,
        "success_url": gift.success_url,
        "cancel_url": gift.cancel_url,
        "expires_at": gift.expires_at.isoformat(),
        "state": gift.state,
        "settles_at": _written_moment(gift.settles_at),
        "card_country": gift.card_country,
        "refunds": [written_refund(refund) for refund in gift.refunds],
        "disputes": [written_dispute(dispute) for dispute in gift.disputes],
        "dispute_due": _written_moment(gift.dispute_due),
    }


def read(body: JSON) -> Gift:
    """The gift that was written; KeyError or ValueError for anything else."""
    return Gift(
        number=body["number"],
        reference=body["reference"],
        amount=read_money(body["amount"]),
        method=Method(body["method"]),
        language=body["language"],
        success_url=body["success_url"],
        cancel_url=body["cancel_url"],
        expires_at=datetime.fromisoformat(body["expires_at"]),
        state=GiftState(body["state"]),
        settles_at=read_moment(body["settles_at"]),
        card_country=body["card_country"],
        refunds=tuple(read_refund(refund) for refund in body["refunds"]),
        disputes=tuple(read_dispute(dispute) for dispute in body["disputes"]),
        dispute_due=read_moment(body["dispute_due"]),
    )


def written_money(amount: Money) -> JSON:
    return {"minor": amount.minor, "currency": amount.currency}


def read_money(body: JSON) -> Money:
    return Money(body["minor"], body["currency"])


def written_refund(refund: Refund) -> JSON:
    return {"id": refund.id, "amount": written_money(refund.amount), "state": refund.state}


def read_refund(body: JSON) -> Refund:
    return Refund(body["id"], read_money(body["amount"]), RefundState(body["state"]))


def written_dispute(dispute: Dispute) -> JSON:
    return {
        "id": dispute.id,
        "amount": written_money(dispute.amount),
        "state": dispute.state,
        "withdrawn": dispute.withdrawn,
        "reinstated": dispute.reinstated,
    }


def read_dispute(body: JSON) -> Dispute:
    return Dispute(
        body["id"],
        read_money(body["amount"]),
        DisputeState(body["state"]),
        withdrawn=body["withdrawn"],
        reinstated=body["reinstated"],
    )


def _written_moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
