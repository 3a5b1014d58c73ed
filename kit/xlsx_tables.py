"""What goes into a workbook: tables of texts and numbers, see ``kit.xlsx``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

TEXT: Final = "@"
FORMULA: Final = tuple("=+-@\t\r")
"""What spreadsheets take for the beginning of a formula."""

Cell = str | int | Decimal | None
"""A text, a number (``int`` or ``Decimal``), or ``None`` for an empty cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``width`` in characters of Latin text; ``form`` is the number format of its numbers."""

    head: str
    width: float = 10
    form: str = TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: a head that stays in view and filters, ``frozen`` columns that stay too."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    frozen: int = 0
