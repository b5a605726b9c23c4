"""Stripe's library as a product would use it: the client of these tests."""

from typing import Any, Self

import stripe

from tests.standin.rules import API_VERSION


class Till:
    """Opens checkout sessions with the real library."""

    def __init__(self, url: str, key: str, *, version: str = API_VERSION, timeout: float = 5.0) -> None:
        self._http = stripe.RequestsClient(timeout=timeout)
        self.client = stripe.StripeClient(
            key,
            base_addresses={"api": url},
            stripe_version=version,
            http_client=self._http,
            max_network_retries=0,
        )
        self.v1 = self.client.v1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()  # type: ignore[no-untyped-call]  # the library annotates all but this

    def open(self, amount: int = 5000, *, key: str | None = None, **changes: Any) -> stripe.checkout.Session:
        """Open a session for an amount in groszy; `changes` replace request parameters, None removes one."""
        params = {**gift(amount), **changes}
        wanted: Any = {name: value for name, value in params.items() if value is not None}
        return self.v1.checkout.sessions.create(wanted, {"idempotency_key": key} if key else {})

    def refused(self, amount: int = 5000, **changes: Any) -> stripe.InvalidRequestError:
        """Return the refusal of a session that must not open."""
        try:
            session = self.open(amount, **changes)
        except stripe.InvalidRequestError as error:
            return error
        raise AssertionError(f"{session.id} was opened")


def gift(amount: int, currency: str = "pln") -> dict[str, Any]:
    """Return the parameters of a gift as a donation page sends them."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Support"}}
    return {
        "mode": "payment",
        "submit_type": "donate",
        "success_url": "http://127.0.0.1:8000/pl/thanks/1",
        "cancel_url": "http://127.0.0.1:8000/pl/thanks/2",
        "line_items": [{"quantity": 1, "price_data": price}],
    }
