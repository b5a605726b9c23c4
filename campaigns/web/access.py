"""Who may send what: forms come from our own pages, and addresses from proxies that we know."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

from flask import request
from werkzeug.exceptions import Forbidden

from campaigns.config import Network


def require_same_origin() -> None:
    """Forbidden, unless the browser says that the form was on a page of ours.

    By the `Origin` header, never `null`; where a browser leaves it out, by `Sec-Fetch-Site`. The edge has made sure
    that the host is one of ours. The scheme is not compared: behind a proxy we do not see the browser's.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    else:
        parts = urlsplit(origin)
        own = parts.scheme in ("http", "https") and origin == f"{parts.scheme}://{request.host}"
    if not own:
        raise Forbidden


def client_address(environ: WSGIEnvironment, trusted_proxies: Sequence[Network]) -> str:
    """The donor's address: the peer's, or the last one in X-Forwarded-For that no trusted proxy has.

    What an untrusted peer writes into that header counts for nothing; "" where there is no address at all.
    """
    address = _parsed(environ.get("REMOTE_ADDR", ""))
    said = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address is not None and said and any(address in network for network in trusted_proxies):
        before = _parsed(said.pop().strip())
        if before is None:
            break
        address = before
    return str(address) if address else ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
