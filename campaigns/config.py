"""Settings: read once from the environment; what is missing or unsafe stops the start with one clear sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from campaigns.domain.tax import is_krs

Network = IPv4Network | IPv6Network

_LIMIT = re.compile(r"([1-9]\d*)/([1-9]\d*)([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class UnsafeSettings(Exception):
    """A setting is missing or unsafe; the message is one sentence for whoever starts the program."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries within `window`."""

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who receives the gifts: what the imprint and the letters say. Only name and e-mail are compulsory."""

    name: str
    email: str
    address: str = ""
    krs: str = ""
    nip: str = ""
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; see the table in the README."""

    demo: bool
    database_url: str
    secret_key: str
    former_secret_keys: tuple[str, ...]
    pii_keys: tuple[str, ...]
    base_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    payment_gateway: str
    stripe_secret_key: str
    stripe_webhook_secrets: tuple[str, ...]
    stripe_api_base: str | None
    mail_url: str | None
    give_limits: tuple[Limit, ...]
    organisation: Organisation

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Settings:
        """Read and check all settings; UnsafeSettings names the first one that is wrong and says what to do."""
        demo = _switch(env, "DEMO")
        base_url = _base_url(_required(env, "BASE_URL"), demo)
        gateway = _gateway(env, demo)
        secret_key, *former = _secret_keys(_required(env, "SECRET_KEY"))
        return cls(
            demo=demo,
            database_url=_database_url(_required(env, "DATABASE_URL")),
            secret_key=secret_key,
            former_secret_keys=tuple(former),
            pii_keys=_pii_keys(_required(env, "PII_KEYS")),
            base_url=base_url,
            trusted_hosts=_words(env, "TRUSTED_HOSTS") or (urlsplit(base_url).netloc,),
            trusted_proxies=_networks(env, "TRUSTED_PROXIES"),
            payment_gateway=gateway,
            stripe_secret_key=_stripe_key(env, demo) if gateway == "stripe" else "",
            stripe_webhook_secrets=_webhook_secrets(env) if gateway == "stripe" else (),
            stripe_api_base=_stripe_api_base(env, demo),
            mail_url=_mail_url(env.get("MAIL_URL", "")),
            give_limits=_limits(env.get("GIVE_LIMITS") or "5/10m,10/1d"),
            organisation=_organisation(env),
        )


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise UnsafeSettings(f"{name} is not set: see the table of settings in the README.")
    return value


def _words(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in env.get(name, "").split(",") if word.strip())


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise UnsafeSettings(f"{name} must be 1 or 0, not {value!r}.")
    return value == "1"


def _database_url(url: str) -> str:
    """SQLite or PostgreSQL; the short form postgresql:// means the driver that we ship with."""
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")) or url in (
        "sqlite:///",
        "sqlite:///:memory:",
    ):
        raise UnsafeSettings("DATABASE_URL must be sqlite:///<file> or postgresql://<user>@<host>/<database>.")
    return url


def _secret_keys(value: str) -> list[str]:
    """The newest first; older ones only prove what was sealed with them."""
    keys = [key.strip() for key in value.split(",")]
    if any(len(key.encode()) < 32 for key in keys):
        raise UnsafeSettings(
            "SECRET_KEY is too short: give it 32 random bytes, for instance from `openssl rand -hex 32`."
        )
    return keys


def _pii_keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if any(re.fullmatch(r"[A-Za-z0-9_-]{43}=", key) is None for key in keys) or not keys:
        raise UnsafeSettings(
            "PII_KEYS must be Fernet keys (32 bytes in URL-safe base64), the newest first, separated by commas."
        )
    return keys


