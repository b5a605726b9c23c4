"""The settings as a page shows them: with the names of their variables, and of a secret only whether it is there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from campaigns.config import Limit, Settings
from campaigns.language import gettext

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def _(text: str) -> str:
    """Marks a text for translation; it is translated when the page is made."""
    return text


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting. `value` is "" where nothing is set; `is_secret`: then it only says that something is."""

    variable: str
    words: str
    value: str
    is_secret: bool = False


def settings_shown(settings: Settings) -> list[Shown]:
    """All settings, in the order of the README; words in the language that is spoken."""
    organisation = settings.organisation
    shown = [
        ("ORG_NAME", _("Organisation"), organisation.name),
        ("ORG_EMAIL", _("E-mail address"), organisation.email),
        ("ORG_ADDRESS", _("Address"), organisation.address),
        ("ORG_KRS", _("KRS number"), organisation.krs),
        ("ORG_NIP", _("NIP number"), organisation.nip),
        ("ORG_IBAN", _("Bank account"), organisation.iban),
        ("BASE_URL", _("The site’s address"), settings.base_url),
        ("TRUSTED_HOSTS", _("Hosts that it answers for"), ", ".join(settings.trusted_hosts)),
        ("TRUSTED_PROXIES", _("Proxies that it believes"), ", ".join(map(str, settings.trusted_proxies))),
        ("DEMO", _("Demonstration, without real money"), gettext("yes") if settings.demo else gettext("no")),
        ("PAYMENT_GATEWAY", _("Payment provider"), settings.payment_gateway),
        ("STRIPE_API_BASE", _("The provider’s stand-in for tests"), settings.stripe_api_base or ""),
        ("MAIL_URL", _("Mail server"), _server(settings.mail_url)),
        ("GIVE_LIMITS", _("Tries to pay from one address"), ", ".join(map(_limit, settings.give_limits))),
    ]
    secret = [
        ("STRIPE_SECRET_KEY", _("The provider’s key"), bool(settings.stripe_secret_key)),
        ("STRIPE_WEBHOOK_SECRET", _("What the provider signs with"), bool(settings.stripe_webhook_secrets)),
        ("SECRET_KEY", _("What we sign with"), bool(settings.secret_key)),
        ("PII_KEYS", _("What donors’ data is sealed with"), bool(settings.pii_keys)),
        ("DATABASE_URL", _("Database"), bool(settings.database_url)),
    ]
    return [
        *(Shown(variable, gettext(words), value) for variable, words, value in shown),
        *(Shown(variable, gettext(words), gettext("set") if there else "", True) for variable, words, there in secret),
    ]


def _server(url: str | None) -> str:
    """The mail server without the name and the password that open it."""
    if url is None:
        return ""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _limit(limit: Limit) -> str:
    """As it is set: `5/10m`."""
    seconds = int(limit.window.total_seconds())
    size, letter = next((size, letter) for size, letter in _UNITS if seconds % size == 0)
    return f"{limit.count}/{seconds // size}{letter}"
