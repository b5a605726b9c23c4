"""Whatever the books can hold has a name in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from campaigns.domain import accounts
from campaigns.domain.ledger import EntryKind
from campaigns.domain.payment import DisputeState, PaymentState, RefundState
from campaigns.domain.pledge import Method, PledgeState
from campaigns.language import LANGUAGES, speaking
from campaigns.web.treasurer import words


@pytest.mark.parametrize(
    "say,all_there_are",
    [
        (words.account_words, accounts.ALL),
        (words.kind_words, EntryKind),
        (words.method_words, Method),
        (words.gateway_words, accounts.GATEWAYS),
        (words.pledge_state_words, PledgeState),
        (words.payment_state_words, PaymentState),
        (words.refund_state_words, RefundState),
        (words.dispute_state_words, DisputeState),
        (words.notice_state_words, words.NOTICE_STATES),
    ],
)
def test_all_that_the_books_hold_has_a_name_of_its_own(say: Callable[[Any], str], all_there_are: Iterable[str]) -> None:
    for code in LANGUAGES:
        with speaking(code):
            names = [say(one) for one in all_there_are]
        assert len(set(names)) == len(names), code


def test_accounts_are_told_in_one_order_and_none_is_left_out() -> None:
    assert frozenset(words.ACCOUNTS) == accounts.ALL


def test_polish_names_are_polish() -> None:
    with speaking("pl"):
        assert words.account_words(accounts.CASH) == "Kasa"
        assert words.kind_words(EntryKind.REVERSAL) == "Storno"
