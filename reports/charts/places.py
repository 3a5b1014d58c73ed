"""Measure out a person's place in the field: a box on a scale that all rows of a table share."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from reports.field import Spread

LENGTH: Final = 200
"""The scale's length in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from ``start`` to 100 with a tick every ``step``."""

    start: int
    step: int

    def at(self, value: Fraction) -> str:
        """Return where a value lies, as an SVG text."""
        return _number((value - self.start) / (100 - self.start))

    @property
    def ticks(self) -> tuple[tuple[str, int], ...]:
        """Return the place and number of each tick."""
        return tuple((self.at(Fraction(n)), n) for n in range(self.start, 101, self.step))

    @property
    def lines(self) -> str:
        """Return the path of the lines at the ticks."""
        return "".join(f"M{x} 0V18" for x, _n in self.ticks)


@dataclass(frozen=True, slots=True)
class Place:
    """One row: the middle eight tenths, the middle half, the median, and the person."""

    low: str
    lower: str
    median: str
    upper: str
    high: str
    own: str


def scale(values: Sequence[Fraction]) -> Scale:
    """Return a scale that begins at a multiple of 20 (10 near the top) below every value."""
    least = min(values, default=Fraction(0))
    step = 10 if least >= 50 else 20  # noqa: PLR2004 - half of the scale
    start = int(least) // step * step
    return Scale(min(start, 100 - 2 * step), step)


def place(on: Scale, spread: Spread, own: Fraction) -> Place:
    """Measure out one row."""
    return Place(
        low=on.at(spread.low),
        lower=on.at(spread.lower),
        median=on.at(spread.median),
        upper=on.at(spread.upper),
        high=on.at(spread.high),
        own=on.at(own),
    )


def _number(share: Fraction) -> str:
    return f"{round(LENGTH * 100 * share) / 100:.2f}".rstrip("0").rstrip(".")
