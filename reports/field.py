"""The field: how everyone's values lie, without names. Fewer than five values are never described.

Percentiles are interpolated linearly between order statistics (Hyndman and Fan 1996, type 7), exactly.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from reports.arithmetic import Number, fraction
from reports.entries import Entry

FLOOR: Final = 5  # fewer people would recognise each other
FINAL: Final = "final"


class Spread(NamedTuple):
    """How a group's values lie: the middle half from ``lower`` to ``upper``, the middle eight tenths end to end."""

    size: int
    low: Fraction
    lower: Fraction
    median: Fraction
    upper: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Field:
    """Everyone's values in order, by component, by ``stage/criterion`` or ``stage/area``, and as ``final``."""

    values: Mapping[str, tuple[Fraction, ...]]

    def count(self, key: str) -> int:
        """Return how many people have this value."""
        return len(self.values.get(key, ()))

    def spread(self, key: str) -> Spread | None:
        """Return how the values lie, ``None`` for a group too small to be described."""
        values = self.values.get(key, ())
        if len(values) < FLOOR:
            return None
        tenths = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))
        return Spread(len(values), *(_percentile(values, share) for share in tenths))

    def percent_below(self, key: str, value: Number) -> int:
        """Return how many of a hundred others have less, rounded down."""
        values = self.values[key]
        return 100 * bisect_left(values, fraction(value)) // max(len(values) - 1, 1)


def _percentile(values: tuple[Fraction, ...], share: Fraction) -> Fraction:
    place = share * (len(values) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def criterion_key(stage: str, criterion: str) -> str:
    """Return the key of one criterion, or of one area of an examination, of one stage."""
    return f"{stage}/{criterion}"


def criteria_of(entry: Entry) -> dict[str, Fraction]:
    """Return a person's mean on each criterion, 0–100, over the sheets that counted."""
    return {
        criterion_key(stage, criterion): fraction(mean)
        for stage, score in entry.stages.items()
        for criterion, mean in score.working.get("criteria", {}).items()
    }


def areas_of(entry: Entry) -> dict[str, Fraction]:
    """Return a person's score in each area of an examination."""
    return {
        criterion_key(stage, area): fraction(one["score"])
        for stage, score in entry.stages.items()
        for area, one in score.working.get("exam", {}).get("areas", {}).items()
        if one["score"] is not None
    }


def gather(entries: Iterable[Entry]) -> Field:
    """Return the field of a round; computed once for all its documents."""
    values: dict[str, list[Fraction]] = defaultdict(list)
    for entry in entries:
        for key, value in entry.components.items():
            values[key].append(fraction(value))
        for key, judged in (*criteria_of(entry).items(), *areas_of(entry).items()):
            values[key].append(judged)
        if entry.final is not None:
            values[FINAL].append(fraction(entry.final))
    return Field({key: tuple(sorted(found)) for key, found in values.items()})
