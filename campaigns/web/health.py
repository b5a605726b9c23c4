"""GET /healthz: whether this node can do its work."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from campaigns.config import UnsafeSettings
from campaigns.services.keys import Keys
from campaigns.services.opening import check_world, is_up_to_date
from campaigns.storage.database import DatabaseUnavailable


def create_blueprint(keys: Keys) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> ResponseReturnValue:
        """200 when the database answers, has this program's schema and is of its world, else 503; says which."""
        try:
            current = is_up_to_date(keys.database)
            check_world(keys.settings, keys.database)
        except DatabaseUnavailable:
            return jsonify(database="unreachable", migrations="unknown"), 503, {"Cache-Control": "no-store"}
        except UnsafeSettings:
            return jsonify(database="of the other world", migrations="unknown"), 503, {"Cache-Control": "no-store"}
        report = jsonify(database="reachable", migrations="current" if current else "not current")
        return report, 200 if current else 503, {"Cache-Control": "no-store"}

    return blueprint
