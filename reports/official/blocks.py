"""What an official document is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.policies import Organisation


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、) or 2 （一）; the numbers are put in by the layout."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``widths`` in percent, ``total`` a last row in the type of the head. The layout numbers its title."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    total: Sequence[str] = ()


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Official:
    """A whole document. ``whole`` are words that a break of the title must not cut; ``notes`` stand at the end."""

    title: str
    blocks: Sequence[Block]
    organisation: Organisation
    issued_on: date
    number: str = ""
    language: str = "zh"
    addressees: str = ""
    notes: Sequence[str] = ()
    whole: Sequence[str] = ()
