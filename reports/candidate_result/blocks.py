"""What a stage's calculation is shown by: sheets side by side, a small table, lines of arithmetic."""

from dataclasses import dataclass
from typing import ClassVar, Final

ROOM: Final = 104  # millimetres for the columns of all sheets
WIDEST: Final = 16


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark or total; ``struck`` if it was left out, with a word for why."""

    text: str
    struck: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarksRow:
    """One criterion across the sheets, and its mean over those that counted (0–100)."""

    name: str
    weight: str
    most: str
    cells: tuple[Cell, ...]
    mean: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """Anonymous score sheets side by side, a dozen at most."""

    kind: ClassVar[str] = "sheets"
    heads: tuple[str, ...]
    rows: tuple[MarksRow, ...]
    totals: tuple[Cell, ...]
    uses: tuple[str, ...]
    score: str
    all_count: bool

    @property
    def width(self) -> str:
        """Return the width of a sheet's column in millimetres."""
        return f"{min(WIDEST, ROOM / len(self.heads)):.1f}"


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; the first column is text, the others are numbers."""

    kind: ClassVar[str] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two small tables side by side."""

    kind: ClassVar[str] = "pair"
    left: Table
    right: Table


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic on one or more lines, with what it computes before it."""

    kind: ClassVar[str] = "formula"
    name: str
    lines: tuple[str, ...]


Block = Sheets | Table | Pair | Formula
