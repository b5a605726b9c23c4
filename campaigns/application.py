"""The front door: reads the settings, names the concrete gateway, and hands out the keys to the rooms."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask

from campaigns import cli
from campaigns.config import Settings, UnsafeSettings
from campaigns.payments.gateway import BadNotice, Gateway
from campaigns.payments.sandbox import SandboxGateway
from campaigns.payments.stripe import StripeGateway
from campaigns.services import log_lines
from campaigns.services.faults import way_to
from campaigns.services.jobs import Job
from campaigns.services.keys import Keys, utc_now
from campaigns.services.opening import check_world
from campaigns.services.postman import MailServer
from campaigns.services.settlement import receive
from campaigns.storage.database import Database, DatabaseUnavailable
from campaigns.storage.sandbox_memory import StoredSandbox
from campaigns.storage.vault import Vault
from campaigns.web import account, admin, donor, doors, embed, health, hooks, pages, sandbox, sign_in, treasurer
from campaigns.web.bodies import measured
from campaigns.web.edge import Edge
from campaigns.web.pages import body_limit

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]


def create_app(
    settings: Settings | None = None, gateway: Gateway | None = None, now: Callable[[], datetime] = utc_now
) -> Flask:
    """The program, ready to serve. UnsafeSettings, with one clear sentence, if it must not start like this.

    Tests and benchmarks may bring their own settings, gateway and time; otherwise the environment says it all.
    """
    settings = settings or Settings.from_environment(os.environ)
    log_lines.install()
    _check_mail(settings)
    database = Database(settings.database_url)
    keys = Keys(settings, database, gateway or _gateway(settings, database, now), Vault(settings.pii_keys), now)
    _check_world(keys)
    app = Flask(
        "campaigns",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "campaigns" / "static"),
        static_url_path="/static",
    )
    app.extensions["keys"] = keys
    app.extensions["jobs"] = {}
    _furnish(app, keys)
    doors.check(app)
    app.wsgi_app = Edge(measured(app.wsgi_app, body_limit), settings)  # type: ignore[method-assign]  # Flask's own way to put something in front
    return app


def _furnish(app: Flask, keys: Keys) -> None:
    pages.install(app, keys)
    cli.install(app)
    for room in (donor, embed, hooks, health):
        app.register_blueprint(room.create_blueprint(keys))
    app.register_blueprint(sign_in.create_blueprint(keys))
    app.register_blueprint(treasurer.create_blueprint(keys))
    app.register_blueprint(admin.create_blueprint(keys))
    app.register_blueprint(account.create_blueprint(keys))
    if isinstance(keys.gateway, SandboxGateway):
        deliver = _delivery(keys)
        app.register_blueprint(sandbox.create_blueprint(keys.gateway, deliver))
        app.extensions["jobs"]["sandbox notices"] = _sandbox_job(keys.gateway, deliver)


def _gateway(settings: Settings, database: Database, now: Callable[[], datetime]) -> Gateway:
    if settings.payment_gateway == "stripe":
        return StripeGateway(
            settings.stripe_secret_key,
            settings.stripe_webhook_secrets,
            settings.stripe_api_base,
            livemode=not settings.demo,
        )
    # Its own secret, so that a notice of the sandbox proves nothing but that it came from here.
    secret = hashlib.sha256(b"sandbox notices:" + settings.secret_key.encode()).hexdigest()
    return SandboxGateway((secret,), StoredSandbox(database), settings.base_url, now)


def _check_mail(settings: Settings) -> None:
    if settings.mail_url is not None:
        try:
            MailServer.parse(settings.mail_url)
        except ValueError as error:
            raise UnsafeSettings(str(error)) from error


def _check_world(keys: Keys) -> None:
    try:
        check_world(keys.settings, keys.database)
    except DatabaseUnavailable:
        return  # the node starts all the same: /healthz says so until the database is back


def _delivery(keys: Keys) -> Callable[[bytes, str], int]:
    """How the sandbox's notices arrive: the same bytes and signature, through the same verification, as by HTTP."""

    def deliver(body: bytes, signature: str) -> int:
        try:
            receive(keys, body, signature)
        except BadNotice:
            return 400
        except DatabaseUnavailable:
            return 503
        except Exception as error:  # noqa: BLE001 - it stays in the sandbox's queue, as any provider would repeat it
            log.error("a notice of the sandbox failed: %s", way_to(error))
            return 500
        return 200

    return deliver


def _sandbox_job(gateway: SandboxGateway, deliver: Callable[[bytes, str], int]) -> Job:
    def deliver_due(_keys: Keys, now: datetime) -> int:
        return gateway.deliver_due(now, deliver)

    return deliver_due
