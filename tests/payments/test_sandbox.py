"""What is the sandbox's own: its post, its clock, its fee, and how gifts and words survive being written down."""

from datetime import timedelta

import pytest

from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import GatewayError
from campaigns.payments.sandbox_gift import GiftState, Refused
from tests.payments.providers import Sandbox, heard, now, open_checkout, order, paid_gift


def zl(amount: str) -> Money:
    return Money.of(amount, "PLN")


def deliver(sandbox: Sandbox, after: int = 0) -> int:
    """What `flask jobs run` does, some seconds later; how many notices were taken."""
    sandbox.clock.advance(after)
    return sandbox.sandbox.deliver_due(now(sandbox), sandbox.letters.receive)


def nobody_there(_body: bytes, _signature: str) -> int:
    raise ConnectionRefusedError


def test_the_page_is_ours(sandbox: Sandbox) -> None:
    checkout = open_checkout(sandbox)
    assert checkout.url == f"http://127.0.0.1/sandbox/checkout/{checkout.id}"
    assert sandbox.gateway.checkout_origin == "http://127.0.0.1"


def test_ids_begin_with_sb_and_cannot_be_guessed(sandbox: Sandbox) -> None:
    ids = {open_checkout(sandbox).id for _ in range(10)}
    assert all(id.startswith("sb_") for id in ids)
    assert len({id[-32:] for id in ids}) == 10


def test_money_comes_twenty_seconds_later_by_itself(sandbox: Sandbox) -> None:
    sandbox.pay_later(open_checkout(sandbox).id)
    deliver(sandbox, after=19)
    assert heard(sandbox).paid == []
    deliver(sandbox, after=1)
    assert len(heard(sandbox).paid) == 1


def test_an_open_page_runs_out_by_itself(sandbox: Sandbox) -> None:
    open_checkout(sandbox)
    deliver(sandbox, after=59 * 60)
    assert heard(sandbox).expired == []
    deliver(sandbox, after=60)
    assert len(heard(sandbox).expired) == 1


def test_a_page_cannot_be_paid_after_its_time_even_if_no_job_has_run(sandbox: Sandbox) -> None:
    checkout = open_checkout(sandbox)
    sandbox.clock.advance(60 * 60)
    with pytest.raises(Refused):
        sandbox.pay(checkout.id)


def test_a_taken_notice_is_not_sent_again(sandbox: Sandbox) -> None:
    paid_gift(sandbox)
    assert deliver(sandbox, after=86_400) == 0
    assert len(sandbox.letters.all) == 1


@pytest.mark.parametrize("status", [400, 404, 500, 503, 302])
def test_a_notice_that_is_not_taken_is_sent_again_until_it_is(sandbox: Sandbox, status: int) -> None:
    checkout = open_checkout(sandbox)
    sandbox.letters.status = status
    sandbox.pay(checkout.id)
    assert deliver(sandbox, after=2) == 0  # the clock runs on meanwhile
    assert len(sandbox.letters.all) == 1
    deliver(sandbox, after=9)
    assert len(sandbox.letters.all) == 2
    sandbox.letters.status = 204
    assert deliver(sandbox, after=3600) == 1
    assert len({notice.event_id for notice in heard(sandbox).paid}) == 1


def test_a_notice_waits_while_nobody_is_there(sandbox: Sandbox) -> None:
    checkout = open_checkout(sandbox)
    sandbox.sandbox.bank.pay(checkout.id)
    assert sandbox.sandbox.deliver_due(now(sandbox), nobody_there) == 0
    assert deliver(sandbox, after=10) == 1


def test_the_site_that_stays_away_is_asked_hourly_for_ever(sandbox: Sandbox) -> None:
    sandbox.letters.status = 500
    sandbox.pay(open_checkout(sandbox).id)
    for _ in range(40):
        deliver(sandbox, after=3600)
    assert len(sandbox.letters.all) == 41


def test_each_try_is_signed_anew(sandbox: Sandbox) -> None:
    sandbox.letters.status = 500
    sandbox.pay(open_checkout(sandbox).id)
    deliver(sandbox, after=3600)
    body, signature = sandbox.letters.all[-1]
    assert sandbox.gateway.read_notice(body, signature, now(sandbox)).topic == "paid"


