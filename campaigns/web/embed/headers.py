"""Headers of everything that other sites may show. A frame may stand anywhere; nothing in it may do anything."""

from __future__ import annotations

from campaigns.web.embed.style import STYLE_HASH

Headers = list[tuple[str, str]]

_FRESH = ("Cache-Control", "public, max-age=1, stale-while-revalidate=5")
_NOT_KEPT = ("Cache-Control", "no-store")

_EVERYWHERE: Headers = [
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ("X-Robots-Tag", "noindex"),
]

# No X-Frame-Options: it knows no "anywhere", and frame-ancestors supersedes it.
_WIDGET_POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)
_WIDGET: Headers = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", _WIDGET_POLICY),
    *_EVERYWHERE,
]
_ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
_PICTURE: Headers = [
    ("Content-Type", "image/svg+xml; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    _ANY_ORIGIN,
    *_EVERYWHERE,
]
_FEED: Headers = [
    ("Content-Type", "application/json"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    _ANY_ORIGIN,
    *_EVERYWHERE,
]


def widget(language: str, *, kept: bool = True) -> Headers:
    return [*_WIDGET, ("Content-Language", language), _FRESH if kept else _NOT_KEPT]


def picture(language: str, *, kept: bool = True) -> Headers:
    return [*_PICTURE, ("Content-Language", language), _FRESH if kept else _NOT_KEPT]


def feed(*, kept: bool = True) -> Headers:
    return [*_FEED, _FRESH if kept else _NOT_KEPT]
