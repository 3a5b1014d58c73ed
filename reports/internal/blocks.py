"""Tables of internal documents: columns, and bodies of rows, each body under a title of its own if it has one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Column(NamedTuple):
    """A column; ``width`` in millimetres (0 shares what is left); ``sub`` stands small below the head."""

    head: str
    width: float = 0
    numeric: bool = False
    sub: str = ""


class Cell(NamedTuple):
    """A cell; ``look`` names classes of the style sheet (``out`` is struck through), ``note`` stands small after it."""

    text: str
    look: str = ""
    note: str = ""
    span: int = 1


Row = tuple[Cell, ...]


class Body(NamedTuple):
    """Rows that belong together."""

    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its ``title`` is repeated with the head on every page."""

    columns: tuple[Column, ...]
    bodies: tuple[Body, ...]
    title: str = ""
    look: str = ""

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return sum(len(body.rows) for body in self.bodies)


class Fact(NamedTuple):
    """A named value at the head of a document, or, with a note, a figure that stands out."""

    label: str
    value: str
    note: str = ""


def row(*texts: str) -> Row:
    """Return a row of plain cells."""
    return tuple(Cell(text) for text in texts)


def table(columns: Iterable[Column], rows: Iterable[Row], *, title: str = "", look: str = "") -> Table:
    """Return a table of one body."""
    return Table(tuple(columns), (Body(tuple(rows)),), title, look)
