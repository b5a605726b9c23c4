"""What every page has in common, put together: language, templates, headers, error pages, log, size of bodies."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.routing import BaseConverter

from campaigns.language import LANGUAGES
from campaigns.services.keys import Keys
from campaigns.web import doors, errors, filters, headers, request_log, staff_page, tongue

# A giving form has a few hundred bytes, a notice a few thousand.
MAX_BODY = 256 * 1024
# A file of 1 MB, and what is made of it when it comes back to be booked.
_LARGER = {"/treasury/import": 2 * 1024 * 1024, "/treasury/import/book": 2 * 1024 * 1024}


def body_limit(path: str) -> int:
    """How many bytes a body that is sent to this address may have."""
    return _LARGER.get(path, MAX_BODY)


def _set_limit() -> None:
    request.max_content_length = body_limit(request.path)
    request.max_form_memory_size = request.max_content_length


class LanguageConverter(BaseConverter):
    """`<lang:lang>` in an address: one of our languages, so that any other is a page that does not exist."""

    regex = "|".join(LANGUAGES)


def install(app: Flask, keys: Keys) -> None:
    """Give an application all that its pages share; call it before any blueprint is registered."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.converters["lang"] = LanguageConverter
    request_log.install(app)
    app.before_request(_set_limit)
    app.before_request(tongue.speak_for_request)
    doors.install(app, keys)
    filters.install(app, keys.settings)
    headers.install(app, keys.settings, keys.gateway.checkout_origin)
    errors.install(app)
    staff_page.install(app, keys)
