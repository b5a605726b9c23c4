"""beancount's ledger: plain text that `bean-check` reads, with its totals as balance directives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from io import TextIOWrapper
from itertools import chain
from typing import IO

from campaigns.domain import accounts
from campaigns.domain.money import EXPONENTS
from campaigns.services.exporting.about import About, described, moment, one_line
from campaigns.services.exporting.totals import Totals, signed
from campaigns.storage.export import Booked

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})
_OTHER = re.compile(r"[^a-z0-9]+")


def write(entries: Iterable[Booked], about: About, totals: Totals, out: IO[bytes]) -> None:
    """Write the entries, each by day and number as they come, and what they add up to on the day after the last.

    `totals` is read when all entries have gone by.
    """
    text = TextIOWrapper(out, "utf-8", newline="\n")
    coming = iter(entries)
    first = next(coming, None)
    text.writelines(_head(about, first.day if first else about.selection.span.first.isoformat()))
    last_day = ""
    for entry in chain([first] if first else [], coming):
        text.write(_transaction(entry))
        last_day = entry.day
    text.writelines(_ends(totals, last_day))
    text.detach()


@lru_cache(maxsize=256)
def account_name(account: str) -> str:
    """Ours as beancount wants it: `income:tax-1.5-percent` is `Income:Tax-1-5-Percent`."""
    return ":".join("-".join(word.title() for word in _OTHER.split(part)) for part in account.split(":"))


def _quoted(text: str) -> str:
    return f'"{one_line(text).translate(_ESCAPED)}"'


def _head(about: About, opened: str) -> Iterator[str]:
    yield f"; selection: {described(about.selection)}\n; written: {moment(about.made_at)}\n\n"
    yield f'option "title" {_quoted(about.organisation)}\n'
    yield from (f'option "operating_currency" "{currency}"\n' for currency in EXPONENTS)
    yield from (f"{opened} open {account_name(account)}\n" for account in sorted(accounts.ALL))


def _transaction(entry: Booked) -> str:
    """An entry and its reversal are found together by a link with the number of the one that was reversed."""
    back = f" ^entry-{entry.reverses}" if entry.reverses else ""
    told = {
        "number": entry.number, "booked-at": f'"{entry.booked_at}"', "late-for": entry.late_for,
        "gateway": entry.gateway and _quoted(entry.gateway), "payment": entry.payment, "effect": _quoted(entry.effect),
    }  # fmt: skip
    tags = "".join(f"  {name}: {value}\n" for name, value in told.items() if value)
    lines = "".join(
        f"  {account_name(account)}  {signed(minor, currency)} {currency}\n"
        + (f"    campaign: {_quoted(campaign)}\n" if campaign else "")
        for _, account, campaign, minor, currency in entry.lines
    )
    return f"\n{entry.day} * {_quoted(entry.memo or '')} #{entry.kind} ^entry-{entry.number}{back}\n{tags}{lines}"


def _ends(totals: Totals, last_day: str) -> Iterator[str]:
    """Balances hold at the beginning of a day, and to the last minor unit only if that is said."""
    yield f"\n; {totals.entries} entries, {totals.lines} lines\n"
    if not last_day:
        return
    day = date.fromisoformat(last_day) + timedelta(days=1)
    for total in totals.by_account():
        debit, credit, balance = total.told()
        yield (
            f"{day} balance {account_name(total.account)}  {balance} ~ 0.00 {total.currency}"
            f" ; debit {debit}, credit {credit}\n"
        )
