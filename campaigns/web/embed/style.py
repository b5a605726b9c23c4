"""The widget's stylesheet: it stands in the document itself, and its hash is what the document's policy allows."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

_SOURCE = Path(__file__).with_name("widget.css")


def _squeezed(css: str) -> str:
    """Without comments and needless blanks: it travels with every widget."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", css)).strip()


_TEXT = _squeezed(_SOURCE.read_text(encoding="utf-8"))
STYLE = Markup(_TEXT)  # noqa: S704 - our own file, read when the program starts
STYLE_HASH = b64encode(sha256(_TEXT.encode()).digest()).decode()
