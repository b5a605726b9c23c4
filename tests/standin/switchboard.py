"""The control over HTTP: `POST /_control/pay {"session_id": ...}` calls the method of that name."""

import json
from dataclasses import asdict
from typing import Any

from tests.standin.api import Request
from tests.standin.errors import Refused
from tests.standin.idempotency import Answer
from tests.standin.policy import Policy

VERBS = frozenset(
    {
        "account_total",
        "add_webhook_secret",
        "advance",
        "change_policy",
        "clear_faults",
        "decline",
        "deliver_again",
        "deliver_pending",
        "deliveries",
        "discard_pending",
        "dispute",
        "events",
        "expire",
        "fail",
        "fail_next",
        "fail_refund",
        "gross_minus_refunds",
        "keep_refunds_pending",
        "lose",
        "pay",
        "pay_later",
        "pending",
        "refund",
        "requests",
        "retire_webhook_secret",
        "session_of",
        "set_policy",
        "set_webhook_url",
        "settle",
        "settle_refund",
        "signing_secrets",
        "silence",
        "thing",
        "things",
        "totals_by_reference",
        "wait_until_delivered",
        "win",
    }
)


def answer_control(control: object, api_key: str, verb: str, request: Request) -> Answer:
    """Call the control; 401 without the account's key, 404 for no such verb, 409 if refused."""
    if request.headers.get("authorization") != f"Bearer {api_key}":
        return _json(401, {"refused": "the control needs the account's key"})
    if verb not in VERBS or request.method != "POST":
        return _json(404, {"refused": f"the control has no {verb}"})
    arguments = read_arguments(json.loads(request.body or "{}"))
    try:
        return _json(200, {"result": getattr(control, verb)(**arguments)})
    except (Refused, TimeoutError, ValueError, TypeError) as error:
        return _json(409, {"refused": str(error), "kind": type(error).__name__})


def write_arguments(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments as JSON can carry them."""
    return {n: asdict(v) if isinstance(v, Policy) else v for n, v in arguments.items()}


def read_arguments(carried: dict[str, Any]) -> dict[str, Any]:
    """Return arguments as they were before `write_arguments`."""
    if "delay" in carried:
        carried["delay"] = tuple(carried["delay"])
    if "policy" in carried:
        carried["policy"] = Policy(**read_arguments(carried["policy"]))
    return carried


def _json(status: int, value: Any) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
