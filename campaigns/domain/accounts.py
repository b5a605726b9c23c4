"""The chart of accounts, and which of them the public figure is made of.

Signs: a debit is positive, a credit negative. So money at the provider is positive and income is negative.
"""

from __future__ import annotations

BANK = "assets:bank"
CASH = "assets:cash"
DONATIONS = "income:donations"
REFUNDS = "income:refunds"
DISPUTED = "income:disputed"
TAX = "income:tax-1.5-percent"
OTHER_INCOME = "income:other"
FEES = "expenses:fees"
TRAVEL = "expenses:travel"
SERVICES = "expenses:services"
OFFICE = "expenses:office"
OTHER_EXPENSES = "expenses:other"
OPENING = "equity:opening"
CONVERSION = "equity:conversion"
# Verified money of ours that no campaign can be named for, until a treasurer assigns it.
UNASSIGNED = "liabilities:unassigned"

GATEWAYS = ("stripe", "sandbox")

# "Raised" is gross money received, minus refunds, minus disputed money withdrawn, plus what was reinstated:
# the negated sum of a campaign's postings on exactly these accounts. Fees are an expense and do not lower it.
RAISED = frozenset({DONATIONS, REFUNDS, DISPUTED})


def at_gateway(gateway: str) -> str:
    """The account of the money that a payment provider holds for us; ValueError for an unknown provider."""
    if gateway not in GATEWAYS:
        raise ValueError(f"no account for gateway {gateway!r}")
    return f"assets:gateway:{gateway}"


# Where our own money lies: between these it is transferred, and from these expenses are paid.
OWN = frozenset({BANK, CASH} | {at_gateway(name) for name in GATEWAYS})
EXPENSES = frozenset({FEES, TRAVEL, SERVICES, OFFICE, OTHER_EXPENSES})
INCOME = RAISED | {TAX, OTHER_INCOME}

ALL = OWN | EXPENSES | INCOME | {OPENING, CONVERSION, UNASSIGNED}
