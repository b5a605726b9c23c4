"""Giving in two steps: how much, then how. Neither address ever holds an amount."""

from __future__ import annotations

import logging

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from campaigns.domain.pledge import Method
from campaigns.language import gettext
from campaigns.payments.gateway import GatewayError
from campaigns.services.giving import (
    EMAIL_KEPT,
    AmountOutOfRange,
    CampaignNotOpen,
    GiftRequest,
    GivingPaused,
    start_gift,
)
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries
from campaigns.services.showing import CampaignView, show_campaign
from campaigns.storage.database import DatabaseUnavailable
from campaigns.web.access import client_address, require_same_origin
from campaigns.web.donor.appeals import campaign_again, shown_or_404
from campaigns.web.donor.refusals import altered, closed, paused, too_many
from campaigns.web.errors import RETRY_AFTER
from campaigns.web.forms import signed
from campaigns.web.forms.gift import METHODS, AmountForm, ConfirmForm
from campaigns.web.forms.signed import Altered, Offer
from campaigns.web.responses import private_page

LOG = logging.getLogger("campaigns.giving")


class Giving:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._secret = keys.settings.secret_key

    def begin_again(self, lang: str, slug: str) -> AnyResponse:
        """Where a reload or the language switch asks for the second step's address without a form."""
        return redirect(f"/{lang}/{slug}", 303)

    def choose(self, lang: str, slug: str) -> Response:
        """The first step: an amount. Writes nothing, and counts as no try."""
        require_same_origin()
        view = shown_or_404(self._keys, lang, slug)
        if view.halted:
            return paused(lang, slug)
        if not view.takes_gifts:
            return closed(lang, slug)
        form = AmountForm(view.campaign.minimum, view.campaign.maximum, request.form)
        amount = form.read()
        if amount is None:
            return campaign_again(view, form)
        return self._second_step(Offer.make(slug, amount, self._keys.now()), ConfirmForm(), view)

    def confirm(self, lang: str) -> AnyResponse:
        """The second step: on to the provider's page; the same form again leads to the same page."""
        require_same_origin()
        form = ConfirmForm(request.form)
        try:
            offer = signed.read(form.token.data or "", self._secret)
        except Altered:
            return altered(lang)
        if offer.is_stale(self._keys.now()):
            fresh = Offer.make(offer.slug, offer.amount, self._keys.now())
            return self._again(lang, fresh, form, 422, trouble=_waited_too_long())
        choice = form.read()
        if choice is None:
            return self._again(lang, offer, form, 422)
        return self._start(lang, offer, form, *choice)

    def _start(self, lang: str, offer: Offer, form: ConfirmForm, method: Method, email: str | None) -> AnyResponse:
        address = client_address(request.environ, self._keys.settings.trusted_proxies)
        gift = GiftRequest(offer.slug, offer.amount, method, lang, email, offer.random, address)
        try:
            started = start_gift(self._keys, gift)
        except GivingPaused:
            return paused(lang, offer.slug)
        except CampaignNotOpen:
            return closed(lang, offer.slug)
        except AmountOutOfRange:
            return self._amount_again(lang, offer)
        except TooManyTries as refused:
            return too_many(lang, offer.slug, refused.retry_after)
        except (GatewayError, DatabaseUnavailable) as error:
            LOG.error("no checkout: %s: %s", type(error).__name__, error)
            return self._unavailable(lang, offer, form)
        return redirect(started.checkout_url or f"/{lang}/thanks/{started.pledge.thanks_token}", 303)

    def _unavailable(self, lang: str, offer: Offer, form: ConfirmForm) -> Response:
        """The same form once more: sent again, it finds the same pledge."""
        response = self._again(lang, offer, form, 503, trouble=_no_payment_page())
        response.headers["Retry-After"] = RETRY_AFTER
        return response

    def _amount_again(self, lang: str, offer: Offer) -> Response:
        """The organisation has changed its limits since the first step."""
        view = shown_or_404(self._keys, lang, offer.slug)
        form = AmountForm(view.campaign.minimum, view.campaign.maximum, request.form)
        form.amount.data = str(offer.amount.major)
        form.read()
        return campaign_again(view, form)

    def _again(
        self, lang: str, offer: Offer, form: ConfirmForm, status: int, trouble: tuple[str, str] | None = None
    ) -> Response:
        try:
            view = show_campaign(self._keys.database, offer.slug, lang, self._keys.now())
        except DatabaseUnavailable:
            view = None  # the form is whole without the campaign's name
        return self._second_step(offer, form, view, status, trouble)

    def _second_step(
        self,
        offer: Offer,
        form: ConfirmForm,
        view: CampaignView | None,
        status: int = 200,
        trouble: tuple[str, str] | None = None,
    ) -> Response:
        return private_page(
            "donor/confirm.html",
            status,
            offer=offer,
            token=signed.sign(offer, self._secret),
            form=form,
            view=view,
            methods=METHODS,
            email_kept=EMAIL_KEPT,
            trouble=trouble,
        )


def _waited_too_long() -> tuple[str, str]:
    return (
        gettext("This page was open for more than an hour"),
        gettext("Nothing was charged. Here is a fresh form with the same amount: look it over and send it again."),
    )


def _no_payment_page() -> tuple[str, str]:
    return (
        gettext("The payment page could not be opened"),
        gettext("Nothing was charged. Wait a moment and press the button again: it will not count as a second gift."),
    )
