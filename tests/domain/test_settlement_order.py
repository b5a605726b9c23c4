"""Notices come late, twice and shuffled: the same facts, in any order, leave a payment in the same place."""

from dataclasses import dataclass, replace
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.bookkeeping import entry_for
from campaigns.domain.ledger import raised_by_campaign
from campaigns.domain.money import Money
from campaigns.domain.payment import (
    RANKS,
    Dispute,
    DisputeState,
    Effect,
    Facts,
    Refund,
    RefundState,
    Standing,
    settle,
)

TRAVEL = 7
News = Literal["paid", "failed"] | Refund | Dispute


@dataclass(frozen=True)
class History:
    """A payment, everything that its provider says of it in the order of the deeds, and what is left in the end."""

    amount: Money
    news: list[News]
    left: Money


def zl(major: int) -> Money:
    return Money.of(major, "PLN")


def heard(facts: Facts, news: News) -> Facts:
    """The facts with one more: what was once true stays true, and a lower rank never replaces a higher one."""
    match news:
        case "paid":
            return replace(facts, paid=True)
        case "failed":
            return replace(facts, failed=True)
        case Refund():
            refunds = {refund.id: refund for refund in (*facts.refunds, news)}
            known = next((refund for refund in facts.refunds if refund.id == news.id), news)
            refunds[news.id] = replace(news, state=max(known.state, news.state, key=RANKS.__getitem__))
            return replace(facts, refunds=tuple(refunds.values()))
        case Dispute():
            disputes = {dispute.id: dispute for dispute in (*facts.disputes, news)}
            before = next((dispute for dispute in facts.disputes if dispute.id == news.id), news)
            disputes[news.id] = Dispute(
                news.id,
                news.amount,
                max(before.state, news.state, key=RANKS.__getitem__),
                before.withdrawn or news.withdrawn,
                before.reinstated or news.reinstated,
            )
            return replace(facts, disputes=tuple(disputes.values()))


def settled(amount: Money, news: list[News]) -> tuple[Standing, list[Effect]]:
    """Where the payment stands, and all that was booked, when each piece of news is acted on as it comes."""
    standing, facts, effects = Standing.expected(amount), Facts("stripe:1", amount), list[Effect]()
    for item in news:
        facts = heard(facts, item)
        result = settle(standing, facts, {effect.key for effect in effects})
        standing = result.standing
        effects += result.effects
    return standing, effects


@st.composite
def histories(draw: st.DrawFn) -> History:
    """What can truly happen: refunds and disputes that stand never return more than came; others fail or are won."""
    amount = left = draw(st.integers(1, 300))
    news: list[News] = draw(st.sampled_from([["paid"], ["failed", "paid"], ["paid"]]))
    for number in range(draw(st.integers(0, 3))):
        stands = draw(st.booleans()) and left > 0
        part = draw(st.integers(1, left if stands else amount))
        left -= part if stands else 0
        end = draw(st.sampled_from([[], [RefundState.SUCCEEDED]])) if stands else [RefundState.FAILED]
        news += [Refund(f"re_{number}", zl(part), state) for state in (RefundState.PENDING, *end)]
    for number in range(draw(st.integers(0, 2))):
        stands = draw(st.booleans()) and left > 0
        part = draw(st.integers(1, left if stands else amount))
        left -= part if stands else 0
        dispute = Dispute(f"du_{number}", zl(part), DisputeState.OPEN)
        end_state = DisputeState.LOST if stands else DisputeState.WON
        closed = replace(dispute, state=end_state, withdrawn=stands, reinstated=not stands)
        news += [dispute, replace(dispute, withdrawn=True), closed]
    return History(zl(amount), [*news], zl(left))


@settings(max_examples=100)
@given(st.data(), histories())
def test_any_order_and_any_repetition_leads_to_the_same_money(data: st.DataObject, history: History) -> None:
    repeated = data.draw(st.lists(st.sampled_from(history.news), max_size=4))
    shuffled = data.draw(st.permutations(history.news + repeated))
    standing, _ = settled(history.amount, shuffled)
    assert standing.net == history.left


@settings(max_examples=60)
@given(st.data(), histories(), histories())
def test_the_books_say_what_the_payment_says_even_of_impossible_news(
    data: st.DataObject, one: History, other: History
) -> None:
    standing, effects = settled(one.amount, data.draw(st.permutations(one.news + other.news)))
    postings = [posting for effect in effects for posting in entry_for(effect, "stripe", TRAVEL).postings]
    assert raised_by_campaign(postings, "PLN").get(TRAVEL, zl(0)) == standing.net
    assert zl(0) <= standing.net <= standing.amount
    assert len({effect.key for effect in effects}) == len(effects)
