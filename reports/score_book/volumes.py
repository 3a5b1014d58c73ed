"""The score book's volumes: one for most rounds; for a large one the annexes stand in volumes of their own.

A row of an annex takes some ten milliseconds to set, so a volume holds ``MOST`` of them: they are made side by side.
The table of everybody, which is what is signed, always stands whole in the first.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from reports.score_book.annexes import Annex

MOST: Final = 2000
Volume = list[Annex]


def volumes(annexes: Sequence[Annex]) -> list[Volume]:
    """Return which annexes, or parts of them, stand in which volume."""
    if sum(len(annex.people) for annex in annexes) <= MOST:
        return [list(annexes)]
    return [[], *_filled(annexes)]


def _filled(annexes: Sequence[Annex]) -> Iterator[Volume]:
    volume: Volume = []
    room = MOST
    for annex in annexes:
        first = 0
        while first == 0 or first < len(annex.people):
            part = annex.people[first : first + room]
            volume.append(annex._replace(people=part))
            first, room = first + max(len(part), 1), room - len(part)
            if not room:
                yield volume
                volume, room = [], MOST
    if volume:
        yield volume
