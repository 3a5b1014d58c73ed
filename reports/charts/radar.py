"""Measure out a radar: one axis a criterion, 0 in the middle, 100 at the rim."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin
from typing import Final, NamedTuple

FEWEST, MOST = 3, 12
"""With fewer axes there is no area, with more nothing can be read: then ``charts.html`` draws bars."""

RADIUS: Final = 100.0
GAP: Final = 10.0  # from the rim to a label
LABEL: Final = 11.0  # size of type
LINE: Final = 12.5
CHARACTERS: Final = 7  # in a line of a label beside the radar, which may have two lines
ABOVE: Final = 10  # in the one line of a label above or below it
SIDE: Final = 0.2  # how far beside the vertical an axis must point to have its label beside it


class Axis(NamedTuple):
    """One criterion: the person's value and the field's median, both 0–100."""

    name: str
    value: Fraction
    median: Fraction | None = None


class Label(NamedTuple):
    """One line of text beside the rim."""

    x: str
    y: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Radar:
    """Paths ready to draw; ``dots`` are points of no length, which a round pen draws as dots."""

    rim: str
    net: str
    own: str
    dots: str
    median: str
    labels: tuple[Label, ...]


def drawable(axes: Sequence[Axis]) -> bool:
    """Tell whether so many axes make a radar."""
    return FEWEST <= len(axes) <= MOST


def radar(axes: Sequence[Axis]) -> Radar:
    """Measure out a radar; without every median there is no median line."""
    angles = [2 * pi * n / len(axes) for n in range(len(axes))]
    rings = [_ring([_at(a, RADIUS * share / 5) for a in angles]) for share in range(1, 6)]
    spokes = [f"M0 0L{_at(a, RADIUS)}" for a in angles]
    own = [_at(a, RADIUS * float(axis.value) / 100) for a, axis in zip(angles, axes, strict=True)]
    medians = [
        _at(a, RADIUS * float(axis.median) / 100)
        for a, axis in zip(angles, axes, strict=True)
        if axis.median is not None
    ]
    return Radar(
        rim=rings[-1],
        net="".join(rings + spokes),
        own=_ring(own),
        dots="".join(f"M{point}h0" for point in own),
        median=_ring(medians) if len(medians) == len(axes) else "",
        labels=tuple(label for a, axis in zip(angles, axes, strict=True) for label in _labels(a, axis.name)),
    )


def _at(angle: float, distance: float) -> str:
    return f"{_number(sin(angle) * distance)} {_number(-cos(angle) * distance)}"


def _ring(points: Sequence[str]) -> str:
    return f"M{'L'.join(points)}Z"


def _number(value: float) -> str:
    """Return a coordinate; two decimals are the same on every machine, more might not be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _labels(angle: float, name: str) -> list[Label]:
    x, y = sin(angle) * (RADIUS + GAP), -cos(angle) * (RADIUS + GAP)
    anchor = "middle" if abs(sin(angle)) < SIDE else "start" if sin(angle) > 0 else "end"
    lines = (shortened(name, ABOVE),) if anchor == "middle" else wrapped(name)
    # The block of lines ends at the point for an axis that points up, begins there for one that points down.
    first = y + LABEL * 0.8 - (1 + cos(angle)) / 2 * (LINE * (len(lines) - 1) + LABEL)
    return [Label(_number(x), _number(first + LINE * n), anchor, line) for n, line in enumerate(lines)]


def wrapped(name: str) -> tuple[str, ...]:
    """Return a name in at most two lines of even length, broken at a blank if it has one.

    What is longer is cut (the table beside has it in full).
    """
    if width(name) <= CHARACTERS:
        return (name,)
    half = max((width(name) + 1) // 2, 1)
    blanks = [place for place, c in enumerate(name) if c == " " and width(name[:place]) <= CHARACTERS]
    near = min(blanks, key=lambda place: abs(width(name[:place]) - width(name) / 2), default=0)
    cut = near or _reach(name, min(half, CHARACTERS))
    return (name[:cut].strip(), shortened(name[cut:].strip(), CHARACTERS))


def shortened(text: str, room: float) -> str:
    """Return a text cut to so many characters."""
    return text if width(text) <= room else text[: _reach(text, room - 1)] + "…"


def width(text: str) -> float:
    """Return a width in Chinese characters: Latin letters take about half."""
    return sum(0.5 if c < "\u2000" else 1 for c in text)


def _reach(text: str, room: float) -> int:
    used = 0.0
    for count, character in enumerate(text):
        used += width(character)
        if used > room:
            return count
    return len(text)
