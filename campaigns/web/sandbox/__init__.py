"""The sandbox's room: its hosted page and its dashboard; absent unless the sandbox is selected."""

from __future__ import annotations

from flask import Blueprint, request

from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.sandbox_post import Deliver
from campaigns.web.access import require_same_origin
from campaigns.web.sandbox.pages import SandboxPages


def create_blueprint(gateway: SandboxGateway, deliver: Deliver) -> Blueprint:
    """The pages under /sandbox; `deliver` brings a notice to this site's own address for notices."""
    pages = SandboxPages(gateway, deliver)
    blueprint = Blueprint("sandbox", __name__, url_prefix="/sandbox")
    blueprint.add_url_rule("/", "payments", pages.payments)
    blueprint.add_url_rule("/payments/<id>", "act", pages.act, methods=["POST"])
    blueprint.add_url_rule("/checkout/<id>", "checkout", pages.checkout)
    blueprint.add_url_rule("/checkout/<id>", "choose", pages.choose, methods=["POST"])
    blueprint.before_request(_guard)
    return blueprint


def _guard() -> None:
    if request.method == "POST":
        require_same_origin()
