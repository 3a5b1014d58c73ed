"""What the details of all kinds of stages share."""

from decimal import Decimal

from kit.i18n import gettext as _
from kit.xlsx_tables import Cell, Column
from reports.entries import Entry
from reports.score_book.view import ScoreBook

EXACT = "0.############"
"""The number format of what is not rounded: as many decimals as there are."""

COUNT = "0"


def number(exact: str) -> Cell:
    """Return an exact text as a number; a fraction that never ends stays a text: 233/3."""
    return exact if "/" in exact else Decimal(exact)


def opening() -> tuple[Column, ...]:
    """Return the columns that say who it is."""
    return Column(_("工号"), 11), Column(_("姓名"), 13), Column(_("业务线"), 15)


def who(view: ScoreBook, entry: Entry) -> tuple[Cell, ...]:
    """Return who it is."""
    return entry.person.staff_no, entry.person.name, view.line(entry)
