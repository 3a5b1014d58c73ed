"""A grid as people fill it in: which cells they changed, what is wrong, what somebody else has changed too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from forms.cells import CellError, upto
from rules.texts import Text, _

WORDS: Final[Mapping[str, str]] = {
    "present": _("出勤"),
    "late": _("迟到"),
    "absent": _("缺勤"),
    "excused": _("请假"),
}
"""What stands in a cell of the attendance."""

SHORT: Final[Mapping[str, str]] = {
    **{word: status for status, word in WORDS.items()},
    **dict.fromkeys(("到", "√", "✓", "1", "p", "present"), "present"),
    **dict.fromkeys(("迟", "l", "late"), "late"),
    **dict.fromkeys(("缺", "×", "✗", "x", "0", "a", "absent"), "absent"),
    **dict.fromkeys(("假", "e", "excused"), "excused"),
}
"""What may be typed for it."""


class Cell(NamedTuple):
    """A place in a grid: whose row, which column."""

    staff_no: str
    column: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed into a grid: values of changed cells, faults, and what stands now where others were quicker."""

    changed: dict[Cell, Any] = field(default_factory=dict)
    faults: dict[Cell, Text] = field(default_factory=dict)
    conflicts: dict[Cell, str] = field(default_factory=dict)


def status(text: str) -> str:
    """Read a cell of the attendance: 出勤, or in short."""
    found = SHORT.get(text.strip().casefold())
    if found is None:
        raise CellError(Text(_("只能是：出勤（到）、迟到（迟）、缺勤（缺）、请假（假）")))
    return found


def score(text: str) -> Decimal:
    """Read a score of the examination, 0–100."""
    read: Decimal = upto(Decimal(100))(text.strip())
    return read


def filled(
    typed: Mapping[Cell, str], seen: Mapping[Cell, str], now: Mapping[Cell, str], read: Callable[[str], Any]
) -> Filled:
    """Compare what was typed with what was shown then, and with what stands now; only cells that differ are read.

    A cell that somebody else has changed since, to something else, is a conflict: it is not overwritten.
    """
    found = Filled()
    for cell, text in typed.items():
        shown, there = seen.get(cell, ""), now.get(cell, "")
        if text in {shown, there}:
            continue
        if there != shown:
            found.conflicts[cell] = there
        elif not text:
            found.faults[cell] = Text(_("已录入的不能清空；请改成正确的内容，并写明理由"))
        else:
            _read(found, cell, text, read)
    return found


def _read(found: Filled, cell: Cell, text: str, read: Callable[[str], Any]) -> None:
    try:
        found.changed[cell] = read(text)
    except CellError as error:
        found.faults[cell] = error.text
