"""What Stripe demands of values: amounts, currencies, times, addresses, metadata, descriptors."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.standin.errors import invalid, missing_parameter

API_VERSION = "2026-10-28.endive"

# Least charge per currency in minor units, of the currencies this stand-in knows.
LEAST = {"pln": 200, "eur": 50, "usd": 50, "jpy": 50}
ZERO_DECIMAL = frozenset({"jpy"})
LARGEST = 99_999_999

SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 60 * 60

DESCRIPTOR_PREFIX = "STAND-IN"
_FORBIDDEN_IN_DESCRIPTOR = re.compile(r"[<>\\'\"*]")


def money(amount: int, currency: str) -> str:
    """Return an amount in minor units as Stripe's messages write it."""
    if currency in ZERO_DECIMAL:
        return f"{amount} {currency.upper()}"
    return f"{amount // 100}.{amount % 100:02d} {currency.upper()}"


def check_currency(currency: str, param: str) -> None:
    """Refuse a currency that is not written in lower case or not known."""
    if currency not in LEAST:
        listed = ", ".join(LEAST)
        raise invalid(f"Invalid currency: {currency}. Stripe currently supports these: {listed}", param)


def check_total(amount: int, currency: str) -> None:
    """Refuse a session's total below the least charge or above eight digits."""
    if amount < LEAST[currency]:
        least = money(LEAST[currency], currency)
        raise invalid(
            f"The Checkout Session's total amount due must add up to at least {least}",
            code="amount_too_small",
        )
    if amount > LARGEST:
        most = money(LARGEST, currency)
        raise invalid(
            f"The Checkout Session's total amount due must be no more than {most}",
            code="amount_too_large",
        )


def check_expiry(expires_at: int, now: int) -> None:
    """Refuse an expiry less than 30 minutes or more than 24 hours ahead."""
    subject = "The `expires_at` timestamp must be"
    if expires_at < now + SHORTEST_LIFE:
        raise invalid(f"{subject} at least 30 minutes from Checkout Session creation.", "expires_at")
    if expires_at > now + LONGEST_LIFE:
        raise invalid(f"{subject} less than 24 hours from Checkout Session creation.", "expires_at")


def check_address(url: str | None, param: str, *, livemode: bool) -> None:
    """Refuse a return address that is absent, relative, or plain HTTP in live mode."""
    if url is None:
        raise missing_parameter(param)
    if len(url) > 5000:
        raise invalid("Invalid URL: URL must be 5000 characters or less.", param, "url_invalid")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            param,
            "url_invalid",
        )
    if not parts.hostname:
        raise invalid("Not a valid URL", param, "url_invalid")
    if livemode and parts.scheme != "https":
        raise invalid("Livemode requests must always be redirected via HTTPS.", param)


def check_metadata(metadata: Mapping[str, str], param: str = "metadata") -> dict[str, str]:
    """Return the metadata to keep; refuse more than 50 keys, long keys and long values."""
    if len(metadata) > 50:
        raise invalid(f"Metadata can have up to 50 keys, you passed in {len(metadata)}.", param)
    for key, value in metadata.items():
        if len(key) > 40:
            raise invalid(
                f"Metadata keys can be at most 40 characters. Your key, {key!r}, is {len(key)}.",
                param,
            )
        if len(value) > 500:
            raise invalid(
                f"Metadata values can have up to 500 characters. The value of {key!r} has {len(value)}.",
                param,
            )
    return {key: value for key, value in metadata.items() if value != ""}


def check_length(value: str | None, limit: int, param: str) -> None:
    """Refuse a text longer than `limit` characters."""
    if value is not None and len(value) > limit:
        raise invalid(f"Invalid string: {value[:12]}…; must be at most {limit} characters", param)


def check_descriptor(text: str | None, param: str) -> None:
    """Refuse a full statement descriptor that banks would not print."""
    if text is None:
        return
    _check_descriptor_letters(text, param)
    if not 5 <= len(text) <= 22:
        raise invalid("The statement descriptor must be between 5 and 22 characters.", param)


def check_suffix(text: str | None, param: str) -> None:
    """Refuse a suffix that does not fit behind the account's prefix."""
    if text is None:
        return
    _check_descriptor_letters(text, param)
    if len(full_descriptor(text)) > 22:
        raise invalid("The statement descriptor prefix and suffix together exceed 22 characters.", param)


def full_descriptor(suffix: str | None) -> str:
    """Return what a cardholder reads: the account's prefix, a star, the suffix."""
    return f"{DESCRIPTOR_PREFIX}* {suffix}" if suffix else DESCRIPTOR_PREFIX


def _check_descriptor_letters(text: str, param: str) -> None:
    if not text.isascii() or not text.isprintable() or _FORBIDDEN_IN_DESCRIPTOR.search(text):
        raise invalid("The statement descriptor must be Latin and have none of < > \\ ' \" *.", param)
    if not re.search("[A-Za-z]", text):
        raise invalid("The statement descriptor must contain at least one letter.", param)


def refuse_retired(raw: Mapping[str, object]) -> None:
    """Refuse `payment_method_types`, which this version of the API removed."""
    if "payment_method_types" in raw:
        raise invalid(
            "The `payment_method_types` parameter is no longer supported. Use "
            "`allowed_payment_method_types` or dynamic payment methods instead.",
            "payment_method_types",
            "payment_method_types_no_longer_supported",
        )
