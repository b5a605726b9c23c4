"""The picture of a campaign: what stands where. SVG breaks no lines and cuts no text, so that is done here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from unicodedata import east_asian_width

from campaigns.web.embed.face import Face

WIDTH = 480
MARGIN = 20
_INNER = WIDTH - 2 * MARGIN
_TITLE_SIZE = 17
_SMALL_SIZE = 14


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, those of campaigns.css and widget.css: a picture can load neither."""

    ground: str
    edge: str
    text: str
    quiet: str
    track: str
    rim: str
    raised: str
    pledged: str


_LIGHT = Palette("#fff", "#dcded8", "#1a211f", "#545f5b", "#e3e5df", "#79847f", "#0b5c56", "#62a89f")
_DARK = Palette("#1a211f", "#323b38", "#edf0ee", "#a8b3af", "#303936", "#7c8783", "#74cdc0", "#3d877d")


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template places. Lengths are pixels of the picture."""

    title: str
    description: str
    lines: tuple[str, ...]
    raised: Decimal
    pledged_from: Decimal
    pledged: Decimal
    has_bar: bool
    amounts: str
    percent: str
    small: str
    palette: Palette


def of(face: Face, theme: str) -> Picture:
    """The picture of a face. A picture cannot know the reader's theme: `auto` is light."""
    amounts = face.amounts.striptags()
    small = _fitting(" · ".join(fact for fact in face.facts if fact != face.percent), _SMALL_SIZE, 1)
    bar = face.bar
    unit = Decimal(_INNER) / 100
    raised = (bar.raised * unit).quantize(Decimal("0.1")) if bar else Decimal(0)
    return Picture(
        title=face.title,
        description=f"{bar.text if bar else amounts}. {small[0] if small else ''}".strip(),
        lines=_fitting(face.title, _TITLE_SIZE, 2),
        raised=raised,
        pledged_from=MARGIN + raised,
        pledged=(bar.pledged * unit).quantize(Decimal("0.1")) if bar else Decimal(0),
        has_bar=bar is not None,
        amounts=amounts,
        percent=face.percent,
        small=small[0] if small else "",
        palette=_DARK if theme == "dark" else _LIGHT,
    )


def plain(message: str, theme: str) -> Picture:
    """A picture that says one sentence."""
    return _of_lines(message, _fitting(message, _TITLE_SIZE, 2), theme)


def empty(name: str, theme: str) -> Picture:
    """A picture without a word in it; `name` is what a screen reader says."""
    return _of_lines(name, (), theme)


def _of_lines(title: str, lines: tuple[str, ...], theme: str) -> Picture:
    nothing = Decimal(0)
    return Picture(title, title, lines, nothing, nothing, nothing, False, "", "", "",
                   _DARK if theme == "dark" else _LIGHT)  # fmt: skip


def _fitting(text: str, size: int, most: int) -> tuple[str, ...]:
    """The text in at most so many lines; what does not fit ends in an ellipsis."""
    room = _INNER / size
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _ems(joined) <= room:
            lines[-1] = joined
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] += "…"
            break
    return tuple(_cut(line, room) for line in lines)


def _cut(line: str, room: float) -> str:
    if _ems(line) <= room:
        return line
    line = line.rstrip("…")
    while line and _ems(line) + 1 > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _ems(text: str) -> float:
    """About how wide a text is, in sizes of its font; fonts differ, so rather too wide than too narrow."""
    return sum(map(_em, text))


def _em(sign: str) -> float:
    if sign in "iljtfrI.,:;!|'()[] \N{NO-BREAK SPACE}":
        return 0.38
    if east_asian_width(sign) in "WF":
        return 1.05
    return 0.8 if sign.isupper() or sign in "mwMW@%—…" else 0.6
