"""Everyone's medians, for beside a person's own numbers."""

from collections.abc import Sequence
from typing import Final

from reports.arithmetic import rounded
from reports.field import Field, criterion_key

DIGITS: Final = 2
"""Decimals of what only illustrates, at most."""


def median(field: Field, key: str, *, digits: int = DIGITS) -> str:
    """Return the median of a component or criterion; nothing for a group too small to be described."""
    spread = field.spread(key)
    return rounded(spread.median, min(digits, DIGITS)) if spread else ""


def medians(field: Field, stage: str, keys: Sequence[str]) -> list[str]:
    """Return the medians of a stage's criteria or areas."""
    return [median(field, criterion_key(stage, key)) for key in keys]
