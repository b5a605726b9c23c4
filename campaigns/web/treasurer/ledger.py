"""/treasury/ledger: the journal, an entry to a line, the newest first; whatever is chosen stands in the address."""

from __future__ import annotations

import re
from datetime import date

from flask import abort, request
from flask.typing import ResponseReturnValue

from campaigns.domain import accounts
from campaigns.domain.money import EXPONENTS
from campaigns.domain.people import Permission
from campaigns.domain.periods import FIRST_DAY
from campaigns.domain.selection import Selection
from campaigns.language import current
from campaigns.services.keys import Keys
from campaigns.services.reading_journal import JournalPage, read_journal, to_choose_from
from campaigns.storage.campaigns import NamedCampaign
from campaigns.storage.paging import Place, Way
from campaigns.web.doors import Room
from campaigns.web.responses import private_page
from campaigns.web.treasurer import words
from campaigns.web.treasurer.selecting import CURRENCY, fields_of, query_of, read_selection

PATH = "/treasury/ledger"
_OLDEST = Place(FIRST_DAY, 0)
_PLACE = re.compile(r"(?P<day>[0-9-]{10}):(?P<number>[0-9]{1,18})")


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def journal() -> ResponseReturnValue:
        selection, complaints = read_selection(request.args)
        page = None
        all_totals = request.args.get("totals") == "1"
        if not complaints:
            page = read_journal(keys.database, selection, _way(), current().code, all_totals=all_totals)
        return private_page(
            "treasurer/ledger.html",
            page=page,
            selection=selection,
            complaints=complaints,
            typed={name: request.args.get(name, "") for name in ("least", "most")},
            fields=fields_of(selection),
            links=_links(selection, page) if page else {},
            query=query_of(selection),
            words=words,
            form=_choices(page.campaigns if page else to_choose_from(keys.database, current().code)),
        )

    room.page("/ledger", "ledger", Permission.SEE_BOOKS, journal)


def _choices(campaigns: list[NamedCampaign]) -> dict[str, object]:
    """What the form offers: values and what they are called."""
    return {
        "campaigns": [(each.slug, each.title) for each in campaigns],
        "accounts": [(account, words.account_words(account)) for account in words.ACCOUNTS],
        "kinds": [(kind.value, words.kind_words(kind)) for kind in words.KINDS],
        "gateways": [(gateway, words.gateway_words(gateway)) for gateway in accounts.GATEWAYS],
        "currencies": [(currency, currency) for currency in EXPONENTS if currency != CURRENCY],
        "home_currency": CURRENCY,
    }


def _way() -> Way:
    """From which place on the page begins, and into which direction one leafs."""
    if after := request.args.get("after"):
        return Way(_place(after), older=False)
    before = request.args.get("before")
    return Way(_place(before) if before else None)


def _place(written: str) -> Place:
    """`2026-11-22:17`; a page that does not exist for what is no place."""
    match = _PLACE.fullmatch(written)
    if not match:
        abort(404)
    try:
        return Place(date.fromisoformat(match["day"]), int(match["number"]))
    except ValueError:
        abort(404)


def _written(place: Place) -> str:
    return f"{place.day.isoformat()}:{place.number}"


def _links(selection: Selection, page: JournalPage) -> dict[str, str]:
    """Where one can go on from this page, by the names of the links; only those that lead somewhere else."""
    queries = {"totals": query_of(selection, totals="1")} if page.totals is None else {}
    if page.newer:
        queries["newest"] = query_of(selection)
        queries["newer"] = query_of(selection, after=_written(page.newer))
    if page.older:
        queries["older"] = query_of(selection, before=_written(page.older))
        queries["oldest"] = query_of(selection, after=_written(_OLDEST))
    return {name: f"{PATH}?{query}" if query else PATH for name, query in queries.items()}
