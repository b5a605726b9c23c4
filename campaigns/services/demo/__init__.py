"""The demo: the organisation's two real appeals, in both languages, four people, and the ledger of some months."""

from __future__ import annotations

from pathlib import Path

from campaigns.config import UnsafeSettings
from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.money import Money
from campaigns.language import LANGUAGES
from campaigns.services.demo import people
from campaigns.services.demo.year import book_year
from campaigns.services.keys import Keys
from campaigns.storage import campaigns
from campaigns.storage.campaigns import NewCampaign

_TEXTS = Path(__file__).parent
_FUND = "legal-travel-fund"
_APPEAL = "tax-1-5"
_NO_KRS = "0000000000"


def seed(keys: Keys) -> int:
    """Create what is missing of the demo, and say how many campaigns that were; a second time it does nothing.

    Where there is any staff already, no one is added.

    UnsafeSettings on a live site, whose books must never hold an invented gift.
    """
    if not keys.settings.demo:
        raise UnsafeSettings("The demo's gifts are invented, and this is a live site: set DEMO=1 on another database.")
    people.seed(keys)
    made = 0
    for new in (_fund(), _appeal(keys)):
        with keys.database.transaction() as connection:
            if campaigns.by_slug(connection, new.slug) is None:
                campaigns.create(connection, new)
                made += 1
                is_new_fund = new.slug == _FUND
            else:
                is_new_fund = False
        if is_new_fund:
            book_year(keys, _FUND, people.treasurer(keys))
    return made


def _fund() -> NewCampaign:
    return NewCampaign(
        slug=_FUND,
        kind=Kind.FUND,
        currency="PLN",
        goal=Money.of(5000, "PLN"),
        minimum=Money.of(5, "PLN"),
        maximum=Money.of(10000, "PLN"),
        figures=Figures.LIVE,
        texts=_texts(_FUND),
        position=1,
    )


def _appeal(keys: Keys) -> NewCampaign:
    return NewCampaign(
        slug=_APPEAL,
        kind=Kind.TAX_APPEAL,
        currency="PLN",
        goal=None,
        minimum=Money.of(5, "PLN"),
        maximum=Money.of(10000, "PLN"),
        figures=Figures.GUARDED,
        texts=_texts(_APPEAL),
        position=2,
        krs=keys.settings.organisation.krs or _NO_KRS,
    )


def _texts(slug: str) -> dict[str, tuple[str, str, str]]:
    """Title, summary and story out of one file per language: first line, first paragraph, the rest."""
    texts = {}
    for code in LANGUAGES:
        title, summary, story = (_TEXTS / f"{slug}.{code}.md").read_text("utf-8").split("\n\n", 2)
        texts[code] = (title.removeprefix("# ").strip(), " ".join(summary.split()), story.strip())
    return texts
