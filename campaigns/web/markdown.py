"""Stories: Markdown that an editor wrote, made into HTML that can do no harm and calls no other host."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

# No images: one from elsewhere would tell its host who reads.
TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "a",
}  # fmt: skip
_SAFE_LINKS = ("https://", "mailto:")


def _image(_: RendererHTML, tokens: Sequence[Token], idx: int, __: OptionsDict, ___: EnvType) -> str:
    """An image is told in the words of its description."""
    return str(escape(tokens[idx].content))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.add_render_rule("image", _image)
    return parser


_MARKDOWN = _parser()


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """Only an address needs a look; the other one, `rel`, is the cleaner's own."""
    return value if name != "href" or value.lower().startswith(_SAFE_LINKS) else None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}},
    attribute_filter=_attribute,
    link_rel="noopener noreferrer nofollow",
    url_schemes={"https", "mailto"},
    url_relative="deny",
)


@lru_cache(maxsize=256)
def to_html(text: str) -> Markup:
    """Safe HTML for a story. Its headings begin at the second level: the page has the first."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(_CLEANER.clean(html))  # noqa: S704 - what nh3 has cleaned is the one HTML that we trust