def _base_url(url: str, demo: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise UnsafeSettings(f"BASE_URL must be an address such as https://give.example.org, not {url!r}.")
    if parts.scheme == "http" and not demo and parts.hostname not in _LOCAL_HOSTS:
        raise UnsafeSettings("BASE_URL must begin with https:// on a site that takes real money.")
    return f"{parts.scheme}://{parts.netloc}"


def _networks(env: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(word) for word in _words(env, name))
    except ValueError as error:
        raise UnsafeSettings(f"{name} must be addresses or networks such as 10.0.0.0/8: {error}.") from error


def _gateway(env: Mapping[str, str], demo: bool) -> str:
    name = _required(env, "PAYMENT_GATEWAY")
    if name not in ("sandbox", "stripe"):
        raise UnsafeSettings(f"PAYMENT_GATEWAY must be sandbox or stripe, not {name!r}.")
    if name == "sandbox" and not demo:
        raise UnsafeSettings("PAYMENT_GATEWAY=sandbox takes no real money and needs DEMO=1.")
    return name


def _stripe_key(env: Mapping[str, str], demo: bool) -> str:
    key = _required(env, "STRIPE_SECRET_KEY")
    kind, _, rest = key.partition("_")
    mode, _, secret = rest.partition("_")
    if kind not in ("sk", "rk") or mode not in ("test", "live") or not secret:
        raise UnsafeSettings("STRIPE_SECRET_KEY does not look like a secret or restricted key of Stripe.")
    if demo and mode == "live":
        raise UnsafeSettings("STRIPE_SECRET_KEY is a live key, and DEMO=1 must not take real money.")
    if not demo and mode == "test":
        raise UnsafeSettings("STRIPE_SECRET_KEY is a test key: without DEMO=1 its play money would count as real.")
    if not demo and kind == "sk":
        raise UnsafeSettings(
            "STRIPE_SECRET_KEY is a full live key: make a restricted one (rk_) with the permissions in the README."
        )
    return key


def _webhook_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    _required(env, "STRIPE_WEBHOOK_SECRET")
    secrets = _words(env, "STRIPE_WEBHOOK_SECRET")
    if not secrets or any(len(secret) < 16 for secret in secrets):
        raise UnsafeSettings("STRIPE_WEBHOOK_SECRET is too short to be a signing secret: anyone could forge notices.")
    return secrets


def _stripe_api_base(env: Mapping[str, str], demo: bool) -> str | None:
    base = env.get("STRIPE_API_BASE", "").strip()
    if not base:
        return None
    if not demo:
        raise UnsafeSettings("STRIPE_API_BASE is for tests: unset it, or set DEMO=1.")
    return base


def _mail_url(url: str) -> str | None:
    if not url.strip():
        return None
    parts = urlsplit(url.strip())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise UnsafeSettings("MAIL_URL must be smtp://user:password@host:587 or smtps://user:password@host:465.")
    return url.strip()


def _limits(value: str) -> tuple[Limit, ...]:
    limits = []
    for word in value.split(","):
        match = _LIMIT.fullmatch(word.strip())
        if match is None:
            raise UnsafeSettings(f"GIVE_LIMITS must look like 5/10m,10/1d, not {value!r}.")
        window = timedelta(**{_UNITS[match[3]]: int(match[2])})
        if window > timedelta(days=1):
            raise UnsafeSettings("GIVE_LIMITS cannot look back further than a day: the tries are deleted then.")
        limits.append(Limit(int(match[1]), window))
    return tuple(limits)


def _organisation(env: Mapping[str, str]) -> Organisation:
    email = _required(env, "ORG_EMAIL")
    if "@" not in email:
        raise UnsafeSettings("ORG_EMAIL must be an e-mail address.")
    krs = env.get("ORG_KRS", "").strip()
    if krs and not is_krs(krs):
        raise UnsafeSettings("ORG_KRS must be ten digits.")
    return Organisation(
        name=_required(env, "ORG_NAME"),
        email=email,
        address=env.get("ORG_ADDRESS", "").strip(),
        krs=krs,
        nip=env.get("ORG_NIP", "").strip(),
        iban=env.get("ORG_IBAN", "").replace(" ", ""),
    )
