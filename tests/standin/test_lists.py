"""Reading back: lists in pages, filters, and identifiers expanded into objects."""

import pytest
import stripe

from tests.standin import StripeStandIn
from tests.standin.till import Till


@pytest.fixture
def five(standin: StripeStandIn, till: Till) -> list[str]:
    """Five paid intents, oldest first."""
    return [str(standin.pay(till.open(1000 + i, client_reference_id=f"r{i}").id)["payment_intent"]) for i in range(5)]


def test_lists_are_newest_first_in_pages(till: Till, five: list[str]) -> None:
    first = till.v1.payment_intents.list({"limit": 2})
    rest = till.v1.payment_intents.list({"limit": 3, "starting_after": first.data[-1].id})
    assert [intent.id for intent in [*first.data, *rest.data]] == five[::-1]
    assert (first.has_more, rest.has_more) == (True, False)
    assert first.url == "/v1/payment_intents"


def test_pages_go_backwards_too(till: Till, five: list[str]) -> None:
    page = till.v1.payment_intents.list({"limit": 2, "ending_before": five[0]})
    assert [intent.id for intent in page.data] == [five[2], five[1]]
    assert page.has_more


def test_the_library_walks_all_pages(till: Till, five: list[str]) -> None:
    walked = till.v1.charges.list({"limit": 2}).auto_paging_iter()
    assert [charge.payment_intent for charge in walked] == five[::-1]


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_holds_1_to_100(till: Till, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        till.v1.events.list({"limit": limit})


def test_false_cursors_are_refused(till: Till, five: list[str]) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such charge") as refusal:
        till.v1.charges.list({"starting_after": "ch_unknown"})
    assert (refusal.value.http_status, refusal.value.param) == (400, "starting_after")
    with pytest.raises(stripe.InvalidRequestError, match="only pass one"):
        till.v1.payment_intents.list({"starting_after": five[0], "ending_before": five[1]})


def test_refunds_and_disputes_are_found_by_intent(standin: StripeStandIn, till: Till, five: list[str]) -> None:
    refunds = [standin.refund(five[0], 100)["id"] for _ in range(2)]
    standin.refund(five[1], 100)
    dispute = standin.dispute(five[2])["id"]
    assert [r.id for r in till.v1.refunds.list({"payment_intent": five[0]}).data] == refunds[::-1]
    assert [d.id for d in till.v1.disputes.list({"payment_intent": five[2]}).data] == [dispute]
    assert till.v1.disputes.list({"payment_intent": five[0]}).data == []


def test_sessions_are_found_by_intent_status_and_email(standin: StripeStandIn, till: Till, five: list[str]) -> None:
    waiting = till.open()
    standin.pay(till.open().id, email="other@example.org")
    sessions = till.v1.checkout.sessions
    assert [s.client_reference_id for s in sessions.list({"payment_intent": five[3]}).data] == ["r3"]
    assert [s.id for s in sessions.list({"status": "open"}).data] == [waiting.id]
    assert len(sessions.list({"customer_details": {"email": "other@example.org"}}).data) == 1


def test_balance_lines_are_filtered(standin: StripeStandIn, till: Till, five: list[str]) -> None:
    refund = standin.refund(five[0], 100)
    lines = till.v1.balance_transactions
    assert [line.source for line in lines.list({"type": "payment_refund"}).data] == [refund["id"]]
    assert [line.amount for line in lines.list({"source": refund["id"]}).data] == [-100]
    assert len(lines.list({"currency": "pln"}).data) == 6
    assert lines.list({"currency": "eur"}).data == []
    assert lines.list({"payout": "po_1"}).data == []
    assert lines.retrieve(refund["balance_transaction"]).net == -100


def test_lists_are_filtered_by_time(standin: StripeStandIn, till: Till, five: list[str]) -> None:
    standin.advance(1000)
    late = standin.pay(till.open().id)
    intent = till.v1.payment_intents.retrieve(late["payment_intent"])
    intents = till.v1.payment_intents
    assert [i.id for i in intents.list({"created": intent.created}).data] == [intent.id]
    assert [i.id for i in intents.list({"created": {"gt": intent.created - 900}}).data] == [intent.id]
    assert [i.id for i in intents.list({"created": {"lt": intent.created - 900}}).data] == five[::-1]
    assert intents.list({"created": {"gte": intent.created + 1, "lte": intent.created + 9}}).data == []


def test_events_are_filtered_by_type(standin: StripeStandIn, till: Till) -> None:
    standin.pay(till.open().id)
    events = till.v1.events
    assert [e.type for e in events.list({"type": "charge.*"}).data] == ["charge.succeeded"]
    wanted = ["payment_intent.succeeded", "checkout.session.completed"]
    assert [e.type for e in events.list({"types": wanted}).data] == wanted[::-1]
    event = events.list({"type": "charge.succeeded"}).data[0]
    assert events.retrieve(event.id).to_dict() == standin.thing(event.id)


def test_identifiers_expand_into_objects(till: Till, five: list[str]) -> None:
    refund = till.v1.refunds.create({"payment_intent": five[0], "expand": ["charge.payment_intent"]}).to_dict()
    assert refund["charge"]["payment_intent"]["id"] == five[0]
    charge = till.v1.charges.retrieve(refund["charge"]["id"], {"expand": ["refunds", "balance_transaction"]}).to_dict()
    assert [found["id"] for found in charge["refunds"]["data"]] == [refund["id"]]
    assert charge["balance_transaction"]["net"] == 884
    listed = till.v1.payment_intents.list({"limit": 1, "expand": ["data.latest_charge"]}).to_dict()
    assert listed["data"][0]["latest_charge"]["amount"] == 1004


def test_what_names_no_object_cannot_be_expanded(till: Till, five: list[str]) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        till.v1.payment_intents.retrieve(five[0], {"expand": ["amount"]})
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        till.v1.payment_intents.retrieve(five[0], {"expand": ["a.b.c.d.e"]})
    assert till.v1.checkout.sessions.retrieve(till.open().id, {"expand": ["payment_intent"]}).payment_intent is None
