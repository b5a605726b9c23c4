"""The edge: what it keeps, for whom, for how long, and what it never does."""

import secrets
import time
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.web.edge import Edge
from campaigns.web.edge_keys import allowed_hosts, canonical, is_public
from campaigns.web.embed.options import PARAMETERS, read
from tests.web.edges import HOST, Clock, Site, edge, settings, together, visit


def test_a_page_is_made_once_a_second() -> None:
    clock, site = Clock(), Site()
    app = edge(site, clock)
    assert [visit(app).body for _ in range(3)] == [b"answer 1"] * 3
    clock.now += 1.0
    assert visit(app).body == b"answer 2"


def test_head_has_the_headers_of_get_and_no_body() -> None:
    app = edge(Site())
    first, got, head = visit(app, method="HEAD"), visit(app), visit(app, method="HEAD")
    assert first == head
    assert head.headers == got.headers
    assert (head.body, head.headers["content-length"]) == (b"", str(len(got.body)))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_pass_through_untouched(method: str) -> None:
    site = Site()
    app = edge(site)
    visit(app)
    got = visit(app, method=method, HTTP_COOKIE="session=1", HTTP_ORIGIN="https://give.example.org")
    assert got.body == b"answer 2"
    assert site.asked[-1]["HTTP_COOKIE"] == "session=1"
    assert "etag" not in got.headers


@pytest.mark.parametrize(
    "path",
    ["/treasury/", "/editor/x", "/admin/", "/sign-in", "/webhooks/stripe", "/sandbox/pay/1", "/healthz",
     "/pl/thanks/token", "/en/thanks/token", "/pl/give/confirm", "/static/campaigns.css", "/plx/", "/embeds/x", "//"],
)  # fmt: skip
def test_what_is_not_the_same_for_everybody_passes_through_untouched(path: str) -> None:
    site = Site()
    app = edge(site)
    bodies = [visit(app, path, "a=1", HTTP_COOKIE="session=1", HTTP_USER_AGENT="x").body for _ in range(2)]
    assert bodies == [b"answer 1", b"answer 2"]
    assert site.asked[0]["HTTP_COOKIE"] == "session=1"
    assert site.asked[0]["QUERY_STRING"] == "a=1"


@pytest.mark.parametrize(
    "path", ["/", "/pl/", "/en/legal-travel-fund", "/embed/x", "/embed/x.svg", "/api/campaigns/x.json"]
)
def test_public_addresses_are_kept(path: str) -> None:
    app = edge(Site())
    assert visit(app, path) == visit(app, path)
    assert is_public(path)


@pytest.mark.parametrize(
    "status, header",
    [
        ("200 OK", ("Cache-Control", "no-store")),
        ("200 OK", ("Cache-Control", "public, no-store")),
        ("200 OK", ("Cache-Control", "private, max-age=60")),
        ("200 OK", ("X-Nothing", "said about keeping")),
        ("200 OK", ("Cache-Control", "max-age=60")),
        ("404 Not Found", ("Cache-Control", "public, max-age=60")),
        ("302 Found", ("Cache-Control", "public")),
        ("500 Internal Server Error", ("Cache-Control", "public")),
    ],
)
def test_only_public_answers_with_status_200_are_kept(status: str, header: tuple[str, str]) -> None:
    app = edge(Site(status, headers=[header]))
    assert [visit(app).body for _ in range(2)] == [b"answer 1", b"answer 2"]
    assert len(app.shelf) == 0


def test_an_answer_that_sets_a_cookie_is_kept_for_nobody() -> None:
    site = Site(headers=[("Cache-Control", "public"), ("Set-Cookie", "session=1")])
    app = edge(site)
    assert [visit(app).body for _ in range(2)] == [b"answer 1", b"answer 2"]


def test_an_answer_that_sets_a_cookie_is_not_shared_with_those_who_wait() -> None:
    site = Site(headers=[("Cache-Control", "public"), ("Set-Cookie", "session=1")], before=lambda: time.sleep(0.1))
    app = edge(site)
    assert len({got.body for got in together(8, lambda: visit(app))}) == 8


def test_a_kept_page_knows_nothing_of_who_asked_for_it() -> None:
    site = Site(body=lambda environ: repr(sorted(environ.items(), key=lambda item: item[0])).encode())
    secret = secrets.token_hex(8)
    names = ["COOKIE", "USER_AGENT", "AUTHORIZATION", "REFERER", "X_FORWARDED_FOR", "X_FORWARDED_HOST"]
    visitor = dict.fromkeys(["REMOTE_ADDR", *(f"HTTP_{name}" for name in names)], secret)
    got = visit(edge(site), "/embed/x", f"token={secret}&lang=en", HTTP_ACCEPT_LANGUAGE=secret, **visitor)
    assert secret.encode() not in got.body
    assert site.asked[0]["QUERY_STRING"] == "lang=en"


def test_the_root_is_kept_for_each_of_our_languages_and_no_other() -> None:
    site = Site(body=lambda environ: environ["HTTP_ACCEPT_LANGUAGE"].encode())
    app = edge(site)
    asked = ["pl", "pl-PL,pl;q=0.9", "en-US,en;q=0.8,pl;q=0.1", "en", "de-DE", "fr;q=0.9,be"]
    said = [visit(app, "/", HTTP_ACCEPT_LANGUAGE=header).body for header in asked]
    assert said == [b"pl", b"pl", b"en", b"en", b"en", b"en"]
    assert len(site.asked) == 2