def test_two_jobs_at_once_send_a_notice_once(sandbox: Sandbox) -> None:
    sandbox.sandbox.bank.pay(open_checkout(sandbox).id)

    def meanwhile(body: bytes, signature: str) -> int:
        assert deliver(sandbox) == 0
        return sandbox.letters.receive(body, signature)

    assert sandbox.sandbox.deliver_due(now(sandbox), meanwhile) == 1
    assert len(sandbox.letters.all) == 1


def test_a_job_leaves_alone_what_another_has_taken_on_meanwhile(sandbox: Sandbox) -> None:
    sandbox.sandbox.bank.pay(open_checkout(sandbox, method=Method.CARD).id)

    def meanwhile(body: bytes, signature: str) -> int:
        sandbox.letters.status = 500
        deliver(sandbox)
        sandbox.letters.status = 200
        return sandbox.letters.receive(body, signature)

    assert sandbox.sandbox.deliver_due(now(sandbox), meanwhile) == 1
    assert len(sandbox.letters.all) == 2


def test_a_second_click_on_pay_is_refused_and_tells_nothing(sandbox: Sandbox) -> None:
    checkout = open_checkout(sandbox)
    sandbox.pay(checkout.id)
    for again in (sandbox.pay, sandbox.pay_later, sandbox.fail):
        with pytest.raises(Refused):
            again(checkout.id)
    deliver(sandbox)
    assert len(sandbox.letters.all) == 1


def test_a_refund_key_is_not_used_for_another_amount(sandbox: Sandbox) -> None:
    payment_id = paid_gift(sandbox)
    sandbox.gateway.refund(payment_id, zl("10"), "key")
    with pytest.raises(GatewayError):
        sandbox.gateway.refund(payment_id, zl("11"), "key")


def test_a_refund_of_nothing_or_less_is_refused(sandbox: Sandbox) -> None:
    payment_id = paid_gift(sandbox)
    for amount in ("0", "-5"):
        with pytest.raises(GatewayError):
            sandbox.gateway.refund(payment_id, zl(amount), amount)


def test_what_is_not_there_cannot_come_back_or_be_decided(sandbox: Sandbox) -> None:
    payment_id = paid_gift(sandbox)
    for impossible in (sandbox.win, sandbox.lose):
        with pytest.raises(Refused):
            impossible(payment_id)
    with pytest.raises(Refused):
        sandbox.return_refund(payment_id.replace("pay", "ref") + "_0")


def test_przelewy24_knows_no_disputes(sandbox: Sandbox) -> None:
    payment_id = paid_gift(sandbox, method=Method.P24)
    with pytest.raises(Refused):
        sandbox.dispute(payment_id)


@pytest.mark.parametrize("amount, fee", [("100", "2.50"), ("33.33", "1.50"), ("5000", "76"), ("0.50", "0.50")])
def test_the_fee_is_one_and_a_half_percent_and_one_zloty(sandbox: Sandbox, amount: str, fee: str) -> None:
    kept = sandbox.gateway.fee_of(paid_gift(sandbox, amount))
    assert kept is not None
    assert kept.amount == zl(fee)


def test_a_gift_is_kept_when_the_program_starts_anew(sandbox: Sandbox) -> None:
    payment_id = paid_gift(sandbox, "100", Method.CARD)
    sandbox.refund_by_hand(payment_id, zl("40"))
    sandbox.dispute(payment_id)
    sandbox.win(payment_id)
    anew = sandbox.again(sandbox.secret)
    assert anew.bank.gift(payment_id) == sandbox.sandbox.bank.gift(payment_id)
    assert anew.bank.gift(payment_id).left == zl("60")


def test_the_dashboard_lists_the_newest_first(sandbox: Sandbox) -> None:
    amounts = ["10", "20", "30"]
    for amount in amounts:
        open_checkout(sandbox, amount)
        sandbox.clock.advance(1)
    assert [gift.amount for gift in sandbox.sandbox.bank.newest(2)] == [zl("30"), zl("20")]


def test_an_order_that_is_repeated_finds_its_page_paid(sandbox: Sandbox) -> None:
    ordered = order(sandbox)
    checkout = sandbox.gateway.open_checkout(ordered)
    sandbox.pay(checkout.id)
    assert sandbox.gateway.open_checkout(ordered) == checkout
    assert sandbox.sandbox.bank.gift(checkout.id).state is GiftState.PAID


def test_a_dispute_has_a_week_to_be_answered(sandbox: Sandbox) -> None:
    sandbox.dispute(paid_gift(sandbox))
    due = next(notice.dispute_due for notice in heard(sandbox).notices if notice.dispute)
    assert due == now(sandbox) + timedelta(days=7)
