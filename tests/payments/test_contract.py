"""What every provider does with money, and that it tells the same of it: one suite for all."""

import pytest

from campaigns.domain.money import Money
from campaigns.domain.payment import DisputeState, RefundState
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import GatewayDown, GatewayError
from tests.payments.hearing import Heard
from tests.payments.providers import IMPOSSIBLE, Provider, heard, notices, open_checkout, order, paid_gift


def zl(amount: str) -> Money:
    return Money.of(amount, "PLN")


def amounts_sent_back(provider: Provider) -> list[Money]:
    return [refund.amount for refund in heard(provider).refunds.values()]


@pytest.mark.parametrize("method", [Method.BLIK, Method.P24, Method.CARD])
def test_a_paid_gift_is_told_with_amount_and_our_reference(provider: Provider, method: Method) -> None:
    ordered = order(provider, "123.45", method)
    provider.pay(provider.gateway.open_checkout(ordered).id)
    [paid] = heard(provider).paid
    assert (paid.amount, paid.reference) == (zl("123.45"), ordered.reference)
    assert paid.payment_id


def test_a_page_that_nobody_pays_tells_nothing(provider: Provider) -> None:
    open_checkout(provider)
    assert notices(provider) == []


def test_money_on_its_way_is_told_before_it_arrives(provider: Provider) -> None:
    checkout = open_checkout(provider, "20", Method.P24)
    provider.pay_later(checkout.id)
    [coming] = heard(provider).processing
    assert heard(provider).paid == []
    provider.settle(checkout.id)
    [paid] = heard(provider).paid
    assert (coming.payment_id, coming.amount, coming.reference) == (paid.payment_id, paid.amount, paid.reference)


def test_money_that_never_arrives_is_told_as_failed(provider: Provider) -> None:
    ordered = order(provider, "20", Method.P24)
    provider.fail(provider.gateway.open_checkout(ordered).id)
    [failed] = heard(provider).failed
    assert failed.reference == ordered.reference
    assert heard(provider).paid == []


def test_a_page_that_ran_out_is_told_as_expired_and_cannot_be_paid(provider: Provider) -> None:
    ordered = order(provider)
    checkout = provider.gateway.open_checkout(ordered)
    provider.run_out(checkout.id)
    assert [expired.reference for expired in heard(provider).expired] == [ordered.reference]
    with pytest.raises(IMPOSSIBLE):
        provider.pay(checkout.id)


def test_a_page_that_we_closed_cannot_be_paid(provider: Provider) -> None:
    checkout = open_checkout(provider)
    provider.gateway.close_checkout(checkout.id)
    provider.gateway.close_checkout(checkout.id)
    with pytest.raises(IMPOSSIBLE):
        provider.pay(checkout.id)


def test_closing_a_paid_page_is_no_error_and_takes_nothing_back(provider: Provider) -> None:
    checkout = open_checkout(provider)
    provider.pay(checkout.id)
    provider.gateway.close_checkout(checkout.id)
    assert (len(heard(provider).paid), heard(provider).expired) == (1, [])


def test_the_same_reference_opens_the_same_page(provider: Provider) -> None:
    ordered = order(provider)
    assert provider.gateway.open_checkout(ordered) == provider.gateway.open_checkout(ordered)


def test_another_reference_opens_another_page(provider: Provider) -> None:
    assert open_checkout(provider) != open_checkout(provider)


def test_a_reference_is_not_used_for_another_amount(provider: Provider) -> None:
    ordered = order(provider, "50")
    provider.gateway.open_checkout(ordered)
    with pytest.raises(GatewayError):
        provider.gateway.open_checkout(order(provider, "60", reference=ordered.reference))


@pytest.mark.parametrize("method", [Method.CASH, Method.TRANSFER])
def test_what_is_not_given_online_has_no_page(provider: Provider, method: Method) -> None:
    with pytest.raises(GatewayError):
        open_checkout(provider, "50", method)


@pytest.mark.parametrize("country", ["BY", "PL"])
def test_a_card_tells_the_country_that_issued_it(provider: Provider, country: str) -> None:
    checkout = open_checkout(provider, "50", Method.CARD)
    provider.pay(checkout.id, country)
    known = heard(provider)
    assert known.countries == {known.paid[0].payment_id: country}


