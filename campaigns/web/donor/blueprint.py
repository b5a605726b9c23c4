"""The donors' room's addresses."""

from __future__ import annotations

from flask import Blueprint

from campaigns.services.keys import Keys
from campaigns.web.donor.appeals import Appeals
from campaigns.web.donor.giving import Giving
from campaigns.web.donor.information import PAGES, front_door, information
from campaigns.web.donor.thanks import Thanks


def create_blueprint(keys: Keys) -> Blueprint:
    """All public pages under `/` and `/<lang>/`."""
    blueprint = Blueprint("donor", __name__)
    route = blueprint.add_url_rule
    appeals, giving, thanks = Appeals(keys), Giving(keys), Thanks(keys)

    route("/", "front_door", front_door)
    route("/<lang:lang>/", "campaigns", appeals.every)
    route("/<lang:lang>/<slug>", "campaign", appeals.one)
    for name in PAGES:
        route(f"/<lang:lang>/{name}", name, information, defaults={"name": name})
    route("/<lang:lang>/<slug>/give", "give", giving.choose, methods=["POST"])
    route("/<lang:lang>/<slug>/give", "give_again", giving.begin_again)
    route("/<lang:lang>/give/confirm", "confirm", giving.confirm, methods=["POST"])
    route("/<lang:lang>/thanks/<token>", "thanks", thanks.show)
    return blueprint
