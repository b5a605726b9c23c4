"""What donors and banks do, and where the money goes."""

from decimal import Decimal

import pytest
import stripe

from tests.standin import Refused, StripeStandIn, Terms
from tests.standin.till import Till, gift


@pytest.fixture
def paid(standin: StripeStandIn, till: Till) -> str:
    """The intent of 50 zł paid by BLIK."""
    session = till.open(5000, client_reference_id="r1")
    return str(standin.pay(session.id)["payment_intent"])


def _charge(till: Till, intent: str) -> stripe.Charge:
    found = till.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge.balance_transaction"]})
    assert isinstance(found.latest_charge, stripe.Charge)
    return found.latest_charge


def _line(charge: stripe.Charge) -> stripe.BalanceTransaction:
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    return charge.balance_transaction


@pytest.mark.parametrize(
    "method,prefix,kind,fee",
    [("blik", "py_", "payment", 180), ("p24", "py_", "payment", 210), ("card", "ch_", "charge", 175)],
)
def test_money_arrives_less_a_fee(
    standin: StripeStandIn, till: Till, method: str, prefix: str, kind: str, fee: int
) -> None:
    session = standin.pay(till.open(5000).id, method)
    charge = _charge(till, session["payment_intent"])
    line = _line(charge)
    assert (session["status"], session["payment_status"]) == ("complete", "paid")
    assert charge.id.startswith(prefix)
    assert (charge.status, charge.paid, charge.amount_captured) == ("succeeded", True, 5000)
    assert (line.type, line.reporting_category, line.source) == (kind, "charge", charge.id)
    assert (line.amount, line.fee, line.net) == (5000, fee, 5000 - fee)
    assert [(detail.amount, detail.type) for detail in line.fee_details] == [(fee, "stripe_fee")]


def test_the_charge_carries_what_the_session_said(standin: StripeStandIn, till: Till) -> None:
    data = {"description": "Support", "metadata": {"pledge": "r1"}, "statement_descriptor_suffix": "GIFT"}
    session = till.open(payment_intent_data=data, metadata={"only": "session"})
    paid = standin.pay(session.id, "card", card_country="BY", email="x@example.org")
    charge = _charge(till, paid["payment_intent"]).to_dict()
    assert charge["payment_method_details"]["card"]["country"] == "BY"
    assert (charge["description"], charge["metadata"]) == ("Support", {"pledge": "r1"})
    assert charge["calculated_statement_descriptor"] == "STAND-IN* GIFT"
    assert charge["receipt_email"] is None
    assert paid["metadata"] == {"only": "session"}
    assert paid["customer_details"]["email"] == "x@example.org"


def test_money_on_its_way_arrives_later(standin: StripeStandIn, till: Till) -> None:
    session = standin.pay_later(till.open().id)
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    assert till.v1.payment_intents.retrieve(session["payment_intent"]).status == "processing"
    assert standin.account_total() == 0
    assert standin.settle(session["id"])["payment_status"] == "paid"
    assert standin.account_total() == 5000
    with pytest.raises(Refused):
        standin.settle(session["id"])


def test_money_on_its_way_may_never_arrive(standin: StripeStandIn, till: Till) -> None:
    session = standin.pay_later(till.open().id)
    standin.fail(session["id"])
    intent = till.v1.payment_intents.retrieve(session["payment_intent"])
    assert (intent.status, _charge(till, intent.id).status) == ("requires_payment_method", "failed")
    assert standin.account_total() == 0


def test_after_a_decline_the_donor_may_try_again(standin: StripeStandIn, till: Till) -> None:
    session = till.open()
    first = standin.decline(session.id)
    assert (first["status"], first["payment_status"]) == ("open", "unpaid")
    second = standin.pay(session.id, "blik")
    assert first["payment_intent"] == second["payment_intent"]
    assert len(standin.things("charge")) == 2
    assert standin.account_total() == 5000


def test_a_session_is_paid_once_and_only_as_offered(standin: StripeStandIn, till: Till) -> None:
    session = till.open(allowed_payment_method_types=["blik"])
    with pytest.raises(Refused, match="does not offer card"):
        standin.pay(session.id, "card")
    standin.pay(session.id)
    with pytest.raises(Refused, match="complete"):
        standin.pay(session.id)


def test_partial_refunds_add_up_to_the_charge_and_no_further(standin: StripeStandIn, till: Till, paid: str) -> None:
    for _ in range(2):
        refund = till.v1.refunds.create({"payment_intent": paid, "amount": 2000})
        assert (refund.status, refund.amount) == ("succeeded", 2000)
    with pytest.raises(stripe.InvalidRequestError, match=r"20\.00 PLN.*10\.00 PLN") as refusal:
        till.v1.refunds.create({"payment_intent": paid, "amount": 2000})
    assert refusal.value.param == "amount"
    assert till.v1.refunds.create({"payment_intent": paid}).amount == 1000
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.v1.refunds.create({"payment_intent": paid})
    assert refusal.value.code == "charge_already_refunded"
    assert _charge(till, paid).refunded
    assert standin.account_total() == 0


@pytest.mark.parametrize("amount", [0, -100])
def test_a_refund_is_positive(till: Till, paid: str, amount: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="positive integer"):
        till.v1.refunds.create({"payment_intent": paid, "amount": amount})


def test_a_refund_names_one_payment_that_succeeded(standin: StripeStandIn, till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="should be provided"):
        till.v1.refunds.create({"amount": 100})
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent") as refusal:
        till.v1.refunds.create({"payment_intent": "pi_unknown"})
    assert (refusal.value.http_status, refusal.value.param) == (400, "payment_intent")
    pending = standin.pay_later(till.open().id)["payment_intent"]
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        till.v1.refunds.create({"payment_intent": pending})


