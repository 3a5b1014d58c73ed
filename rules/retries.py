"""How long to wait before a message that could not be sent is tried again."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=6)
TRIES: Final = 21
"""The last of these tries comes three days after the first; then the clock gives up."""

CUT_OFF: Final = timedelta(minutes=10)
"""Whoever has been sending one message for longer than this was cut off."""


def pause(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries that failed: 1 min, 2, 4, … 6 h; ``None``: give up."""
    if tries >= TRIES:
        return None
    return min(FIRST * (1 << (tries - 1)), LONGEST)
