"""Security headers, where a form may come from, and whose address counts."""

from ipaddress import ip_network

import pytest

from campaigns.web.access import client_address
from tests.web.sites import Site, build

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1")]


def test_a_site_with_https_says_so_for_two_years(sqlite_url: str) -> None:
    site = build(sqlite_url, BASE_URL="https://give.example.org")
    headers = site.visitor.raw("GET", "/pl/fund").headers
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]


def test_without_https_nothing_promises_it(site: Site) -> None:
    headers = site.visitor.raw("GET", "/pl/fund").headers
    assert "Strict-Transport-Security" not in headers
    assert "upgrade-insecure-requests" not in headers["Content-Security-Policy"]


def test_forms_may_lead_to_the_payment_page_and_nowhere_else(site: Site) -> None:
    rules = site.visitor.raw("GET", "/pl/fund").headers["Content-Security-Policy"].split("; ")
    (forms,) = [rule for rule in rules if rule.startswith("form-action")]
    assert forms.split() == ["form-action", "'self'", site.keys.gateway.checkout_origin]


def test_pages_say_only_where_a_form_comes_from(site: Site) -> None:
    assert site.visitor.raw("GET", "/pl/fund").headers["Referrer-Policy"] == "same-origin"
    assert site.visitor.raw("GET", "/pl/privacy").headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "peer,forwarded,address",
    [
        ("203.0.113.5", None, "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("::1", "fe80::1%eth0", "fe80::1"),
        ("", "198.51.100.7", ""),
    ],
)
def test_only_a_trusted_proxy_can_tell_the_address(peer: str, forwarded: str | None, address: str) -> None:
    environ = {"REMOTE_ADDR": peer} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})
    assert client_address(environ, PROXIES) == address
