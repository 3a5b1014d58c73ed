"""Write a workbook with openpyxl, for ``kit.xlsx``, which says what is in it."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count, islice
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from kit.xlsx_tables import FORMULA, TEXT, Cell, Column, Table

MOST_DIGITS: Final = 15
MOST_ROWS: Final = 1_048_575  # below the head
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME: Final = 31
CORE: Final = "docProps/core.xml"
LEVEL: Final = 6


def workbook(tables: Iterable[Table], *, title: str, issued: datetime, author: str = "") -> bytes:
    """Return the workbook, see ``kit.xlsx.workbook``."""
    book, names, sheets = Workbook(write_only=True), set[str](), list(tables)
    for form in sorted({TEXT, *(column.form for table in sheets for column in table.columns)}):
        book.add_named_style(_style(form))
    book.add_named_style(_head_style())
    for table in sheets:
        rows = iter(table.rows)
        for number in count(1):
            part = list(islice(rows, MOST_ROWS))
            if not part and number > 1:
                break
            _fill(book.create_sheet(_free_name(table.name, number, names)), table, part, title)
    properties = DocumentProperties(title=title, creator=author, created=_plain(issued), modified=_plain(issued))
    book.properties = properties
    written = io.BytesIO()
    book.save(written)
    properties.modified = _plain(issued)  # saving has put the present time there
    return _same_each_time(written, {CORE: tostring(properties.to_tree())}, issued)


def _plain(instant: datetime) -> datetime:
    """Return an instant as the file holds it: in UTC, without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)


FONT: Final = "宋体"
LINE: Final = Side("thin", color="B8AFA8")
HEAD: Final = "head"


def _head_style() -> NamedStyle:
    return NamedStyle(
        HEAD,
        font=Font(FONT, sz=10, b=True, color="FFFFFF"),
        fill=PatternFill("solid", fgColor="8B1E1E"),
        border=Border(LINE, LINE, LINE, LINE),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        number_format=TEXT,
    )


def _named(form: str) -> str:
    return f"cell {form}"


def _style(form: str) -> NamedStyle:
    return NamedStyle(
        _named(form),
        font=Font(FONT, sz=10),
        border=Border(bottom=LINE),
        alignment=Alignment(vertical="top", wrap_text=form == TEXT),
        number_format=form,
    )


def _free_name(name: str, number: int, names: set[str]) -> str:
    """Return a name that spreadsheets allow and that no other sheet has."""
    clean = FORBIDDEN.sub("·", name).strip("' ") or "1"
    for n in count(number):
        ending = f" ({n})" if n > 1 else ""
        found = clean[: LONGEST_NAME - len(ending)] + ending
        if found.casefold() not in names:
            names.add(found.casefold())
            return found
    raise AssertionError  # pragma: no cover - counting never ends


def _fill(sheet: Any, table: Table, rows: Sequence[Sequence[Cell]], title: str) -> None:  # noqa: ANN401 - untyped in write-only mode
    letters = [get_column_letter(n) for n in range(1, len(table.columns) + 1)]
    for letter, column in zip(letters, table.columns, strict=True):
        sheet.column_dimensions[letter].width = column.width
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}2"
    _for_print(sheet, title, len(rows))
    pens = _Pens(sheet)
    sheet.append(pens.text(column.head, HEAD) for column in table.columns)
    for row in rows:
        sheet.append(pens.row(table.columns, row))
    if rows:
        sheet.auto_filter.ref = f"A1:{letters[-1]}{len(rows) + 1}"


def _for_print(sheet: Any, title: str, rows: int) -> None:  # noqa: ANN401 - untyped in write-only mode
    """Set up A4 across, as wide as the page, the head on every page, the title above and the page number below."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.print_options.horizontalCentered = True
    if rows:
        sheet.print_title_rows = "1:1"
    sheet.oddHeader.center.text = f"{title} · {sheet.title}".replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


class _Pens:
    """The cells of a sheet, one for each look: openpyxl writes a cell as soon as it gets it, so they serve again."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401 - untyped in write-only mode
        self._sheet, self._cells = sheet, dict[tuple[str, bool], Any]()

    def row(self, columns: Sequence[Column], row: Sequence[Cell]) -> Iterator[Any]:
        """Return the cells of a row, each valid until the next is taken."""
        for column, value in zip(columns, row, strict=True):
            if value is None or isinstance(value, str):
                yield self.text(value or "", _named(TEXT))
            elif len(Decimal(value).as_tuple().digits) > MOST_DIGITS:
                yield self.text(f"{Decimal(value):f}", _named(TEXT))
            else:
                cell = self._cell(_named(column.form))
                cell.value = value
                yield cell

    def text(self, text: str, style: str) -> Any:  # noqa: ANN401 - untyped in write-only mode
        """Return a cell that is a text whatever it looks like: a formula, an error value."""
        cell = self._cell(style, quoted=text.startswith(FORMULA))
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text) or None
        cell.data_type = "s" if text else "n"
        return cell

    def _cell(self, style: str, *, quoted: bool = False) -> Any:  # noqa: ANN401 - untyped in write-only mode
        key = (style, quoted)
        if key not in self._cells:
            self._cells[key] = WriteOnlyCell(self._sheet)
            self._cells[key].style = style
            self._cells[key].quotePrefix = quoted
        return self._cells[key]


def _same_each_time(written: io.BytesIO, instead: Mapping[str, str | bytes], issued: datetime) -> bytes:
    """Return the archive with other contents for some parts, and the document's date for all."""
    again = io.BytesIO()
    with ZipFile(written) as old, ZipFile(again, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = ZipInfo(name, _plain(issued).timetuple()[:6])
            part.compress_type, part.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, instead.get(name) or old.read(name), compresslevel=LEVEL)
    return again.getvalue()
