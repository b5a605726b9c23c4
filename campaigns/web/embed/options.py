"""What a widget's address may say: its parameters and the values that they take, the default one first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.language import DEFAULT, LANGUAGES

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "lang": (DEFAULT, *(code for code in LANGUAGES if code != DEFAULT)),
    "size": ("card", "line", "full"),
    "theme": ("auto", "light", "dark"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """How one widget is to look."""

    lang: str
    size: str
    theme: str


def read(given: Mapping[str, str]) -> Options:
    """The options of an address; what it does not say, or what we do not know, is the default."""
    chosen = (value if (value := given.get(name, "")) in known else known[0] for name, known in PARAMETERS.items())
    return Options(*chosen)
