"""POST /webhooks/<gateway>: a provider's notice comes in as raw bytes and is answered with a status."""

from __future__ import annotations

import logging

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from campaigns.payments.gateway import BadNotice
from campaigns.services.keys import Keys
from campaigns.services.settlement import receive

MAX_BYTES = 256 * 1024

log = logging.getLogger(__name__)


def create_blueprint(keys: Keys) -> Blueprint:
    """The address of the selected provider; those of all others do not exist."""
    blueprint = Blueprint("hooks", __name__)

    @blueprint.post("/webhooks/<gateway>")
    def notice(gateway: str) -> ResponseReturnValue:
        """200: kept, acted on once. 400: not verified, nothing written. 5xx: rolled back, to be repeated."""
        if gateway != keys.gateway.name:
            abort(404)
        request.max_content_length = MAX_BYTES
        body = request.get_data(cache=False)
        try:
            outcome = receive(keys, body, request.headers.get(keys.gateway.signature_header))
        except BadNotice as refusal:
            log.warning("notice refused: %s", refusal)
            return "not verified\n", 400, {"Content-Type": "text/plain"}
        return f"{outcome.state}\n", 200, {"Content-Type": "text/plain"}

    return blueprint
