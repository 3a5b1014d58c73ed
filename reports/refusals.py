"""A table that was refused, handed back with one more column that says what is wrong with each row.

It opens in a spreadsheet, is mended there and imported again: the column more is ignored then.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kit.i18n import gettext as _
from kit.i18n import labelled
from kit.xlsx import workbook
from kit.xlsx_tables import FORMULA, Column, Table

NEGATIVE: Final = re.compile(r"-\d+(?:\.\d+)?", re.ASCII)
"""No spreadsheet takes a plain number for a formula."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The table as it came, and the problems in words by row number; those of row 1 are of the whole table."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    problems: Mapping[int, str]

    def heads(self) -> list[str]:
        """Return the column names, the problems' own last."""
        own = _("问题")
        return [*self.header, labelled(own, self.problems[1]) if 1 in self.problems else own]

    def lines(self) -> Iterator[list[str]]:
        """Yield the cells of each row, its problem last."""
        for line, cells in self.rows:
            yield [*cells, self.problems.get(line, "")]


def as_csv(refused: Refused) -> bytes:
    """Return the table as CSV with a BOM; what a spreadsheet would compute gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_defused, refused.heads()))
    writer.writerows([_defused(cell) for cell in row] for row in refused.lines())
    return out.getvalue().encode("utf-8-sig")


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not NEGATIVE.fullmatch(cell) else cell


def as_xlsx(refused: Refused, *, name: str, issued: datetime) -> bytes:
    """Return the table as XLSX, every cell a text as it came."""
    *columns, problem = refused.heads()
    table = Table(
        name,
        [*(Column(head, 14) for head in columns), Column(problem, 60)],
        refused.lines(),
    )
    return workbook([table], title=name, issued=issued)
