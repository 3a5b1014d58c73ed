"""What a stage's calculation is shown by: a grid of numbers that is read row by row, and lines of text."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

PAGE, LABEL, TOTAL, USE = 176.0, 17.0, 16.0, 14.0  # millimetres
SUM, PER_TERM = 18.0, 16.0  # what a written-out sum needs
NARROWEST, WIDEST = 12.5, 23.0


class Head(NamedTuple):
    """A column's head: what is judged, and its weight and full mark in small type."""

    name: str
    note: str


class Cell(NamedTuple):
    """A mark; ``struck`` if it was left out, with a word for why."""

    text: str
    struck: bool = False
    note: str = ""


class Row(NamedTuple):
    """A sheet, or the score that follows from them: the marks, the sum as on paper, what it comes to, its use."""

    label: str
    cells: tuple[Cell, ...]
    sum: str = ""
    total: Cell = Cell("")
    use: str = ""
    kind: str = ""  # "score" and "everyone" stand below the sheets


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one sheet each under one head a criterion; without ``summed`` no sums are written in the rows."""

    kind: ClassVar[str] = "grid"
    corner: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    summed: bool
    total: str = ""
    used: bool = False

    @property
    def width(self) -> str:
        """Return the width of one criterion's column."""
        room = PAGE - LABEL - TOTAL * (not self.summed) - USE * self.used
        if not self.summed:
            return f"{min(WIDEST, room / len(self.heads)):.1f}mm"
        return f"{max(NARROWEST, min(WIDEST, (room - SUM) / len(self.heads) - PER_TERM)):.1f}mm"

    @property
    def first_width(self) -> str:
        """Return the width of the first column: it takes what is left where no sums do."""
        return f"{LABEL:.0f}mm" if self.summed else "auto"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of text, each with what it is about before it."""

    kind: ClassVar[str] = "lines"
    lines: tuple[tuple[str, str], ...]


Block = Grid | Lines
