"""The score book's volumes: one for most rounds, several for a large one.

A row takes some ten milliseconds and a quarter of a megabyte to set, so a volume holds ``MOST`` of them, and volumes
are made side by side. Whoever ranks first stands in the first, with the rules, the seats and the signatures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from reports.score_book.annexes import Annex, annexes
from reports.score_book.order import Group, groups
from reports.score_book.view import ScoreBook

MOST: Final = 2000


@dataclass(slots=True)
class Volume:
    """What stands in a volume: people in order, then annexes, the first and the last piece perhaps in part."""

    groups: list[Group] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return sum(len(group.people) for group in self.groups) + sum(len(annex.people) for annex in self.annexes)


def volumes(view: ScoreBook) -> list[Volume]:
    """Return the volumes in order; at least one, even if nobody applied."""
    made = [Volume()]
    for group in groups(view):
        for volume, first, end in _shares(made, len(group.people)):
            volume.groups.append(group.part(first, end))
    for annex in annexes(view):
        for volume, first, end in _shares(made, len(annex.people)):
            volume.annexes.append(annex.part(first, end))
    return made


def _shares(made: list[Volume], count: int) -> Iterator[tuple[Volume, int, int]]:
    """Return which of so many rows go to which volume, opening new ones; the caller fills each before the next."""
    first = 0
    while first == 0 or first < count:
        if made[-1].size == MOST:
            made.append(Volume())
        end = min(count, first + MOST - made[-1].size)
        yield made[-1], first, end
        first = max(end, 1)
