"""Security headers. An answer that brings its own Content-Security-Policy (an embed) keeps its own set."""

from __future__ import annotations

from flask import Flask, Response

from campaigns.config import Settings
from campaigns.language import current

HSTS = "max-age=63072000; includeSubDomains"
_PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
)
_PAGE = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": _PERMISSIONS,
}


def content_policy(checkout_origin: str, *, https: bool) -> str:
    """Our own files only; a form may lead on to the provider's hosted page (browsers check the redirect too)."""
    rules = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        f"form-action 'self' {checkout_origin}".rstrip(),
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
    if https:
        rules.append("upgrade-insecure-requests")
    return "; ".join(rules)


def install(app: Flask, settings: Settings, checkout_origin: str) -> None:
    """Add the headers to every answer of the application."""
    policy = content_policy(checkout_origin, https=settings.is_https)

    def add(response: Response) -> Response:
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        if settings.is_https:
            headers["Strict-Transport-Security"] = HSTS
        if "Content-Security-Policy" in headers:
            return response
        headers["Content-Security-Policy"] = policy
        headers.update(_PAGE)
        if response.mimetype == "text/html":
            headers.setdefault("Content-Language", current().code)
            headers.setdefault("Referrer-Policy", _referrer_policy(response))
            headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add)


def _referrer_policy(response: Response) -> str:
    """Under `no-referrer`, Chromium sends `Origin: null` with a form, and our own page would look like any other."""
    return "same-origin" if b"<form" in response.get_data() else "no-referrer"
