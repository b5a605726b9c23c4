"""What other sites show of a campaign: the widget, the picture, and the public figures."""

from __future__ import annotations

from flask import Blueprint

from campaigns.services.keys import Keys
from campaigns.storage.database import DatabaseUnavailable
from campaigns.web.embed.views import Embeds

__all__ = ["create_blueprint"]


def create_blueprint(keys: Keys) -> Blueprint:
    """The room's addresses; see the table of public addresses in the README."""
    embeds = Embeds(keys)
    blueprint = Blueprint("embed", __name__)
    blueprint.add_url_rule("/embed/<slug>", "widget", embeds.widget)
    blueprint.add_url_rule("/embed/<slug>.svg", "picture", embeds.picture)
    blueprint.add_url_rule("/api/campaigns/<slug>.json", "figures", embeds.figures)
    blueprint.register_error_handler(DatabaseUnavailable, embeds.unavailable)
    return blueprint
