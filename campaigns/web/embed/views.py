"""The three addresses of the room. Each asks the database one question and sets no cookie."""

from __future__ import annotations

import json
from functools import lru_cache

from flask import Response, current_app, request

from campaigns.language import DEFAULT, language, pgettext, speak
from campaigns.services.keys import Keys
from campaigns.services.showing import CampaignView, show_campaign
from campaigns.storage.database import DatabaseUnavailable
from campaigns.web.embed import headers, picture
from campaigns.web.embed.face import Face, face_of
from campaigns.web.embed.feed import figures_of
from campaigns.web.embed.options import Options, read
from campaigns.web.embed.picture import Picture
from campaigns.web.embed.style import STYLE

RETRY_AFTER = "30"


class Embeds:
    """The views. An unknown campaign and a draft get the same bytes: nobody learns what is being prepared.

    While the site is halted a widget says the organisation's name and no more, and a picture is empty.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._name = keys.settings.organisation.name
        # The same figures make the same bytes; both are worked out once.
        self._document = lru_cache(maxsize=128)(self._written)
        self._drawing = lru_cache(maxsize=128)(self._drawn)

    def widget(self, slug: str) -> Response:
        """The document for an iframe, in the language, size and theme of the address."""
        options = read(request.args)
        speak(options.lang)
        view = self._view(slug, options.lang)
        if view is None:
            return _message(options, _no_such_campaign(), 404)
        if view.halted:
            return _message(options, self._name)
        return Response(self._document(view, options), 200, headers.widget(options.lang))

    def picture(self, slug: str) -> Response:
        """The same as an SVG picture, for places that take no iframe."""
        options = read(request.args)
        speak(options.lang)
        view = self._view(slug, options.lang)
        if view is None:
            return _drawn_message(options, _no_such_campaign(), 404)
        if view.halted:
            return _drawing_of(options, picture.empty(self._name, options.theme), 200)
        return Response(self._drawing(view, options), 200, headers.picture(options.lang))

    def figures(self, slug: str) -> Response:
        """The public figures, for machines."""
        view = self._view(slug, DEFAULT)
        if view is None:
            return Response('{"error":"not found"}\n', 404, headers.feed(kept=False))
        if view.halted:
            return _no_figures("paused")
        body = json.dumps(figures_of(view), separators=(",", ":")) + "\n"
        return Response(body, 200, headers.feed())

    def unavailable(self, _error: DatabaseUnavailable) -> Response:
        """Says in the frame that it cannot say more: the site's own error page could not be shown there."""
        options = read(request.args)
        speak(options.lang)
        sentence = pgettext("widget", "These figures cannot be shown right now.")
        match request.endpoint:
            case "embed.widget":
                response = _message(options, sentence, 503)
            case "embed.picture":
                response = _drawn_message(options, sentence, 503)
            case _:
                return _no_figures("unavailable")
        response.headers["Retry-After"] = RETRY_AFTER
        return response

    def _written(self, view: CampaignView, options: Options) -> str:
        return _render("embed/widget.html", options, face=self._face(view, options))

    def _drawn(self, view: CampaignView, options: Options) -> str:
        return _render("embed/picture.svg", options, picture=picture.of(self._face(view, options), options.theme))

    def _face(self, view: CampaignView, options: Options) -> Face:
        return face_of(view, language(options.lang), self._keys.settings.base_url)

    def _view(self, slug: str, code: str) -> CampaignView | None:
        return show_campaign(self._keys.database, slug, code, self._keys.now())


def _no_such_campaign() -> str:
    return pgettext("widget", "There is no such campaign.")


def _message(options: Options, sentence: str, status: int = 200) -> Response:
    page = _render("embed/message.html", options, message=sentence)
    return Response(page, status, headers.widget(options.lang, kept=status == 200))


def _drawn_message(options: Options, sentence: str, status: int) -> Response:
    return _drawing_of(options, picture.plain(sentence, options.theme), status)


def _drawing_of(options: Options, shown: Picture, status: int) -> Response:
    drawing = _render("embed/picture.svg", options, picture=shown)
    return Response(drawing, status, headers.picture(options.lang, kept=status == 200))


def _no_figures(why: str) -> Response:
    """What a script is told in place of figures; it keeps the last ones and asks again later."""
    response = Response(f'{{"error":"{why}"}}\n', 503, headers.feed(kept=False))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _render(template: str, options: Options, **values: object) -> str:
    return current_app.jinja_env.get_template(template).render(options=options, style=STYLE, **values)
