"""Settings: what is missing or unsafe stops the start with one sentence that names the setting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from campaigns.config import Limit, Settings, UnsafeSettings

TEST_KEY = "_".join(("sk", "test", "0" * 24))
LIVE_KEY = "_".join(("rk", "live", "0" * 24))
FULL_LIVE_KEY = "_".join(("sk", "live", "0" * 24))


def demo(**changes: str) -> dict[str, str]:
    environment = {
        "DEMO": "1",
        "DATABASE_URL": "sqlite:///some.sqlite3",
        "SECRET_KEY": "s" * 32,
        "PII_KEYS": Fernet.generate_key().decode(),
        "BASE_URL": "http://127.0.0.1:8000",
        "PAYMENT_GATEWAY": "sandbox",
        "ORG_NAME": "Fundacja",
        "ORG_EMAIL": "kontakt@example.org",
    }
    return {**environment, **changes}


def live(**changes: str) -> dict[str, str]:
    return demo(
        **{
            "DEMO": "0",
            "BASE_URL": "https://give.example.org",
            "PAYMENT_GATEWAY": "stripe",
            "STRIPE_SECRET_KEY": LIVE_KEY,
            "STRIPE_WEBHOOK_SECRET": "w" * 32,
            **changes,
        }
    )


def test_a_demo_needs_nothing_of_stripe() -> None:
    settings = Settings.from_environment(demo())
    assert settings.payment_gateway == "sandbox"
    assert settings.trusted_hosts == ("127.0.0.1:8000",)
    assert settings.give_limits == (Limit(5, timedelta(minutes=10)), Limit(10, timedelta(days=1)))


def test_a_live_site_starts_with_a_restricted_key_over_https() -> None:
    settings = Settings.from_environment(live(STRIPE_WEBHOOK_SECRET="a" * 20 + "," + "b" * 20))
    assert settings.is_https
    assert settings.stripe_webhook_secrets == ("a" * 20, "b" * 20)


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "SECRET_KEY", "PII_KEYS", "BASE_URL", "PAYMENT_GATEWAY", "ORG_NAME", "ORG_EMAIL"]
)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(UnsafeSettings, match=f"{name} is not set"):
        Settings.from_environment(demo(**{name: " "}))


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"DEMO": "yes"}, "DEMO must be 1 or 0"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"PII_KEYS": "nonsense"}, "PII_KEYS must be Fernet keys"),
        ({"DATABASE_URL": "mysql://root@localhost/x"}, "DATABASE_URL must be"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must be"),
        ({"BASE_URL": "give.example.org"}, "BASE_URL must be an address"),
        ({"BASE_URL": "http://127.0.0.1/app"}, "BASE_URL must be an address"),
        ({"TRUSTED_PROXIES": "10.0.0.300"}, "TRUSTED_PROXIES must be addresses"),
        ({"PAYMENT_GATEWAY": "paypal"}, "PAYMENT_GATEWAY must be sandbox or stripe"),
        ({"MAIL_URL": "mail.example.org"}, "MAIL_URL must be"),
        ({"GIVE_LIMITS": "many"}, "GIVE_LIMITS must look like"),
        ({"GIVE_LIMITS": "5/2d"}, "GIVE_LIMITS cannot look back further"),
        ({"ORG_EMAIL": "nobody"}, "ORG_EMAIL must be an e-mail address"),
        ({"ORG_KRS": "123"}, "ORG_KRS must be ten digits"),
        ({"PAYMENT_GATEWAY": "stripe", "STRIPE_SECRET_KEY": LIVE_KEY}, "must not take real money"),
        ({"PAYMENT_GATEWAY": "stripe", "STRIPE_SECRET_KEY": "key"}, "does not look like a secret"),
    ],
)
def test_what_is_wrong_in_a_demo_is_named(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnsafeSettings, match=sentence):
        Settings.from_environment(demo(**changes))


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"PAYMENT_GATEWAY": "sandbox"}, "needs DEMO=1"),
        ({"BASE_URL": "http://give.example.org"}, "must begin with https"),
        ({"STRIPE_SECRET_KEY": TEST_KEY}, "play money would count as real"),
        ({"STRIPE_SECRET_KEY": FULL_LIVE_KEY}, "full live key"),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET is not set"),
        ({"STRIPE_WEBHOOK_SECRET": ","}, "anyone could forge"),
        ({"STRIPE_WEBHOOK_SECRET": "tiny"}, "anyone could forge"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:1"}, "STRIPE_API_BASE is for tests"),
    ],
)
def test_what_is_unsafe_on_a_live_site_stops_the_start(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnsafeSettings, match=sentence):
        Settings.from_environment(live(**changes))


def test_the_short_form_of_postgresql_means_the_driver_that_we_ship_with() -> None:
    settings = Settings.from_environment(demo(DATABASE_URL="postgresql://treasurer@localhost/campaigns"))
    assert settings.database_url == "postgresql+psycopg://treasurer@localhost/campaigns"
