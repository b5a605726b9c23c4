"""A test client that inspects every page it gets, so that any test of a page is a test of its form too."""

from typing import Any

from babel.support import NullTranslations
from flask import Flask
from werkzeug.test import TestResponse

from campaigns.language import LANGUAGES, language
from tests.web.page_rules import Page, faults

_EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
_ON_PAGES = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_IN_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


class _Untranslated(NullTranslations):
    """Stands behind a catalogue and notes what that does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def gettext(self, message: str) -> str:
        self.messages.append(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.messages.append(msgid1)
        return msgid1 if n == 1 else msgid2


_untranslated = _Untranslated()
language("pl").translations.add_fallback(_untranslated)


class StrictClient:
    """A visitor without cookies. `origin` is what the browser says of a form that is sent."""

    def __init__(self, app: Flask, base_url: str) -> None:
        self._client = app.test_client(use_cookies=False)
        self.base_url = base_url

    def get(self, path: str, status: int = 200, **headers: str) -> Page:
        """The page at this path; it must have this status."""
        return self.inspected(self.raw("GET", path, headers=_names(headers)), status)

    def post(self, path: str, form: dict[str, str], status: int = 200, origin: str | None = "own") -> Page:
        """The page that answers a form."""
        return self.inspected(self.send(path, form, origin), status)

    def send(self, path: str, form: dict[str, str], origin: str | None = "own") -> TestResponse:
        """The bare answer to a form, for one that leads on."""
        said = self.base_url if origin == "own" else origin
        return self.raw("POST", path, data=form, headers={} if said is None else {"Origin": said})

    def raw(self, method: str, path: str, **request: Any) -> TestResponse:
        """An answer that may be no page; no cookie in it, whatever it is."""
        answer = self._client.open(path, method=method, base_url=self.base_url, buffered=True, **request)
        assert "Set-Cookie" not in answer.headers
        for name, value in _EVERYWHERE.items():
            assert answer.headers.get(name) == value, name
        return answer

    def inspected(self, answer: TestResponse, status: int) -> Page:
        """The page of an answer, which must have this status."""
        assert answer.status_code == status, answer.text[:2000]
        assert answer.mimetype == "text/html"
        page = Page(answer.text)
        found = faults(page)
        assert not found, found
        assert page.lang in LANGUAGES
        assert answer.headers["Content-Language"] == page.lang
        self._check_headers(answer)
        missing, _untranslated.messages = _untranslated.messages, []
        assert not missing, f"not in the Polish catalogue: {missing}"
        return page

    def _check_headers(self, answer: TestResponse) -> None:
        headers = answer.headers
        for name, value in _ON_PAGES.items():
            assert headers.get(name) == value, name
        rules = headers["Content-Security-Policy"].split("; ")
        assert set(_IN_POLICY) <= set(rules)
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == ("same-origin" if "<form" in answer.text else "no-referrer")
        public = "public, max-age=1, stale-while-revalidate=5"
        assert headers["Cache-Control"] == (
            public if answer.status_code in (200, 302) and _is_public(answer) else "no-store"
        )


def _is_public(answer: TestResponse) -> bool:
    path = answer.request.path
    return answer.request.method == "GET" and not path.startswith(_PRIVATE) and "/thanks/" not in path


_PRIVATE = ("/sandbox/", "/sign-in", "/sign-out", "/account", "/invitation/", "/treasury/", "/editor/", "/admin/")


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
