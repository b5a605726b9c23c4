"""What is right on every page: each rule looks at one parsed page and says what it found wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
_UNFINISHED = re.compile(r"\{\{|\}\}|\{%|%\(|\bNone\b|\bUndefined\b|\{[a-z_]+\}|%%")
_TYPEWRITER = re.compile(r"\w'\w|\"| - |\.\.\.")
_HANDLERS = re.compile(r"on[a-z]+$")


class Page:
    """A page that any browser reads alike: parsed strictly, or html5lib's ParseError."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root: Element = html5lib.HTMLParser(strict=True).parse(html)

    def every(self, tag: str = "*") -> Iterator[Element]:
        """All elements of this name, HTML's and SVG's, in their order."""
        for element in self.root.iter():
            if tag in ("*", str(element.tag).rpartition("}")[2]):
                yield element

    def one(self, tag: str) -> Element:
        """The only element of this name."""
        (found,) = self.every(tag)
        return found

    @property
    def lang(self) -> str:
        return self.root.get("lang", "")

    @property
    def title(self) -> str:
        """The page's own; a picture in it may have one too."""
        (found,) = list(self.root.iter(HTML + "title"))
        return text_of(found)

    @property
    def words(self) -> list[str]:
        """What a reader reads, piece by piece; not what a donor has typed."""
        return [text for element in self.every("body") for text in _texts(element)]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def by_id(self, name: str) -> Element:
        (found,) = [element for element in self.every() if element.get("id") == name]
        return found


def text_of(element: Element) -> str:
    """All text in an element, every run of spaces, no-break ones too, made one plain space."""
    return " ".join("".join(element.itertext()).split())


def faults(page: Page) -> list[str]:
    """Everything that breaks a rule."""
    return [fault for rule in _RULES for fault in rule(page)]


def _texts(element: Element) -> Iterator[str]:
    if element.tag in (HTML + "script", HTML + "noscript"):
        return
    for text in (element.text, *(part for child in element for part in (*_texts(child), child.tail))):
        if text and text.strip():
            yield " ".join(text.split())


def _one_heading_that_begins_the_title(page: Page) -> Iterator[str]:
    headings = [text_of(heading) for heading in page.every("h1")]
    title = page.title
    if len(headings) != 1 or not headings[0] or not title.startswith(headings[0]):
        yield f"needs one h1 that begins the title {title!r}, not {headings}"


def _no_heading_is_skipped(page: Page) -> Iterator[str]:
    levels = [int(e.tag[-1]) for e in page.every() if re.fullmatch(HTML + "h[1-6]", str(e.tag))]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"h{below} follows h{above}"


def _ids_are_unique_and_found(page: Page) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.every() if element.get("id"))
    yield from (f"id {name!r} is used {count} times" for name, count in ids.items() if count > 1)
    for element in page.every():
        named = " ".join(
            element.get(a, "") for a in ("for", "aria-describedby", "aria-labelledby", "data-copy")
        ).split()
        href = element.get("href", "")
        named += [href[1:]] if href.startswith("#") else []
        yield from (f"no element has the id {name!r}" for name in named if name not in ids)


def _fields_have_labels(page: Page) -> Iterator[str]:
    labels = list(page.every("label"))
    labelled = {label.get("for") for label in labels}
    wrapped = {id(field) for label in labels for field in label.iter()}
    for field in (*page.every("input"), *page.every("select"), *page.every("textarea")):
        if field.get("type") != "hidden" and field.get("id") not in labelled and id(field) not in wrapped:
            yield f"the field {field.get('name')!r} has no label"


def _forms_say_where_they_go(page: Page) -> Iterator[str]:
    """Filters of lists stand in the address, so that it can be kept and shared; everything else is sent."""
    for form in page.every("form"):
        is_filter = form.get("class") == "filters" and form.get("action", "").startswith("/treasury/")
        if form.get("method") != ("get" if is_filter else "post") or not form.get("action", "").startswith("/"):
            yield f"a form goes {form.get('method')!r} to {form.get('action')!r}"


def _nothing_is_fetched_from_elsewhere(page: Page) -> Iterator[str]:
    fetched = [e.get(name) for e in page.every() for name in ("src", "srcset", "poster", "data") if e.get(name)]
    fetched += [e.get("href") for e in page.every("link") if e.get("rel") not in ("canonical", "alternate")]
    for address in fetched:
        if address is None or not address.startswith("/") or address.startswith("//"):
            yield f"fetches {address!r}"


def _nothing_is_inline(page: Page) -> Iterator[str]:
    for element in page.every():
        if element.tag == HTML + "style" or (element.tag == HTML + "script" and not element.get("src")):
            yield f"has an inline {element.tag}"
        yield from (f"has the attribute {name}" for name in element.attrib if name == "style" or _HANDLERS.match(name))


def _links_elsewhere_tell_nothing(page: Page) -> Iterator[str]:
    for link in page.every("a"):
        if link.get("href", "").startswith("http") and "noreferrer" not in link.get("rel", ""):
            yield f"the link to {link.get('href')} tells where the reader came from"


def _text_is_finished(page: Page) -> Iterator[str]:
    attributes = [e.get(n, "") for e in page.every() for n in ("aria-label", "aria-valuetext", "content", "alt")]
    for text in (*page.words, *attributes, page.title):
        if _UNFINISHED.search(text):
            yield f"shows a bit of a template: {text!r}"
        if _TYPEWRITER.search(text):
            yield f"is typed as on a typewriter: {text!r}"


_RULES = (
    _one_heading_that_begins_the_title,
    _no_heading_is_skipped,
    _ids_are_unique_and_found,
    _fields_have_labels,
    _forms_say_where_they_go,
    _nothing_is_fetched_from_elsewhere,
    _nothing_is_inline,
    _links_elsewhere_tell_nothing,
    _text_is_finished,
)
