"""A site for measuring: its settings, and a database with one campaign in two languages."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from campaigns.config import Settings
from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.money import Money
from campaigns.services.opening import bring_up_to_date
from campaigns.storage import campaigns, figures
from campaigns.storage.campaigns import NewCampaign
from campaigns.storage.database import Database
from campaigns.storage.figures import Change

GIFTS = 40
SLUG = "legal-travel-fund"
HOST = "bench.example.org"

_STORY = """\
The lawyers work pro bono. What costs money is the way: trains, fuel, a night in a small town before a hearing.

## What the money pays

* tickets and fuel to courts outside Warsaw,
* copies of files, postage and fees,
* a coordinator who finds the lawyer nearest to the hearing.

We publish what came in and what was spent. **Any amount is welcome.**
"""


def environment(database: Path) -> dict[str, str]:
    """The settings of a site with fresh keys, whose database is this file."""
    return {
        "DEMO": "1",
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": secrets.token_hex(32),
        "PII_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BASE_URL": f"http://{HOST}",
        "TRUSTED_HOSTS": HOST,
        "PAYMENT_GATEWAY": "sandbox",
        "ORG_NAME": "Fundacja Przykład",
        "ORG_EMAIL": "kontakt@example.org",
    }


def settings(given: dict[str, str]) -> Settings:
    return Settings.from_environment(given)


def build(settings: Settings) -> None:
    """Make the database of these settings, with a campaign that has come some of its way."""
    database = Database(settings.database_url)
    bring_up_to_date(settings, database)
    with database.transaction() as connection:
        campaign_id = campaigns.create(connection, _campaign())
        change = Change(Money.of("2285.50", "PLN"), Money.of("300", "PLN"), supporters=34, gifts=GIFTS)
        figures.change(connection, campaign_id, change)
    database.close()


def _campaign() -> NewCampaign:
    return NewCampaign(
        slug=SLUG,
        kind=Kind.FUND,
        currency="PLN",
        goal=Money.of(5000, "PLN"),
        minimum=Money.of(5, "PLN"),
        maximum=Money.of(10_000, "PLN"),
        figures=Figures.LIVE,
        texts={
            "pl": ("Fundusz wyjazdów prawników", "Koszty dojazdu prawników, którzy bronią pro bono.", _STORY),
            "en": ("Legal travel fund", "The travel costs of lawyers who defend people pro bono.", _STORY),
        },
    )
