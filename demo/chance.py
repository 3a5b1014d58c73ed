"""Chance from a seed: the same numbers on every machine, and a stream of its own for each part.

Only sums and comparisons, no logarithm or sine, whose last digit differs between machines.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, part: str) -> Random:
    """Return the chance of one part; what another part draws does not change it."""
    return Random(f"{seed} {part}")


def bell(chance: Random) -> float:
    """Return a number around 0 with deviation 1, never beyond 3.5: four dice added up."""
    return (chance.random() + chance.random() + chance.random() + chance.random() - 2) * 3**0.5


def falls(chance: Random, share: float) -> bool:
    """Return whether something happens that happens in such a share of cases."""
    return chance.random() < share


def weighed(chance: Random, weights: Mapping[T, float]) -> T:
    """Return one of the keys, each as often as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def within(value: float, low: float, high: float) -> float:
    """Return the value, or the bound that it would cross."""
    return max(low, min(high, value))


def day(chance: Random, first: date, last: date) -> date:
    """Return a day between two days, both included."""
    return first + timedelta(days=chance.randrange((last - first).days + 1))
