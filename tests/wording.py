"""What the program says, so that tests need not repeat its translations."""

from __future__ import annotations

from campaigns.language import gettext, language, speaking


def in_language(lang: str, sentence: str) -> str:
    """What the program says for this English sentence, with plain spaces; it must have been translated."""
    with speaking(lang):
        translated = gettext(sentence)
    assert lang == "en" or translated != sentence
    return plain(language(lang).prose(translated))


def plain(text: str) -> str:
    """The text with plain single spaces."""
    return " ".join(text.split())
