"""The rules for pages catch what they are there to catch."""

import pytest
from html5lib.html5parser import ParseError

from tests.web.page_rules import Page, faults

GOOD = (
    '<!doctype html><html lang="en"><head><title>Fund – House</title><link rel="stylesheet" href="/a.css"></head>'
    '<body><h1>Fund</h1><h2>Why</h2><form method="post" action="/en/give"><label for="amount">Amount</label>'
    '<input id="amount" name="amount"></form></body></html>'
)


def test_a_good_page_has_no_fault() -> None:
    assert faults(Page(GOOD)) == []


@pytest.mark.parametrize(
    "good,bad,fault",
    [
        ("<h1>Fund</h1>", "<h1>Found</h1>", "begins the title"),
        ("<h1>Fund</h1>", "<h1>Fund</h1><h1>Fund</h1>", "begins the title"),
        ("<h2>Why</h2>", "<h3>Why</h3>", "h3 follows h1"),
        ("<h2>Why</h2>", '<h2 id="amount">Why</h2>', "used 2 times"),
        ("<h2>Why</h2>", '<p><a href="#nowhere">Why</a></p>', "no element has the id"),
        ('for="amount"', 'class="amount"', "has no label"),
        ('method="post"', 'method="get"', "a form goes"),
        ('action="/en/give"', 'action="https://example.org/"', "a form goes"),
        ('href="/a.css"', 'href="https://example.org/a.css"', "fetches"),
        ("<h2>Why</h2>", '<p><img src="//example.org/a.png" alt="A"></p>', "fetches"),
        ("<h2>Why</h2>", '<p style="color: red">Why</p>', "attribute style"),
        ("<h2>Why</h2>", '<p onclick="go()">Why</p>', "attribute onclick"),
        ("<h2>Why</h2>", "<script>go()</script>", "inline"),
        ("<h2>Why</h2>", '<p><a href="https://example.org/">Why</a></p>', "where the reader came from"),
        ("Why", "{{ why }}", "bit of a template"),
        ("Why", "None", "bit of a template"),
        ("Why", "100%% of %(goal)s", "bit of a template"),
        ("Why", "Why - because", "typewriter"),
        ("Why", "It's", "typewriter"),
    ],
)
def test_a_bad_page_is_told_its_fault(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    (found,) = faults(Page(GOOD.replace(good, bad)))
    assert fault in found


@pytest.mark.parametrize(
    "bad", ["<p><p></div>", "<b><i></b></i>", "<p>&nosuchthing;</p>", '<p class="a" class="b"></p>']
)
def test_html_that_browsers_must_guess_at_is_no_page(bad: str) -> None:
    with pytest.raises(ParseError):
        Page(GOOD.replace("<h2>Why</h2>", bad))
