"""What donors and their banks do at the sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from campaigns.domain.money import Money
from campaigns.payments import sandbox_file as file
from campaigns.payments.gateway import CheckoutOrder, GatewayError
from campaigns.payments.sandbox_gift import Gift
from campaigns.payments.sandbox_memory import SandboxMemory, Shelf
from campaigns.payments.sandbox_post import BATCH, SandboxPost
from campaigns.payments.sandbox_words import news

_KIND = "gift"
_ID = re.compile(r"sb_[a-z]{3}_([0-9a-f]{44})(?:_\w{1,40})?", re.ASCII)


class SandboxBank:
    """Keeps the gifts; every change and the notices that tell of it are kept together or not at all.

    Any id of a gift's parts finds it. GatewayError for an id that is none, Refused for what cannot happen.
    """

    def __init__(self, memory: SandboxMemory, post: SandboxPost, clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._post = post
        self._clock = clock

    def open(self, order: CheckoutOrder) -> Gift:
        """Open a checkout, or find the one that the same reference has opened before."""
        if not order.method.is_online or not order.amount > Money.zero(order.amount.currency):
            raise GatewayError("the sandbox collects positive amounts, online")
        index = f"sb_ord_{sha256(order.reference.encode()).hexdigest()[:40]}"
        with self._memory.changing() as shelf:
            if known := shelf.get(index):
                gift = _load(shelf, known["checkout"])
                if (gift.amount, gift.method) != (order.amount, order.method):
                    raise GatewayError("this reference has opened a checkout for something else")
                return gift
            gift = _new(order, self._clock())
            shelf.put(index, "order", {"checkout": gift.checkout_id})
            _keep(shelf, gift)
            return gift

    def gift(self, id: str) -> Gift:
        """The gift that this id is of."""
        body = self._memory.get(_checkout_id(id))
        if body is None:
            raise GatewayError("the sandbox has no such thing")
        return file.read(body)

    def newest(self, limit: int) -> list[Gift]:
        """The latest gifts, the newest first."""
        return [file.read(body) for body in self._memory.newest(_KIND, limit)]

    def pay(self, id: str, card_country: str | None = None) -> Gift:
        """The donor pays; a card is of a Polish bank unless another country is given."""
        now = self._clock()
        return self._change(id, lambda gift: gift.paid(now, card_country))

    def pay_later(self, id: str) -> Gift:
        """The donor pays, and the money comes a little later."""
        now = self._clock()
        return self._change(id, lambda gift: gift.on_its_way(now))

    def decline(self, id: str) -> Gift:
        """The donor leaves the page, and the bank says no."""
        now = self._clock()
        return self._change(id, lambda gift: gift.declined(now))

    def close(self, id: str) -> Gift:
        """The page can no longer be paid."""
        return self._change(id, Gift.closed)

    def refund(self, id: str, amount: Money, key: str) -> Gift:
        """Money goes back; the same key never refunds twice. See `refund_id` for the refund's id."""
        return self._change(id, lambda gift: gift.refunded(refund_id(gift, key), amount))

    def return_refund(self, id: str) -> Gift:
        """The donor's bank sends the refund of this id back."""
        return self._change(id, lambda gift: gift.refund_returned(id))

    def dispute(self, id: str) -> Gift:
        """The donor's bank takes the money back, for now."""
        now = self._clock()
        return self._change(id, lambda gift: gift.disputed(now))

    def win(self, id: str) -> Gift:
        """The open dispute ends well: the money comes back."""
        return self._change(id, lambda gift: gift.dispute_closed(won=True))

    def lose(self, id: str) -> Gift:
        """The open dispute ends badly: the money stays away."""
        return self._change(id, lambda gift: gift.dispute_closed(won=False))

    def let_time_pass(self, now: datetime) -> None:
        """Money that was on its way arrives, and open pages run out."""
        for id in self._memory.due(_KIND, now, BATCH):
            self._change(id, lambda gift: gift.after(now), now)

    def _change(self, id: str, move: Callable[[Gift], Gift], now: datetime | None = None) -> Gift:
        checkout_id, now = _checkout_id(id), now or self._clock()
        with self._memory.changing() as shelf:
            before = _load(shelf, checkout_id)
            after = move(before)
            if after != before:
                _keep(shelf, after)
            for told in news(before, after):
                self._post.queue(shelf, f"sb_evt_{_number(now)}", told, now)
            return after


def refund_id(gift: Gift, key: str) -> str:
    """The id of the refund that a key asks for."""
    return f"sb_ref_{gift.number}_{sha256(key.encode()).hexdigest()[:16]}"


def _new(order: CheckoutOrder, now: datetime) -> Gift:
    return Gift(
        number=_number(now),
        reference=order.reference,
        amount=order.amount,
        method=order.method,
        language=order.language,
        success_url=order.success_url,
        cancel_url=order.cancel_url,
        expires_at=order.expires_at,
    )


def _number(now: datetime) -> str:
    """The time, so that ids sort by age, and 128 random bits, so that nobody guesses one."""
    return f"{int(now.timestamp() * 1000):012x}{token_hex(16)}"


def _checkout_id(id: str) -> str:
    match = _ID.fullmatch(id)
    if match is None:
        raise GatewayError("not an id of the sandbox")
    return f"sb_chk_{match[1]}"


def _load(shelf: Shelf, checkout_id: str) -> Gift:
    body = shelf.get(checkout_id)
    if body is None:
        raise GatewayError("the sandbox has no such thing")
    return file.read(body)


def _keep(shelf: Shelf, gift: Gift) -> None:
    shelf.put(gift.checkout_id, _KIND, file.written(gift), gift.due_at)
