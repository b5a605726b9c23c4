"""The form of a refund: how much and why, with a signed value of its own that lets it refund once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, StringField

from campaigns.domain.money import Money
from campaigns.language import current, gettext
from campaigns.services.refunding import FORM_LIFETIME, Reason
from campaigns.web.forms.amount import BadAmount, Problem, read_amount
from campaigns.web.forms.complaints import about_amount
from campaigns.web.forms.gift import visible

_PURPOSE = "campaigns.treasury.refund"
_RANDOM_BYTES = 16

Sent = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Slip:
    """What tells one form from another: the payment it is about, until when it is good, and a random value."""

    payment_id: int
    expires_at: datetime
    random: str

    @classmethod
    def make(cls, payment_id: int, now: datetime) -> Slip:
        expires_at = (now + FORM_LIFETIME).replace(microsecond=0)
        return cls(payment_id, expires_at, secrets.token_urlsafe(_RANDOM_BYTES))

    def signed(self, secret_key: str) -> str:
        """The slip as a text for a hidden field."""
        return _serializer(secret_key).dumps([self.payment_id, int(self.expires_at.timestamp()), self.random])


class RefundForm(Form):
    """Amount (as people type it), reason (one of Reason), and the signed slip.

    `whole` is the payment, `left` what has not gone back of it.
    """

    slip = HiddenField()
    amount = StringField()
    reason = StringField()

    def __init__(self, whole: Money, left: Money, sent: Sent | None = None) -> None:
        super().__init__(sent)
        self._whole = whole
        self._left = left
        if sent is None:
            self.amount.data = _typed(left)

    def read(self) -> tuple[Money, Reason] | None:
        """How much and why; None after noting at the fields what is wrong."""
        typed = self.amount.data or ""
        self.amount.data = visible(typed)
        amount = None
        try:
            amount = read_amount(typed, Money(1, self._whole.currency), self._whole)
        except BadAmount as bad:
            self.amount.errors = [_complaint(bad, self._left)]
        reason = self.reason.data or ""
        if reason not in frozenset(Reason):
            self.reason.errors = [gettext("Choose a reason.")]
        if amount is None or self.errors:
            return None
        return amount, Reason(reason)

    def complain_of_too_much(self) -> None:
        """Note at the amount that less is left."""
        self.amount.errors = [_too_much(self._left)]


def read_slip(token: str, payment_id: int, secret_key: str, now: datetime) -> Slip | None:
    """The slip in a form about this payment; None if we did not sign it, or it is of another one, or too old."""
    try:
        about, expires, random = _serializer(secret_key).loads(token)
    except BadData:
        return None
    slip = Slip(about, datetime.fromtimestamp(expires, UTC), random)
    return slip if about == payment_id and now < slip.expires_at else None


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key, salt=_PURPOSE, signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    )


def _typed(amount: Money) -> str:
    """The amount as one would type it in the language that is spoken."""
    return f"{amount.major:.2f}".replace(".", current().locale.number_symbols["latn"]["decimal"])


def _complaint(bad: BadAmount, left: Money) -> str:
    match bad.problem:
        case Problem.TOO_LARGE:
            return _too_much(left)
        case Problem.EMPTY | Problem.ZERO:
            return gettext("Type how much is to be paid back, for example 50.")
        case Problem.OTHER_CURRENCY:
            return gettext("The gift came in {currency}, and goes back in {currency}.").format(currency=left.currency)
        case _:
            return about_amount(bad, Money(1, left.currency), left)


def _too_much(left: Money) -> str:
    return gettext("No more than {amount} is left to pay back.").format(amount=current().money(left))
