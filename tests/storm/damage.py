"""What the storm has done: every figure beside the one that it must equal, in sentences where they differ."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from urllib.request import urlopen

from sqlalchemy import func, select

from campaigns.domain.pledge import PledgeState
from campaigns.payments.stripe import StripeGateway
from campaigns.services.fees import book_fees
from campaigns.services.keys import Keys, utc_now
from campaigns.storage.alerts import AlertKind, unresolved
from campaigns.storage.database import Database
from campaigns.storage.models import donors, letters, notices, pledges
from campaigns.storage.tray import LetterKind
from campaigns.storage.vault import Vault
from tests.property.reading import read_books
from tests.storm.forgers import FORGED
from tests.storm.storm import Wreck
from tests.world import FUND


def damage(wreck: Wreck, gifts: int) -> list[str]:
    """A sentence for everything that is not as it must be."""
    with closing(Database(wreck.settings.database_url)) as database:
        return [*_money(wreck, database), *_inbox(wreck, database), *_promises(wreck, database, gifts)]


def _money(wreck: Wreck, database: Database) -> Iterator[str]:
    truth, books = wreck.provider.account_total(), read_books(database)
    figures = {
        "the public figure": _public_figure(wreck.site.url),
        "the booked total": books.booked[FUND][0],
        "the ledger": books.posted[FUND],
        "the export": books.exported[FUND],
        "the provider's account in the books": books.at_provider + books.fees,
    }
    yield from (
        f"{what} is {figure}, and the provider has {truth}" for what, figure in figures.items() if figure != truth
    )
    supporters = sum(total > 0 for total in wreck.provider.totals_by_reference().values())
    if books.booked[FUND][2] != supporters:
        yield f"{books.booked[FUND][2]} supporters, and the provider knows {supporters}"
    yield from books.faults
    yield from (f"entry {number} does not balance" for number in books.unbalanced)
    kept = sum(
        line["fee"] for line in wreck.provider.things("balance_transaction") if line["type"] in ("charge", "payment")
    )
    if _fees(wreck, database) != kept:
        yield f"the provider has kept {kept}, and the books know another amount"


def _fees(wreck: Wreck, database: Database) -> int:
    """What the books say of fees, once all are due."""
    settings = wreck.settings
    gateway = StripeGateway(
        settings.stripe_secret_key, settings.stripe_webhook_secrets, settings.stripe_api_base, False
    )
    keys = Keys(settings, database, gateway, Vault(settings.pii_keys))
    later = utc_now() + timedelta(hours=1)
    while book_fees(keys, later):
        pass
    return read_books(database).fees


def _public_figure(site: str) -> int:
    time.sleep(1.1)  # the edge may answer with what it has for a second
    with urlopen(f"{site}/api/campaigns/{FUND}.json", timeout=10) as answer:
        return int(json.load(answer)["raised_minor"])


def _inbox(wreck: Wreck, database: Database) -> Iterator[str]:
    sent = {event["id"] for event in wreck.provider.events()}
    with database.reading() as connection:
        kept = list(connection.scalars(select(notices.c.event_id)))
        states = {row.state: row.number for row in connection.execute(_STATES)}
        misfits = [alert for alert in unresolved(connection) if alert.kind is not AlertKind.DISPUTE]
    if sorted(kept) != sorted(sent):
        yield f"{len(sent)} notices were sent, {len(kept)} are in the inbox, {len(set(kept) - sent)} of them foreign"
    if any(event_id.startswith(FORGED) for event_id in kept):
        yield "a forged notice is in the inbox"
    if accepted := [status for status in wreck.forged if status < 400]:
        yield f"{len(accepted)} forged notices were accepted"
    if not wreck.forged:
        yield "nobody forged anything"
    if set(states) - {"done", "ignored"} or misfits:
        yield f"notices that need a human: {states}, {misfits}"


def _promises(wreck: Wreck, database: Database, gifts: int) -> Iterator[str]:
    wished = select(func.count()).select_from(pledges.join(donors)).where(pledges.c.state == PledgeState.FULFILLED)
    with database.reading() as connection:
        promised = connection.scalar(select(func.count()).select_from(pledges))
        receipts = connection.scalar(select(func.count()).where(letters.c.kind == LetterKind.RECEIPT))
        due = connection.scalar(wished)
    pages = [page["client_reference_id"] for page in wreck.provider.things("checkout.session")]
    if (promised, len(pages), len(set(pages))) != (gifts, gifts, gifts):
        yield f"{gifts} donors made {promised} pledges and {len(pages)} pages"
    if receipts != due or not due:
        yield f"{receipts} receipts for {due} donors who gave and wished for one"


_STATES = select(notices.c.state, func.count().label("number")).group_by(notices.c.state)