def test_blik_tells_no_country(provider: Provider) -> None:
    paid_gift(provider, method=Method.BLIK)
    assert heard(provider).countries == {}


def test_a_part_goes_back(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100")
    refund = provider.gateway.refund(payment_id, zl("40"), "first")
    assert (refund.amount, refund.state) == (zl("40"), RefundState.SUCCEEDED)
    provider.refund_by_hand(payment_id, zl("60"))
    assert sorted(amounts_sent_back(provider)) == [zl("40"), zl("60")]


def test_two_equal_refunds_are_two(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100")
    first = provider.gateway.refund(payment_id, zl("30"), "first")
    second = provider.gateway.refund(payment_id, zl("30"), "second")
    assert first.id != second.id
    provider.refund_by_hand(payment_id, zl("30"))
    assert amounts_sent_back(provider) == [zl("30")] * 3


def test_the_same_key_refunds_once(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100")
    first = provider.gateway.refund(payment_id, zl("30"), "key")
    assert provider.gateway.refund(payment_id, zl("30"), "key") == first
    provider.refund_by_hand(payment_id, zl("70"))


@pytest.mark.parametrize("amount", ["60.01", "100"])
def test_more_than_is_left_does_not_go_back(provider: Provider, amount: str) -> None:
    payment_id = paid_gift(provider, "100")
    provider.gateway.refund(payment_id, zl("40"), "first")
    with pytest.raises(GatewayError) as refused:
        provider.gateway.refund(payment_id, zl(amount), "second")
    assert not isinstance(refused.value, GatewayDown)


def test_money_that_has_not_come_does_not_go_back(provider: Provider) -> None:
    checkout = open_checkout(provider, "20", Method.P24)
    provider.pay_later(checkout.id)
    with pytest.raises(GatewayError):
        provider.gateway.refund(heard(provider).processing[0].payment_id or "", zl("20"), "key")


def test_a_refund_that_the_bank_sends_back_has_failed_and_can_be_made_again(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100")
    refund = provider.gateway.refund(payment_id, zl("100"), "first")
    provider.return_refund(refund.id)
    provider.gateway.refund(payment_id, zl("100"), "second")
    provider.refund_by_hand(paid_gift(provider, "5"), zl("5"))
    states = sorted(it.state for it in heard(provider).refunds.values())
    assert states == [RefundState.FAILED, RefundState.SUCCEEDED, RefundState.SUCCEEDED]


def test_a_dispute_takes_the_money_until_it_is_decided(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100", Method.CARD)
    provider.dispute(payment_id)
    [dispute] = heard(provider).disputes
    assert (dispute.amount, dispute.state) == (zl("100"), DisputeState.OPEN)
    assert (dispute.withdrawn, dispute.reinstated) == (True, False)
    assert next(it.dispute_due for it in heard(provider).notices if it.dispute) is not None


def test_a_disputed_gift_is_not_refunded(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100", Method.CARD)
    provider.dispute(payment_id)
    with pytest.raises(GatewayError):
        provider.gateway.refund(payment_id, zl("10"), "key")


def test_what_comes_back_during_a_dispute_is_not_refunded_either(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100", Method.CARD)
    refund = provider.gateway.refund(payment_id, zl("40"), "first")
    provider.dispute(payment_id)
    provider.return_refund(refund.id)
    with pytest.raises(GatewayError):
        provider.gateway.refund(payment_id, zl("40"), "second")


def test_a_dispute_that_is_won_gives_the_money_back(provider: Provider) -> None:
    provider.dispute(paid_gift(provider, "100", Method.CARD))
    provider.win(heard(provider).disputes[0].id)
    [dispute] = heard(provider).disputes
    assert (dispute.state, dispute.withdrawn, dispute.reinstated) == (DisputeState.WON, True, True)


def test_a_dispute_that_is_lost_keeps_the_money_away(provider: Provider) -> None:
    provider.dispute(paid_gift(provider, "100", Method.CARD))
    provider.lose(heard(provider).disputes[0].id)
    [dispute] = heard(provider).disputes
    assert (dispute.state, dispute.withdrawn, dispute.reinstated) == (DisputeState.LOST, True, False)


def test_a_dispute_is_over_what_was_not_refunded(provider: Provider) -> None:
    payment_id = paid_gift(provider, "100", Method.CARD)
    provider.gateway.refund(payment_id, zl("40"), "key")
    provider.dispute(payment_id)
    assert heard(provider).disputes[0].amount == zl("60")


def test_the_fee_is_known_once_the_money_is_there(provider: Provider) -> None:
    checkout = open_checkout(provider, "100", Method.P24)
    provider.pay_later(checkout.id)
    payment_id = heard(provider).processing[0].payment_id or ""
    assert provider.gateway.fee_of(payment_id) is None
    provider.settle(checkout.id)
    fee = provider.gateway.fee_of(payment_id)
    assert fee is not None
    assert zl("0") < fee.amount < zl("100")
    assert provider.gateway.fee_of(payment_id) == fee


def test_fees_of_two_gifts_are_two(provider: Provider) -> None:
    fees = [provider.gateway.fee_of(paid_gift(provider, "100")) for _ in range(2)]
    assert len({fee.id for fee in fees if fee}) == 2


@pytest.mark.parametrize("object_id", ["", "nothing", "pi_0", "sb_pay_0", "cs_test_0", "re_0", "du_0"])
def test_what_is_not_there_cannot_be_fetched(provider: Provider, object_id: str) -> None:
    with pytest.raises(GatewayError):
        provider.gateway.fetch(object_id)


def a_long_story(provider: Provider) -> None:
    """Every kind of thing that can happen, some of it twice."""
    provider.fail(open_checkout(provider, "10", Method.P24).id)
    gift = paid_gift(provider, "100", Method.CARD)
    provider.refund_by_hand(gift, zl("15"))
    provider.gateway.refund(gift, zl("15"), "key")
    provider.return_refund(next(iter(heard(provider).refunds)))
    provider.dispute(gift)
    provider.win(heard(provider).disputes[0].id)
    lost = paid_gift(provider, "70", Method.CARD)
    provider.dispute(lost)
    provider.lose(heard(provider).disputes[1].id)
    provider.run_out(open_checkout(provider, "30").id)


def test_fetching_the_objects_again_tells_what_the_notices_told(provider: Provider) -> None:
    a_long_story(provider)
    told = heard(provider)
    ids = dict.fromkeys(it.object_id for it in told.notices if it.topic != "other")
    fetched = Heard(notice for object_id in ids for notice in provider.gateway.fetch(object_id))
    assert fetched.refunds == told.refunds
    assert fetched.disputes == told.disputes
    assert fetched.countries == told.countries
    for topic in ("paid", "failed", "expired"):
        meant = {(it.payment_id, it.reference, it.amount) for it in getattr(told, topic)}
        assert {(it.payment_id, it.reference, it.amount) for it in getattr(fetched, topic)} == meant


def test_fetching_a_payment_tells_all_that_became_of_it(provider: Provider) -> None:
    a_long_story(provider)
    told = heard(provider)
    gift = told.paid[0].payment_id or ""
    fetched = Heard(provider.gateway.fetch(gift))
    assert [(it.payment_id, it.amount, it.reference) for it in fetched.paid] == [
        (gift, zl("100"), told.paid[0].reference)
    ]
    assert fetched.countries == {gift: "PL"}
    assert (fetched.refunds, fetched.disputes) == (told.refunds, told.disputes[:1])


def test_fetching_twice_is_one_notice_and_a_new_state_is_another(provider: Provider) -> None:
    gift = paid_gift(provider, "100", Method.CARD)
    provider.dispute(gift)
    dispute_id = heard(provider).disputes[0].id
    before = provider.gateway.fetch(dispute_id)
    assert provider.gateway.fetch(dispute_id) == before
    provider.win(dispute_id)
    [after] = provider.gateway.fetch(dispute_id)
    assert after.event_id != before[0].event_id


def test_no_two_notices_share_their_id(provider: Provider) -> None:
    a_long_story(provider)
    ids = [notice.event_id for notice in notices(provider)]
    assert len(set(ids)) == len(ids)
