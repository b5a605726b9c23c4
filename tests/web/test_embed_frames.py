"""Widgets in frames of a real browser, on a page of another site: they fit, ask once, and keep nothing."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from campaigns.language import LANGUAGES
from tests.browser.chromium import find
from tests.served import free_port
from tests.web import widgets
from tests.web.sites import Site, build

pytestmark = pytest.mark.browser

HEIGHTS = {"line": 120, "card": 220, "full": 360}
WIDTHS = (280, 320, 360, 440, 640, 940)

# What is too wide or too high for its frame, or for the box that holds it; the title and the summary may be cut.
TOO_BIG = """() => {
  const page = document.documentElement, found = [];
  if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) found.push('the page scrolls');
  const frame = document.querySelector('main').getBoundingClientRect();
  for (const each of document.querySelectorAll('main *')) {
    const box = each.getBoundingClientRect();
    if (box.bottom > frame.bottom || box.right > frame.right || box.left < 0) found.push(each.outerHTML);
  }
  for (const each of document.querySelectorAll('main, .facts, .facts li, .amounts, a'))
    if (each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1)
      found.push(each.outerHTML);
  return found;
}"""


@dataclass
class Newspaper:
    """Another site, at localhost, whose page shows our widget; our own site is at 127.0.0.1, behind the same port."""

    site: Site
    port: int
    page: str = ""
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["HTTP_HOST"].startswith("localhost"):
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [self.page.encode()]
        self.asked.append(environ["PATH_INFO"])
        return self.site.app.wsgi_app(environ, start_response)

    @property
    def ours(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def newspaper(sqlite_url: str) -> Iterator[Newspaper]:
    port = free_port()
    site = build(sqlite_url, BASE_URL=f"http://127.0.0.1:{port}")
    for slug in widgets.STATES:
        widgets.add(site, slug)
    site.add_tax_appeal("tax")
    paper = Newspaper(site, port)
    server = make_server("127.0.0.1", port, paper, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield paper
    server.shutdown()
    thread.join()
    server.server_close()
    site.keys.database.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", HEIGHTS)
def test_a_widget_fits_its_fixed_height_at_every_width(newspaper: Newspaper, page: Page, size: str, lang: str) -> None:
    found = {}
    for slug in (*widgets.STATES, "tax"):
        page.goto(f"{newspaper.ours}/embed/{slug}?lang={lang}&size={size}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHTS[size]})
            if too_big := page.evaluate(TOO_BIG):
                found[slug, width] = too_big
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
@pytest.mark.parametrize("sandbox", ["", "allow-scripts", "allow-popups allow-forms allow-same-origin allow-scripts"])
def test_a_widget_shows_on_another_site_with_one_request_and_no_cookie(
    newspaper: Newspaper, page: Page, theme: str, sandbox: str
) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    address = f"{newspaper.ours}/embed/half?theme={theme}"
    limits = f' sandbox="{sandbox}"' if sandbox else ""
    newspaper.page = (
        f'<!doctype html><link rel=icon href=data:,><title>x</title><iframe src="{address}"{limits}></iframe>'
    )
    page.goto(f"http://localhost:{newspaper.port}/")
    frame = page.frames[1]
    assert frame.locator("h1").inner_text() == "Fundusz wyjazdów prawników"
    assert frame.locator(".bar").bounding_box()
    assert (newspaper.asked, errors) == (["/embed/half"], [])
    assert page.context.cookies() == []


def test_the_theme_is_the_one_of_the_address_or_else_the_readers(newspaper: Newspaper, page: Page) -> None:
    shades = {}
    for reader in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if reader == "dark" else "light")
        for theme in ("light", "dark", "auto"):
            page.goto(f"{newspaper.ours}/embed/half?theme={theme}")
            shades[reader, theme] = page.locator("main").evaluate("each => getComputedStyle(each).backgroundColor")
    light, dark = shades["light", "light"], shades["light", "dark"]
    assert light != dark
    assert [shades["dark", theme] for theme in ("light", "dark", "auto")] == [light, dark, dark]
    assert shades["light", "auto"] == light


def test_the_picture_shows_as_an_image_on_another_site(newspaper: Newspaper, page: Page) -> None:
    newspaper.page = f'<!doctype html><title>x</title><img src="{newspaper.ours}/embed/half.svg" alt="">'
    page.goto(f"http://localhost:{newspaper.port}/")
    assert page.locator("img").evaluate("each => [each.complete, each.naturalWidth]") == [True, 480]
