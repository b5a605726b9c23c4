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
FEES = "expenses:fees"
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


ALL = frozenset(
    {
        BANK,
        CASH,
        DONATIONS,
        REFUNDS,
        DISPUTED,
        TAX,
        FEES,
        OPENING,
        CONVERSION,
        UNASSIGNED,
    }
    | {at_gateway(name) for name in GATEWAYS}
)
