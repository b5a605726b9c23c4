"""hledger's journal: plain text that `hledger check --strict` reads, with its totals as balance assertions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from typing import IO

from campaigns.domain import accounts
from campaigns.domain.money import EXPONENTS
from campaigns.services.exporting.about import About, described, moment, one_line
from campaigns.services.exporting.totals import Totals, signed, spelled
from campaigns.storage.export import Booked

# A description ends at a semicolon, and a bar parts it; there is no way to escape either.
_APART = str.maketrans({";": "\N{FULLWIDTH SEMICOLON}", "|": "\N{FULLWIDTH VERTICAL LINE}"})


def write(entries: Iterable[Booked], about: About, totals: Totals, out: IO[bytes]) -> None:
    """Write the entries, each by day and number as they come, and what they add up to by the last day.

    `totals` is read when all entries have gone by.
    """
    text = TextIOWrapper(out, "utf-8", newline="\n")
    text.writelines(_head(about))
    last_day = ""
    for entry in entries:
        text.write(_transaction(entry))
        last_day = entry.day
    text.writelines(_ends(totals, last_day))
    text.detach()


def _head(about: About) -> Iterator[str]:
    yield f"; {one_line(about.organisation)}\n; selection: {described(about.selection)}\n"
    yield f"; written: {moment(about.made_at)}\n\ndecimal-mark .\n"
    for currency, exponent in EXPONENTS.items():
        yield f"commodity {spelled(10 ** (3 + exponent), currency)} {currency}\n"
    yield from (f"account {account}\n" for account in sorted(accounts.ALL))


def _transaction(entry: Booked) -> str:
    memo = f" | {one_line(entry.memo).translate(_APART)}" if entry.memo else ""
    tags = {
        "booked_at": entry.booked_at, "late_for": entry.late_for, "gateway": entry.gateway, "payment": entry.payment,
        "reverses": entry.reverses, "effect": one_line(entry.effect),
    }  # fmt: skip
    told = ", ".join(f"{name}:{value}" for name, value in tags.items() if value)
    lines = "".join(
        f"    {account}  {signed(minor, currency)} {currency}{f'  ; campaign:{campaign}' if campaign else ''}\n"
        for _, account, campaign, minor, currency in entry.lines
    )
    return f"\n{entry.day} ({entry.number}) {entry.kind}{memo}\n    ; {told}\n{lines}"


def _ends(totals: Totals, last_day: str) -> Iterator[str]:
    yield f"\n; {totals.entries} entries, {totals.lines} lines\n"
    if not last_day:
        return
    yield f"\n{last_day} totals\n"
    for total in totals.by_account():
        debit, credit, balance = total.told()
        yield (
            f"    {total.account}  {spelled(0, total.currency)} {total.currency} = {balance} {total.currency}"
            f"  ; debit {debit}, credit {credit}\n"
        )