def test_a_refund_by_charge_has_its_line(till: Till, paid: str) -> None:
    charge = _charge(till, paid)
    refund = till.v1.refunds.create(
        {"charge": charge.id, "amount": 700, "metadata": {"why": "r"}, "expand": ["balance_transaction"]}
    )
    line = refund.balance_transaction
    assert isinstance(line, stripe.BalanceTransaction)
    assert refund.id.startswith("pyr_")
    assert (line.type, line.reporting_category, line.amount, line.fee) == ("payment_refund", "refund", -700, 0)


def test_a_refund_may_come_back(standin: StripeStandIn, till: Till, paid: str) -> None:
    refund = standin.refund(paid, 2000)
    assert standin.account_total() == 3000
    failed = standin.fail_refund(refund["id"])
    assert failed["status"] == "failed"
    assert standin.account_total() == 5000
    assert _charge(till, paid).amount_refunded == 0
    with pytest.raises(Refused):
        standin.fail_refund(refund["id"])


def test_a_refund_may_stay_pending(standin: StripeStandIn, paid: str) -> None:
    standin.keep_refunds_pending()
    refund = standin.refund(paid, 2000)
    assert (refund["status"], standin.account_total()) == ("pending", 5000)
    assert standin.settle_refund(refund["id"])["status"] == "succeeded"
    assert standin.account_total() == 3000


def test_a_dispute_takes_what_was_not_refunded(standin: StripeStandIn, till: Till, paid: str) -> None:
    standin.refund(paid, 2000)
    dispute = standin.dispute(paid)
    (line,) = till.v1.disputes.retrieve(dispute["id"]).balance_transactions
    assert (dispute["amount"], dispute["status"]) == (3000, "needs_response")
    assert (line.type, line.reporting_category, line.amount, line.fee) == ("adjustment", "dispute", -3000, 8500)
    assert standin.account_total() == 0


def test_a_disputed_charge_cannot_be_refunded_until_it_is_won(standin: StripeStandIn, till: Till, paid: str) -> None:
    dispute = standin.dispute(paid, 1000)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.v1.refunds.create({"payment_intent": paid})
    assert refusal.value.code == "charge_disputed"
    with pytest.raises(Refused, match="disputed already"):
        standin.dispute(paid)
    standin.win(dispute["id"])
    assert standin.account_total() == 5000
    assert till.v1.refunds.create({"payment_intent": paid}).amount == 5000


def test_a_lost_dispute_stays_lost(standin: StripeStandIn, till: Till, paid: str) -> None:
    dispute = standin.dispute(paid)
    assert standin.lose(dispute["id"])["status"] == "lost"
    assert standin.account_total() == 0
    with pytest.raises(Refused):
        standin.win(dispute["id"])
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        till.v1.refunds.create({"payment_intent": paid})


def test_przelewy24_knows_no_disputes(standin: StripeStandIn, till: Till) -> None:
    intent = standin.pay(till.open().id, "p24")["payment_intent"]
    with pytest.raises(Refused, match="no disputes"):
        standin.dispute(intent)


def test_no_dispute_above_the_charge(standin: StripeStandIn, paid: str) -> None:
    with pytest.raises(Refused):
        standin.dispute(paid, 5001)


def test_totals_agree_with_the_balance_and_with_the_references(standin: StripeStandIn, till: Till) -> None:
    def paid(reference: str, amount: int, method: str = "blik") -> str:
        session = till.open(amount, client_reference_id=reference)
        return str(standin.pay(session.id, method)["payment_intent"])

    standin.refund(paid("a", 10_000), 4_000)
    standin.dispute(paid("b", 2_000, "card"))
    standin.win(standin.dispute(paid("c", 3_000))["id"])
    standin.fail_refund(standin.refund(paid("d", 700))["id"])
    lines = till.v1.balance_transactions.list({"limit": 100}).data
    assert standin.account_total() == sum(line.amount for line in lines) == 9_700
    assert standin.totals_by_reference() == {"a": 6_000, "b": 0, "c": 3_000, "d": 700}
    assert standin.gross_minus_refunds("a") == 6_000
    assert standin.gross_minus_refunds("nobody") == 0


def test_currencies_are_kept_apart(standin: StripeStandIn, till: Till, paid: str) -> None:
    standin.pay(till.open(line_items=gift(700, "eur")["line_items"]).id, "p24")
    assert (standin.account_total(), standin.account_total("eur")) == (5000, 700)
    assert standin.thing(paid)["currency"] == "pln"


def test_a_foreign_currency_may_settle_in_zloty() -> None:
    terms = Terms(rates={"eur": Decimal("4.2537")})
    with StripeStandIn(terms=terms) as standin, Till(standin.url, standin.api_key) as till:
        session = till.open(line_items=gift(1001, "eur")["line_items"])
        line = _line(_charge(till, standin.pay(session.id, "card")["payment_intent"]))
        assert (line.amount, line.currency, line.exchange_rate) == (4258, "pln", 4.2537)
        assert standin.account_total("eur") == 1001


def test_money_becomes_available_after_some_days(standin: StripeStandIn, till: Till, paid: str) -> None:
    balance = till.v1.balance.retrieve()
    assert ([side.amount for side in balance.pending], balance.available) == ([4820], [])
    standin.advance(3 * 24 * 3600)
    balance = till.v1.balance.retrieve()
    assert ([side.amount for side in balance.available], balance.pending) == ([4820], [])
    assert standin.events()[-1]["type"] == "balance.available"
    assert _line(_charge(till, paid)).status == "available"
