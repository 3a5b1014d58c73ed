"""Printed score sheets: how they are set, so that each candidate's fits one page of A4, and where they lead back."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import segno
from markupsafe import Markup

from kit.settings import settings
from queries.inboxes import Pile
from rules.policies import Criterion
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Setting:
    """A size of the letters: so many fit a line of a criterion's name, or of what a mark means; heights in pixels."""

    name: str
    per_name: int
    per_anchor: int
    name_line: int
    anchor_line: int
    least: int

    def height(self, criteria: Sequence[Criterion]) -> int:
        """Return about how high the rows of the criteria are together."""
        return sum(max(self.least, self._row(c)) for c in criteria)

    def _row(self, criterion: Criterion) -> int:
        anchors = sum(ceil((len(a.says) + len("100.5")) / self.per_anchor) for a in criterion.anchors)
        return self.name_line * ceil(len(criterion.name) / self.per_name) + self.anchor_line * anchors + 14


ROOM: Final = 640
"""So high may the rows be together: what a page has left beside head, notes and signature."""

WIDE: Final = Setting("wide", 18, 21, 24, 20, 80)
CLOSE: Final = Setting("close", 22, 26, 19, 16, 46)


def setting(criteria: Sequence[Criterion]) -> str:
    """Return how a sheet is set: ``wide``, ``close``, or ``apart``: then what marks mean is printed once, in front."""
    return next((one.name for one in (WIDE, CLOSE) if one.height(criteria) <= ROOM), "apart")


def address(visit: Visit, pile: Pile, staff_no: str) -> str:
    """Return the whole address of a sheet."""
    path = visit.url("review_sheet", code=pile.chair.the_round.code, stage=pile.stage.key, staff_no=staff_no)
    return f"{settings().address()}{path}"


def code(address: str) -> Markup:
    """Return a QR code, as SVG, that leads to an address."""
    svg = segno.make(address, error="m").svg_inline(scale=3, border=2, omitsize=False)
    return Markup(svg)  # noqa: S704 - segno draws it; nothing of the address stands in it as text
