"""One API request from headers to answer: key, version, parameters, idempotency, act, expansion."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.standin import ids
from tests.standin.account import Account
from tests.standin.ageing import catch_up
from tests.standin.brackets import decode
from tests.standin.errors import ApiError, invalid
from tests.standin.events import Cause
from tests.standin.expand import expand
from tests.standin.faults import Fault
from tests.standin.idempotency import Answer, Keys, Question
from tests.standin.params import check
from tests.standin.routes import Endpoint, find
from tests.standin.rules import API_VERSION, refuse_retired
from tests.standin.store import JSON


@dataclass(frozen=True)
class Request:
    """What came over the wire; header names in lower case."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]
    ident: str = field(default_factory=lambda: ids.mint("request"))


SERVER_ERROR = ApiError(500, "An unexpected error occurred.", kind="api_error")
RATE_LIMITED = ApiError(429, "Request rate limit exceeded.", code="rate_limit")


class Api:
    """Answers requests for one account, and writes them into its journal."""

    def __init__(self, account: Account, wait: Callable[[float], object]) -> None:
        self._account = account
        self._wait = wait
        self._keys = Keys(account.clock)

    def answer(self, request: Request, fault: Fault | None = None) -> Answer:
        """Carry a request out, or refuse it."""
        params: JSON = {}
        try:
            self._authenticate(request)
            params = decode(request.body if request.method == "POST" else request.query)
            answer = self._route(request, params, fault)
        except ApiError as error:
            answer = refusal(error, request)
        self._write_down(request, params, answer)
        return answer

    def _authenticate(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            raise ApiError(401, "You did not provide an API key.")
        if key != self._account.api_key:
            raise ApiError(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}")
        version = request.headers.get("stripe-version")
        if version != API_VERSION:
            raise invalid(f"Invalid Stripe API version: {version}. Expected {API_VERSION}.")

    def _route(self, request: Request, raw: JSON, fault: Fault | None) -> Answer:
        endpoint, ident = find(request.method, request.path)
        key = request.headers.get("idempotency-key")
        if request.method != "POST" or key is None:
            return self._carry_out(request, endpoint, ident, _checked(endpoint, raw), fault)
        known = self._keys.begin(key, Question(request.path, json.dumps(raw, sort_keys=True)))
        if known is not None:
            own = {"Request-Id": request.ident, "Idempotent-Replayed": "true"}
            return Answer(known.status, known.body, {**known.headers, **own})
        try:
            params = _checked(endpoint, raw)
        except ApiError:
            self._keys.forget(key)
            raise
        answer = self._carry_out(request, endpoint, ident, params, fault)
        self._keys.keep(key, answer)
        return answer

    def _carry_out(
        self,
        request: Request,
        endpoint: Endpoint,
        ident: str | None,
        params: JSON,
        fault: Fault | None,
    ) -> Answer:
        """Act under the account's lock; from here on, Stripe keeps even a refusal for its key."""
        if fault is not None and fault.kind == "slow":
            self._wait(fault.seconds)
        cause = Cause(request.ident, request.headers.get("idempotency-key"))
        try:
            with self._account.lock:
                catch_up(self._account)
                with self._account.events.caused_by(cause):
                    thing = endpoint.act(self._account, params, ident)
                body = _render(expand(self._account, thing, params.get("expand", [])))
        except ApiError as error:
            return refusal(error, request)
        if fault is not None and fault.kind == "error_500_kept":
            return refusal(SERVER_ERROR, request)
        return Answer(200, body, headers(request))

    def _write_down(self, request: Request, params: JSON, answer: Answer) -> None:
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.path,
            "params": params,
            "idempotency_key": request.headers.get("idempotency-key"),
            "status": answer.status,
            "replayed": "Idempotent-Replayed" in answer.headers,
        }
        with self._account.lock:
            self._account.journal.append(entry)


def _checked(endpoint: Endpoint, raw: JSON) -> JSON:
    if endpoint.method == "POST":
        refuse_retired(raw)
    return check(endpoint.shape, raw)


def _render(thing: JSON) -> bytes:
    return json.dumps(thing, indent=2).encode()


def refusal(error: ApiError, request: Request) -> Answer:
    """Return an error as an answer."""
    return Answer(error.status, error.body(), headers(request))


def headers(request: Request) -> dict[str, str]:
    """Return the headers that every answer of the API carries."""
    found = {
        "Content-Type": "application/json",
        "Request-Id": request.ident,
        "Stripe-Version": API_VERSION,
    }
    key = request.headers.get("idempotency-key")
    if key is not None:
        found["Idempotency-Key"] = key
        found["Original-Request"] = request.ident
    return found
