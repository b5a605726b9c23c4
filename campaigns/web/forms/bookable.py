"""What a treasurer types to book something: days, amounts, memos, each read or complained about in one sentence."""

from __future__ import annotations

import re
from datetime import date

from campaigns.domain.money import Money
from campaigns.language import gettext
from campaigns.services.drafting import LONGEST_MEMO, Fault
from campaigns.web.forms.amount import BadAmount, Problem, read_amount
from campaigns.web.forms.complaints import about_amount
from campaigns.web.forms.gift import visible

# More than any organisation that this is made for has; a slip of the finger is less likely to pass.
_MOST_MINOR = 10**11
_POLISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAMES_SOMEBODY = re.compile(r"\S@\S|(?:\d[ ]?){20}", re.ASCII)


class Unreadable(ValueError):
    """What was typed cannot be meant; the message is the sentence for whoever typed it."""


def read_day(text: str) -> date:
    """2026-10-31 or 31.10.2026; Unreadable for everything that could be read in two ways, or in none."""
    text = text.strip()
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
        if match := _POLISH.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise Unreadable(gettext("We cannot read this date. Type it like 2026-10-31 or 31.10.2026."))


def read_sum(text: str, currency: str) -> Money:
    """An amount of more than nothing, as Poles type them; Unreadable says what is wrong."""
    least, most = Money(1, currency), Money(_MOST_MINOR, currency)
    try:
        return read_amount(text, least, most)
    except BadAmount as bad:
        raise Unreadable(about_amount(bad, least, most) if bad.readings else _about(bad.problem, currency)) from bad


def read_memo(text: str) -> str:
    """A memo without what cannot be seen; Unreadable if it is too long, or holds what could name somebody."""
    memo = " ".join(visible(text.replace("\t", " ").replace("\r", " ").replace("\n", " ")).split())
    if len(memo) > LONGEST_MEMO:
        raise Unreadable(about_fault(Fault.MEMO))
    if _NAMES_SOMEBODY.search(memo):
        raise Unreadable(
            gettext("The memo holds an e-mail address or an account number. The books name nobody: leave it out.")
        )
    return memo


def about_fault(fault: Fault) -> str:
    """Why the books do not take it, and what to do."""
    match fault:
        case Fault.DAY:
            return gettext("Nothing is booked for a day that has not come yet, or before the year 2000.")
        case Fault.NO_CAMPAIGN:
            return gettext("Choose a campaign from the list. Transfers and opening balances have none.")
        case Fault.NO_FUND:
            return gettext("A tax appeal takes no gifts. Choose another campaign.")
        case Fault.OTHER_CURRENCY:
            return gettext("The amount is in another currency than the campaign.")
        case Fault.ACCOUNTS:
            return gettext("These two accounts do not go together here. Choose two different ones from the lists.")
        case Fault.MEMO:
            return gettext("The memo is too long: at most 200 characters.")
        case Fault.NOT_WAITING:
            return gettext("This money does not wait for a campaign any more. Look at the list again.")


def _about(problem: Problem, currency: str) -> str:
    match problem:
        case Problem.EMPTY | Problem.ZERO:
            return gettext("Type the amount: more than zero, for example 50 or 12,50.")
        case Problem.NEGATIVE:
            return gettext("Type the amount without a minus: which way the money went is said by the accounts.")
        case Problem.TOO_FINE:
            return gettext("The amount has more than two decimals. Type for example 12,50.")
        case Problem.TOO_LARGE:
            return gettext("This is more than can be booked at once. Look the amount over.")
        case Problem.OTHER_CURRENCY:
            sentence = gettext("The amount names another currency than {currency}.")
            return sentence.format(currency=currency)
        case _:
            return gettext("We cannot read this amount. Type it with digits, for example 50 or 12,50.")
