"""The two forms of a gift: how much, and then how to pay and whether a receipt is wanted."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, StringField

from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.web.forms.amount import BadAmount, read_amount
from campaigns.web.forms.complaints import about_amount, about_card, about_email, about_method

# Round on purpose: a symbolic amount would mark the gift in a bank's list.
PRESETS = (20, 50, 100, 200)
CHOSEN_AT_FIRST = "50"
OWN = "own"

# In this order: behind BLIK there is always a bank account in Poland.
METHODS = (Method.BLIK, Method.P24, Method.CARD)
LONGEST_EMAIL = 254

Sent = MultiDict[str, str]


class AmountForm(Form):
    """The first step. `amount` is a preset, or OWN: then `own_amount` counts, and only then."""

    amount = StringField()
    own_amount = StringField()

    def __init__(self, minimum: Money, maximum: Money, sent: Sent | None = None) -> None:
        super().__init__(sent)
        self._minimum = minimum
        self._maximum = maximum
        if sent is None:
            self.amount.data = CHOSEN_AT_FIRST

    @property
    def presets(self) -> Sequence[tuple[str, Money]]:
        """The round amounts that the campaign takes, and what the form sends for them."""
        offered = ((str(major), Money.of(major, self._minimum.currency)) for major in PRESETS)
        return [(value, amount) for value, amount in offered if self._minimum <= amount <= self._maximum]

    @property
    def own_is_chosen(self) -> bool:
        return all(self.amount.data != value for value, _ in self.presets)

    def read(self) -> Money | None:
        """The amount; None after noting at `own_amount` what is wrong with it."""
        chosen = self.amount.data
        typed = (self.own_amount.data if chosen in (OWN, "", None) else chosen) or ""
        try:
            return read_amount(typed, self._minimum, self._maximum)
        except BadAmount as bad:
            self.complain(typed, bad)
            return None

    def complain(self, typed: str, bad: BadAmount) -> None:
        """Keep what was typed in the field for one's own amount, with what is wrong with it."""
        self.amount.data = OWN
        self.own_amount.data = visible(typed)
        self.own_amount.errors = [about_amount(bad, self._minimum, self._maximum)]


class ConfirmForm(Form):
    """The second step. `safe_card`: the tick that a card was not issued in Belarus or Russia."""

    token = HiddenField()
    method = StringField()
    safe_card = BooleanField()
    email = StringField()

    def __init__(self, sent: Sent | None = None) -> None:
        super().__init__(sent)
        if sent is None:
            self.method.data = METHODS[0].value

    def read(self) -> tuple[Method, str | None] | None:
        """How to pay and the address for a receipt, if any; None after noting at the fields what is wrong."""
        method, email = self.method.data, (self.email.data or "").strip()
        self.email.data = visible(email)
        if method not in METHODS:
            self.method.errors = [about_method()]
        elif method == Method.CARD and not self.safe_card.data:
            self.safe_card.errors = [about_card()]
        if email and not looks_like_email(email):
            self.email.errors = [about_email()]
        if method is None or self.errors:
            return None
        return Method(method), email or None


def visible(text: str) -> str:
    """The text without control characters and the like: no page can show them, and nobody could correct them."""
    return "".join(character for character in text if unicodedata.category(character)[0] != "C")


def looks_like_email(text: str) -> bool:
    """Gently: only a letter that is sent tells whether an address is real."""
    name, _, host = text.partition("@")
    return (
        bool(name)
        and "." in host.strip(".")
        and "@" not in host
        and len(text) <= LONGEST_EMAIL
        and visible(text) == text
        and not any(character.isspace() or character in '<>,;:"' for character in text)
    )
