"""A donor gives: from a confirmed form to the provider's hosted page."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.domain.campaign import Kind, Phase
from campaigns.domain.money import Money
from campaigns.domain.payment import PaymentState
from campaigns.domain.pledge import CHECKOUT_LIFETIME, Method, Pledge, PledgeState
from campaigns.payments.gateway import Checkout, CheckoutOrder, GatewayBroken
from campaigns.services.keys import Keys
from campaigns.services.limiting import count_try
from campaigns.storage import campaigns, donors, payments, pledges, site
from campaigns.storage.campaigns import CampaignRow
from campaigns.storage.database import Connection, lock

# An e-mail address for a receipt is erased this long after the gift was started.
EMAIL_KEPT = timedelta(days=30)


class CampaignNotOpen(Exception):
    """The campaign does not exist, takes no gifts, or takes none now."""


class GivingPaused(Exception):
    """The emergency switch is turned: nothing was begun, and the same form can be sent again later."""


class AmountOutOfRange(Exception):
    """The amount is below or above what the campaign takes."""

    def __init__(self, minimum: Money, maximum: Money) -> None:
        super().__init__("the amount is out of range")
        self.minimum = minimum
        self.maximum = maximum


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """A confirmed form. `form_token` is its random part; `address` is used for the limits and not kept."""

    slug: str
    amount: Money
    method: Method
    language: str
    email: str | None
    form_token: str
    address: str


@dataclass(frozen=True, slots=True)
class Started:
    """Where the donor goes on: the provider's page, or nowhere ("") when this form's pledge is past that."""

    pledge: Pledge
    checkout_url: str


@dataclass(frozen=True, slots=True)
class PledgeView:
    """What a donor sees of the own gift. `failed`: the provider has refused the payment."""

    pledge: Pledge
    slug: str
    failed: bool


def start_gift(keys: Keys, request: GiftRequest) -> Started:
    """Promise, then open the provider's page: transaction, call, transaction.

    The same form finds the same pledge and, since the reference is the idempotency key, the same page: a double click,
    a retry by the browser and a crash in between all heal that way. Raises GivingPaused, CampaignNotOpen,
    AmountOutOfRange, TooManyTries, DatabaseUnavailable, and GatewayDown or GatewayError from the provider.
    """
    now = keys.now()
    pledge = _promise(keys, request, now)
    if pledge.state is not PledgeState.STARTED or now >= pledge.expires_at:
        return Started(pledge, "")
    if pledge.checkout_url:
        return Started(pledge, pledge.checkout_url)
    checkout = _open_checkout(keys, pledge)
    with keys.database.transaction() as connection:
        pledges.attach_checkout(connection, pledge.id, checkout.id, checkout.url)
    return Started(pledge, checkout.url)


def pledge_behind(keys: Keys, thanks_token: str) -> PledgeView | None:
    """The gift behind a thank-you address; None for an unknown address and for one that has gone neutral."""
    with keys.database.reading() as connection:
        found = pledges.by_thanks_token(connection, thanks_token)
        if found is None or found[0].is_neutral(keys.now()):
            return None
        pledge, slug = found
        last = payments.last_state_of_pledge(connection, pledge.id)
    return PledgeView(pledge, slug, failed=last is PaymentState.FAILED)


def _open_checkout(keys: Keys, pledge: Pledge) -> Checkout:
    try:
        return keys.gateway.open_checkout(_order(keys, pledge))
    except GatewayBroken:
        # The next try must not be answered with this failure again. No donor has seen a page of the old reference.
        with keys.database.transaction() as connection:
            pledges.renew_reference(connection, pledge.id, pledge.reference, secrets.token_hex(16))
        raise


def _promise(keys: Keys, request: GiftRequest, now: datetime) -> Pledge:
    form_hash = hashlib.sha256(request.form_token.encode()).hexdigest()
    with keys.database.transaction() as connection:
        if site.halted_since(connection):
            raise GivingPaused
        lock(connection, f"form:{form_hash}")
        pledge = pledges.by_form(connection, form_hash)
        if pledge is None:
            campaign = _open_campaign(connection, request, now)
            count_try(connection, request.address, keys.settings.give_limits, now)
            pledge = _keep(connection, keys, request, campaign, form_hash, now)
    return pledge


def _open_campaign(connection: Connection, request: GiftRequest, now: datetime) -> CampaignRow:
    campaign = campaigns.by_slug(connection, request.slug)
    if campaign is None or campaign.kind is not Kind.FUND or campaign.window.phase(now) is not Phase.OPEN:
        raise CampaignNotOpen(request.slug)
    if not campaign.minimum <= request.amount <= campaign.maximum:
        raise AmountOutOfRange(campaign.minimum, campaign.maximum)
    return campaign


def _keep(
    connection: Connection, keys: Keys, request: GiftRequest, campaign: CampaignRow, form_hash: str, now: datetime
) -> Pledge:
    new = pledges.NewPledge(
        # Three unrelated values: what a provider or a donor's address shows leads to nothing else.
        reference=secrets.token_hex(16),
        thanks_token=secrets.token_urlsafe(16),
        form_hash=form_hash,
        campaign_id=campaign.id,
        amount=request.amount,
        method=request.method,
        language=request.language,
        gateway=keys.gateway.name,
        created_at=now,
        expires_at=(now + CHECKOUT_LIFETIME).replace(microsecond=0),
    )
    pledge_id = pledges.add(connection, new)
    if request.email:
        donors.keep(connection, keys.vault, pledge_id, request.email, now + EMAIL_KEPT)
    return pledges.must_be(connection, pledge_id)


def _order(keys: Keys, pledge: Pledge) -> CheckoutOrder:
    thanks = f"{keys.settings.base_url}/{pledge.language}/thanks/{pledge.thanks_token}"
    return CheckoutOrder(
        reference=pledge.reference,
        amount=pledge.amount,
        method=pledge.method,
        language=pledge.language,
        success_url=thanks,
        cancel_url=f"{thanks}?left=1",
        expires_at=pledge.expires_at,
    )
