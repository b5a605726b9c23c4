"""The chart of accounts."""

import re

import pytest

from campaigns.domain import accounts


def test_every_account_stands_in_one_of_the_five_classes() -> None:
    form = re.compile(r"(assets|liabilities|equity|income|expenses)(:[a-z0-9][a-z0-9.-]*)+")
    assert [account for account in accounts.ALL if not form.fullmatch(account)] == []


def test_what_counts_as_raised_is_income_other_than_tax() -> None:
    income = {account for account in accounts.ALL if account.startswith("income:")}
    assert income - {accounts.TAX, accounts.OTHER_INCOME} == accounts.RAISED


def test_each_provider_holds_its_own_money() -> None:
    held = {accounts.at_gateway(gateway) for gateway in accounts.GATEWAYS}
    assert held == {"assets:gateway:stripe", "assets:gateway:sandbox"}
    assert held <= accounts.ALL


def test_an_unknown_provider_has_no_account() -> None:
    with pytest.raises(ValueError, match="paypal"):
        accounts.at_gateway("paypal")
