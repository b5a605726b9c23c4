"""What we make of messages that are not what one expects: nothing is guessed, and nothing is lost."""

from typing import Any

import pytest

from campaigns.domain.payment import DisputeState, RefundState
from campaigns.payments.gateway import BadNotice, Notice, Topic
from campaigns.payments.stripe_words import EVENTS, notice_of


def told(kind: str, subject: dict[str, Any]) -> Notice:
    """The notice of an event about this object."""
    event = {"id": "evt_1", "type": kind, "livemode": False, "data": {"object": subject}}
    return notice_of(event, livemode=False)


def session(**changes: Any) -> dict[str, Any]:
    usual = {"id": "cs_1", "payment_intent": "pi_1", "client_reference_id": "ref", "payment_status": "paid"}
    return usual | {"amount_total": 5000, "currency": "pln"} | changes


def refund(**changes: Any) -> dict[str, Any]:
    usual = {"id": "re_1", "payment_intent": "pi_1", "amount": 5000, "currency": "pln", "status": "succeeded"}
    return usual | changes


def dispute(**changes: Any) -> dict[str, Any]:
    usual = {"id": "du_1", "payment_intent": "pi_1", "amount": 5000, "currency": "pln", "status": "needs_response"}
    return usual | {"balance_transactions": [], "evidence_details": {"due_by": None}} | changes


@pytest.mark.parametrize("changes", [{"currency": "jpy"}, {"currency": None}, {"amount_total": None}])
def test_money_that_we_cannot_name_is_still_paid(changes: dict[str, Any]) -> None:
    notice = told("checkout.session.completed", session(**changes))
    assert (notice.topic, notice.payment_id, notice.amount) == (Topic.PAID, "pi_1", None)


@pytest.mark.parametrize("changes", [{"currency": "jpy"}, {"status": "teleported"}, {"status": None}, {"amount": 0}])
def test_a_refund_that_we_cannot_name_is_still_a_refund(changes: dict[str, Any]) -> None:
    notice = told("refund.updated", refund(**changes))
    assert (notice.topic, notice.payment_id, notice.refund) == (Topic.REFUND, "pi_1", None)


def test_a_dispute_that_we_cannot_name_is_still_a_dispute() -> None:
    notice = told("charge.dispute.created", dispute(currency="jpy"))
    assert (notice.topic, notice.payment_id, notice.dispute) == (Topic.DISPUTE, "pi_1", None)


def test_a_gift_of_nothing_is_of_no_consequence() -> None:
    free = session(payment_status="no_payment_required", amount_total=0)
    assert told("checkout.session.completed", free).topic is Topic.OTHER


def test_a_page_of_somebody_elses_making_has_no_reference() -> None:
    notice = told("checkout.session.completed", session(client_reference_id=None))
    assert (notice.topic, notice.payment_id, notice.reference) == (Topic.PAID, "pi_1", None)


@pytest.mark.parametrize(
    "status, state",
    [
        ("pending", RefundState.PENDING),
        ("requires_action", RefundState.PENDING),
        ("succeeded", RefundState.SUCCEEDED),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
    ],
)
@pytest.mark.parametrize("kind", [kind for kind in EVENTS if "refund" in kind])
def test_refunds_stand_as_stripe_says(kind: str, status: str, state: RefundState) -> None:
    it = told(kind, refund(status=status)).refund
    assert it is not None
    assert (it.id, it.state) == ("re_1", state)


@pytest.mark.parametrize(
    "status, state",
    [
        ("needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("warning_needs_response", DisputeState.OPEN),
        ("a_new_status", DisputeState.OPEN),
        ("warning_closed", DisputeState.WON),
        ("prevented", DisputeState.WON),
        ("won", DisputeState.WON),
        ("lost", DisputeState.LOST),
    ],
)
def test_disputes_stand_as_stripe_says(status: str, state: DisputeState) -> None:
    it = told("charge.dispute.updated", dispute(status=status)).dispute
    assert it is not None
    assert (it.state, it.withdrawn, it.reinstated) == (state, False, False)


@pytest.mark.parametrize(
    "kind, movements, moved",
    [
        ("charge.dispute.created", [], (False, False)),
        ("charge.dispute.created", [-5000], (True, False)),
        ("charge.dispute.closed", [-5000, 5000], (True, True)),
        ("charge.dispute.funds_withdrawn", [], (True, False)),
        ("charge.dispute.funds_reinstated", [], (True, True)),
    ],
)
def test_disputed_money_moves_when_the_event_or_the_balance_says_so(
    kind: str, movements: list[int], moved: tuple[bool, bool]
) -> None:
    lines = [{"amount": movement} for movement in movements]
    it = told(kind, dispute(balance_transactions=lines)).dispute
    assert it is not None
    assert (it.withdrawn, it.reinstated) == moved


@pytest.mark.parametrize(
    "charge",
    [
        {"paid": False, "payment_intent": "pi_1", "payment_method_details": {"card": {"country": "BY"}}},
        {"paid": True, "payment_intent": None, "payment_method_details": {"card": {"country": "BY"}}},
        {"paid": True, "payment_intent": "pi_1", "payment_method_details": {"card": {"country": None}}},
        {"paid": True, "payment_intent": "pi_1", "payment_method_details": {"blik": {}}},
        {"paid": True, "payment_intent": "pi_1", "payment_method_details": None},
    ],
)
def test_only_a_card_that_paid_tells_its_country(charge: dict[str, Any]) -> None:
    assert told("charge.updated", {"id": "ch_1"} | charge).topic is Topic.OTHER


def test_an_object_may_be_spelt_out_where_it_is_usually_named() -> None:
    notice = told("checkout.session.completed", session(payment_intent={"id": "pi_1", "object": "payment_intent"}))
    assert notice.payment_id == "pi_1"


def test_an_event_that_only_names_its_object_is_kept() -> None:
    thin = {"id": "evt_1", "type": "v1.billing.meter", "livemode": False, "related_object": {"id": "mtr_1"}}
    assert notice_of(thin, livemode=False) == Notice("evt_1", "v1.billing.meter", Topic.OTHER, "mtr_1")


@pytest.mark.parametrize("event", [None, [], "paid", 1, {}, {"id": 1}, {"livemode": False}])
def test_what_is_no_event_is_refused(event: object) -> None:
    with pytest.raises(BadNotice):
        notice_of(event, livemode=False)


@pytest.mark.parametrize("mode", [True, None, 0, "false"])
def test_an_event_that_does_not_say_our_mode_is_refused(mode: object) -> None:
    with pytest.raises(BadNotice):
        notice_of({"id": "evt_1", "type": "ping", "livemode": mode}, livemode=False)