# --- the key ---

words = st.sampled_from(["lang", "size", "theme", "utm_source", "lang ", "Lang", ""])
values = st.sampled_from(["pl", "en", "line", "card", "full", "light", "dark", "auto", "de", "", "../x"])
queries = st.lists(st.tuples(words, values), max_size=6).map(urlencode)
paths = st.sampled_from(["/embed/a", "/embed/b", "/pl/a", "/api/campaigns/a.json"])
hosts = st.sampled_from([HOST, "other.example.org"])
requests = st.tuples(hosts, paths, queries)


def said(path: str, query: str) -> tuple[str, ...]:
    """The validated parameters of an address, told a second way: of each known name, its one known value."""
    if not path.startswith("/embed/"):
        return ()
    pairs = [part.split("=", 1) for part in query.split("&") if part]
    found = []
    for name, known in PARAMETERS.items():
        mine = [value for key, value in pairs if key == name]
        found.append(mine[0] if len(mine) == 1 and mine[0] in known else known[0])
    return tuple(found)


@given(requests, requests)
def test_two_requests_share_an_answer_exactly_if_host_path_and_validated_parameters_agree(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    site = Site()
    app = Edge(site, settings(TRUSTED_HOSTS=f"{HOST},other.example.org"), Clock())
    first, second = (visit(app, path, query, HTTP_HOST=host) for host, path, query in (one, other))
    same = one[:2] == other[:2] and said(*one[1:]) == said(*other[1:])
    assert (first.body == second.body) is same


@given(queries)
def test_the_widget_reads_from_the_canonical_query_what_the_given_one_says(query: str) -> None:
    kept = canonical(query, PARAMETERS)
    options = read(dict(part.split("=", 1) for part in kept.split("&") if part))
    assert (options.lang, options.size, options.theme) == said("/embed/x", query)


# --- hosts ---


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.org",
        "",
        f"{HOST}:81",
        f"{HOST}.evil.org",
        f"x.{HOST}",
        f"{HOST}.",
        f"{HOST}@evil.org",
        f"{HOST},x",
    ],
)
@pytest.mark.parametrize("method, path", [("GET", "/pl/"), ("POST", "/pl/x/give"), ("GET", "/treasury/")])
def test_an_unknown_host_is_refused_before_the_application_hears_of_it(host: str, method: str, path: str) -> None:
    site = Site()
    got = visit(edge(site), path, method=method, HTTP_HOST=host)
    assert got.status == "400 Bad Request"
    assert len(got.body) < 100
    assert (site.asked, got.headers["cache-control"]) == ([], "no-store")


def test_a_request_without_a_host_is_refused() -> None:
    site = Site()
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/pl/", "QUERY_STRING": ""}
    seen: list[str] = []
    edge(site)(environ, lambda status, *_: seen.append(status))  # type: ignore[arg-type]  # it writes nothing
    assert (seen, site.asked) == (["400 Bad Request"], [])


def test_a_trusted_host_is_known_by_itself_and_at_the_port_of_our_own_address() -> None:
    hosts = allowed_hosts(["127.0.0.1", "Localhost", "::1", "give.example.org:8443"], "http://127.0.0.1:8001")
    assert set(hosts) == {
        "127.0.0.1", "127.0.0.1:8001", "localhost", "localhost:8001", "[::1]", "[::1]:8001", "give.example.org:8443",
    }  # fmt: skip


def test_a_host_in_capitals_is_the_same_host() -> None:
    app = edge(Site())
    assert visit(app, HTTP_HOST=HOST.upper()) == visit(app)


# --- conditional requests ---


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', '"a","b" , W/{tag}', "*"])
def test_who_has_these_bytes_is_told_so_with_the_same_headers(form: str) -> None:
    app = edge(Site(headers=[("Cache-Control", "public"), ("Content-Security-Policy", "default-src 'none'")]))
    got = visit(app)
    again = visit(app, HTTP_IF_NONE_MATCH=form.format(tag=got.headers["etag"]))
    assert (again.status, again.body) == ("304 Not Modified", b"")
    of_content = ("content-length", "content-type")
    assert again.headers == {name: value for name, value in got.headers.items() if name not in of_content}


@pytest.mark.parametrize("form", ['"other"', "{bare}", "", "W/", '"{bare}', "W/*"])
def test_who_has_other_bytes_gets_these(form: str) -> None:
    app = edge(Site())
    got = visit(app)
    assert visit(app, HTTP_IF_NONE_MATCH=form.format(bare=got.headers["etag"].strip('"'))) == got


def test_the_first_request_of_all_may_be_conditional() -> None:
    tag = visit(edge(Site())).headers["etag"]
    assert visit(edge(Site()), HTTP_IF_NONE_MATCH=tag).status == "304 Not Modified"


def test_the_tag_covers_the_body_its_type_and_its_language() -> None:
    sites = [
        Site(body=lambda _: b"a"),
        Site(body=lambda _: b"b"),
        Site(body=lambda _: b"a", headers=[("Cache-Control", "public"), ("Content-Language", "pl")]),
        Site(body=lambda _: b"a", headers=[("Cache-Control", "public"), ("Content-Language", "en")]),
        Site(body=lambda _: b"a", type="text/html"),
    ]
    tags = [visit(edge(site)).headers["etag"] for site in sites]
    assert len(set(tags)) == 5
    assert all(tag.startswith('"') for tag in tags)
