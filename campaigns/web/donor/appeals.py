"""The list of campaigns, and the page of one."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, abort, render_template

from campaigns.domain.campaign import Figures, Kind
from campaigns.domain.tax import Season, season_of
from campaigns.language import WARSAW
from campaigns.services.keys import Keys
from campaigns.services.showing import CampaignView, show_campaign, show_campaigns
from campaigns.web.forms.gift import AmountForm
from campaigns.web.responses import private_page, public, public_page


class Appeals:
    """The views; both are the same for everybody."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        # A page is a function of its view: it is rendered anew when what it shows has changed, and not before.
        self._page = lru_cache(maxsize=128)(self._rendered)

    def every(self, lang: str) -> Response:
        views = show_campaigns(self._keys.database, lang, self._keys.now())
        return public_page("donor/campaigns.html", campaigns=views)

    def one(self, lang: str, slug: str) -> Response:
        view = shown_or_404(self._keys, lang, slug)
        return public(self._page(view, season_of(self._keys.now().astimezone(WARSAW).date())))

    @staticmethod
    def _rendered(view: CampaignView, season: Season) -> str:
        if view.campaign.kind is Kind.TAX_APPEAL:
            return render_template("donor/tax-appeal.html", view=view, season=season)
        form = AmountForm(view.campaign.minimum, view.campaign.maximum)
        return render_template("donor/campaign.html", **words(view, form))


def shown_or_404(keys: Keys, lang: str, slug: str) -> CampaignView:
    """The campaign, or the page that says that there is none."""
    return show_campaign(keys.database, slug, lang, keys.now()) or abort(404)


def campaign_again(view: CampaignView, form: AmountForm) -> Response:
    """The campaign's page as an answer to its form: with what was typed, and what is wrong with it."""
    return private_page("donor/campaign.html", 422, **words(view, form))


def words(view: CampaignView, form: AmountForm) -> dict[str, object]:
    """What a campaign's template speaks of."""
    return {"view": view, "form": form, "guarded": view.campaign.figures is Figures.GUARDED}
