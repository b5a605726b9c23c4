"""Forgers: they know the address for notices, have seen real ones, and want money in the books that nobody paid."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection, HTTPException
from random import Random
from secrets import token_hex
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from tests.standin import signing

FORGED = "evt_forged"
HEADER = "Stripe-Signature"


def forge(site: str, genuine: list[dict[str, Any]], secrets: list[str], chance: Random, enough: Event) -> list[int]:
    """Send forged notices until it is enough; returns the status of every answer that came.

    With another key, with an altered body, too old, from the future, and without a signature. The old ones and those
    from the future bear the right key, as a copied notice would that is sent again much later.
    """
    answers = []
    while not enough.is_set():
        body, signature = _forged(chance.choice(genuine), secrets, chance)
        try:
            answers.append(_post(site, body, signature))
        except (OSError, HTTPException):
            time.sleep(0.1)
        enough.wait(0.02)
    return answers


def _forged(event: dict[str, Any], secrets: list[str], chance: Random) -> tuple[bytes, str | None]:
    wanted = {**event, "id": f"{FORGED}_{token_hex(12)}"}
    if "amount_total" in event["data"]["object"]:
        wanted["data"] = {
            "object": {**event["data"]["object"], "amount_total": 99_999_99, "payment_intent": "pi_forged"}
        }
    body, now = json.dumps(wanted).encode(), int(time.time())
    match chance.randrange(5):
        case 0:
            return body, signing.header(body, [token_hex(32)], now)
        case 1:
            return body, signing.header(json.dumps(event).encode(), secrets, now)
        case 2:
            return body, signing.header(body, secrets, now - 1000)
        case 3:
            return body, signing.header(body, secrets, now + 1000)
        case _:
            return body, None


def _post(site: str, body: bytes, signature: str | None) -> int:
    connection = HTTPConnection(urlsplit(site).netloc, timeout=10)
    try:
        headers = {"Content-Type": "application/json", **({HEADER: signature} if signature else {})}
        connection.request("POST", "/webhooks/stripe", body, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()
