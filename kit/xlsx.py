"""Tables as an XLSX workbook: the same bytes for the same tables, and nothing in a cell is ever a formula.

Numbers are numbers, except those of more than 15 digits, which spreadsheets cannot hold. Everything else is text, also
what begins with ``=``: such a cell is quoted, so that it stays a text when somebody edits it. Every date in the file is
that of the document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
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


def workbook(tables: Iterable[Table], *, title: str, issued: datetime, author: str = "") -> bytes:
    """Return the workbook; a table with more rows than a sheet holds goes on in the next sheet."""
    from kit import xlsx_writing  # noqa: PLC0415 - openpyxl is slow to import, and most commands write no workbook

    return xlsx_writing.workbook(tables, title=title, issued=issued, author=author)
