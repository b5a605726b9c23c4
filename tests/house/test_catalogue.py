"""The catalogues hold exactly what the program says, whole, and with the same holes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from campaigns.language import DEFAULT, LANGUAGES, language

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "campaigns" / "translations"
# English is what the program is written in; every other language has a catalogue.
TRANSLATED = [code for code in LANGUAGES if code != "en"]

_HOLE = re.compile(r"%\(\w+\)s|\{\w+\}")


@cache
def said() -> frozenset[str | tuple[str, ...]]:
    """Every message in the program, as `make translations` finds it."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    method_map = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options_map = {
        mapping["pattern"]: {key: value for key, value in mapping.items() if key not in ("pattern", "method")}
        for mapping in mappings
    }
    found = extract_from_dir(ROOT, method_map, options_map, directory_filter=lambda folder: not _is_hidden(folder))
    return frozenset(message for _file, _line, message, _comments, _context in found)


def _is_hidden(folder: str) -> bool:
    return Path(folder).name.startswith(".") or Path(folder).name in ("build", "tests")


@cache
def catalogue(code: str) -> Catalog:
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=code)


def messages(code: str) -> Iterator[Message]:
    return (message for message in catalogue(code) if message.id)


def strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ())


def test_the_search_finds_what_the_program_says() -> None:
    assert "Another amount" in said()
    assert len(said()) > 200


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_what_is_said_and_nothing_else(code: str) -> None:
    known = {message.id for message in messages(code)}
    assert known == said()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_in_every_form(code: str) -> None:
    for message in messages(code):
        assert all(strings(message)), message.id
        assert not message.fuzzy, message.id
        if message.pluralizable:
            assert len(strings(message)) == catalogue(code).num_plurals, message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_the_holes(code: str) -> None:
    for message in messages(code):
        wanted = set(_HOLE.findall(message.id if isinstance(message.id, str) else message.id[-1]))
        for string in strings(message):
            assert set(_HOLE.findall(string)) == wanted, message.id


@pytest.mark.parametrize(
    "number,sentence",
    [
        (1, "Wpłaciła 1 osoba"),
        (2, "Wpłaciły 2 osoby"),
        (5, "Wpłaciło 5 osób"),
        (12, "Wpłaciło 12 osób"),
        (22, "Wpłaciły 22 osoby"),
        (112, "Wpłaciło 112 osób"),
    ],
)
def test_verb_and_noun_agree_with_the_number(number: int, sentence: str) -> None:
    template = language(DEFAULT).ngettext("%(people)s person has given", "%(people)s people have given", number)
    assert template % {"people": number} == sentence
