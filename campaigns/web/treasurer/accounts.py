"""/treasury/accounts: what every account holds at the end of any day, and the trial balance of any days."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.domain.periods import Span, day_of, first_of, month_of
from campaigns.services.balancing import TrialBalance, balances_at, trial_balance
from campaigns.services.keys import Keys
from campaigns.web.doors import Room
from campaigns.web.responses import private_page
from campaigns.web.treasurer import words
from campaigns.web.treasurer.selecting import read_day, read_span


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def accounts() -> ResponseReturnValue:
        complaints: list[str] = []
        today = day_of(keys.now())
        at = read_day(request.args.get("at", ""), complaints) or today
        found = [] if complaints else _in_order(balances_at(keys.database, at))
        return private_page(
            "treasurer/accounts.html",
            at=at,
            balances=found,
            complaints=complaints,
            words=words,
            month=Span(first_of(month_of(at)), at),
        )

    def turnover() -> ResponseReturnValue:
        complaints: list[str] = []
        today = day_of(keys.now())
        usual = Span(first_of(month_of(today)), today)
        span = read_span(request.args, complaints, usual)
        found = [] if complaints else _in_order(trial_balance(keys.database, span))
        return private_page(
            "treasurer/accounts-turnover.html", span=span, balances=found, complaints=complaints, words=words
        )

    room.page("/accounts", "accounts", Permission.SEE_BOOKS, accounts)
    room.page("/accounts/turnover", "turnover", Permission.SEE_BOOKS, turnover)


def _in_order(found: list[TrialBalance]) -> list[TrialBalance]:
    """Accounts as the treasurer knows them one after the other."""
    order = list(words.ACCOUNTS)
    return [replace(each, lines=sorted(each.lines, key=lambda line: order.index(line.account))) for each in found]
