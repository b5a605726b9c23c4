"""Which requests the edge may answer alike: allowed hosts, public paths, validated parameters, one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

from campaigns.language import LANGUAGES, negotiate
from campaigns.web.embed.options import PARAMETERS

# What lies under a language but belongs to one donor alone.
PRIVATE = frozenset({"thanks", "give"})

# What a page kept for everybody may not know: who asks, and whatever a header could smuggle into it.
_VISITOR = frozenset({"REMOTE_ADDR", "REMOTE_PORT", "REMOTE_USER", "CONTENT_LENGTH", "CONTENT_TYPE"})


class Key(NamedTuple):
    """What an answer depends on. `variant` is a query in canonical form; for `/` it is the language."""

    host: str
    path: str
    variant: str


def allowed_hosts(trusted: Sequence[str], base_url: str) -> dict[str, str]:
    """Every Host header that is answered, mapped to its form in keys.

    A trusted host with a port means just that; one without means itself and itself at the port of `base_url`.
    """
    port = urlsplit(base_url).port
    hosts = []
    for name in trusted:
        host = name.lower()
        if host.count(":") > 1 and not host.startswith("["):
            host = f"[{host}]"  # IPv6, as browsers write it
        hosts.append(host)
        if port is not None and ":" not in host.rpartition("]")[2]:
            hosts.append(f"{host}:{port}")
    return {host: host for host in hosts}


def key_of(host: str, environ: WSGIEnvironment) -> Key:
    """The key of a request. Cookies, unknown parameters and everything else that it carries do not count."""
    path = environ["PATH_INFO"]
    if path == "/":
        return Key(host, path, negotiate(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
    query = environ.get("QUERY_STRING", "")
    if query and path.startswith("/embed/"):
        return Key(host, path, canonical(query, PARAMETERS))
    return Key(host, path, "")


def canonical(query: str, parameters: Mapping[str, tuple[str, ...]]) -> str:
    """The query with known values only, in our order, and without those that say what is the default anyway.

    A parameter that is given twice, or with a value that we do not know, counts as not given. Nothing is decoded:
    all our values are plain.
    """
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in parameters:
            given[name] = "" if name in given else value
    return "&".join(f"{name}={given[name]}" for name, known in parameters.items() if given.get(name) in known[1:])


def is_public(path: str) -> bool:
    """Whether a page under this path is the same for everybody, so that its answer may be shared."""
    _, room, *rest = path.split("/", 3) if path.startswith("/") else ("", "")
    if room in LANGUAGES:
        return not rest or rest[0] not in PRIVATE
    return path == "/" or room == "embed" or path.startswith("/api/campaigns/")


def impersonal(environ: WSGIEnvironment, key: Key) -> WSGIEnvironment:
    """The request that stands for all requests with this key: a GET that tells nothing but the key."""
    plain = {name: value for name, value in environ.items() if not name.startswith("HTTP_") and name not in _VISITOR}
    plain["REQUEST_METHOD"] = "GET"
    plain["HTTP_HOST"] = key.host
    plain["QUERY_STRING"] = ""
    plain["wsgi.input"] = BytesIO()
    if key.path == "/":
        plain["HTTP_ACCEPT_LANGUAGE"] = key.variant
    else:
        plain["QUERY_STRING"] = key.variant
    return plain
