"""CSV and XLSX → rows of texts with their row numbers, or every fault that makes the file unreadable."""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from forms.faults import Fault, FormError
from forms.workbooks import Sheet, read_sheet
from rules.texts import Text, _

MOST_BYTES: Final = 512 * 1024**2
MOST_ROWS: Final = 5_000_000
MOST_CELLS: Final = 50_000_000
"""A header of a hundred thousand columns over short rows must not fill the memory."""

OLD_OFFICE, ZIPPED, MARKED_UP = b"\xd0\xcf\x11\xe0", b"PK", b"<"
OTHER_COMMAS: Final = ";\t，；|"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it came: column names in the file's order, and rows as (row number, cells); the header is row 1.

    Every row has as many cells as the header. ``torn`` says of whole rows, ``doubts`` of single cells (by row number
    and place) why they cannot be taken as they stand; ``numbers`` are the rows in which a place holds a number of a
    spreadsheet, where leading zeros are lost; ``hidden`` the places of columns that the spreadsheet does not show.
    """

    name: str
    header: tuple[str, ...]
    rows: list[tuple[int, tuple[str, ...]]]
    torn: Mapping[int, Text] = field(default_factory=dict)
    doubts: Mapping[tuple[int, int], Text] = field(default_factory=dict)
    numbers: Mapping[int, set[int]] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()


def read_table(source: Path | bytes, *, name: str = "") -> Table:
    """Read a CSV (UTF-8, a BOM is tolerated) or XLSX file, whatever its ending.

    :raises FormError: when the file cannot be read as a table.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    content = source if isinstance(source, bytes) else _content(source, name)
    if content.startswith(OLD_OFFICE):
        raise _refused(name, Text(_("是旧式 .xls 或加密的文件；请在表格软件中另存为不加密的 .xlsx 或 CSV UTF-8")))
    if content[:512].lstrip().startswith(MARKED_UP):
        raise _refused(name, Text(_("是网页或 XML，不是表格；请在表格软件中另存为 .xlsx 或 CSV UTF-8")))
    if content.startswith(ZIPPED):
        return _of_sheet(name, read_sheet(content, name))
    return _of_csv(name, _records(content, name))


def _content(path: Path, name: str) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise _refused(name, Text(_("文件太大（超过 {most} MB）"), {"most": MOST_BYTES // 1024**2}))
    return path.read_bytes()


def _refused(name: str, why: Text, *, line: int | None = None) -> FormError:
    return FormError([Fault(why, name, line)])


def _records(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV file, numbered as a spreadsheet shows them: line ends within quotes do not count."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(name, Text(_("不是 UTF-8 编码；请在表格软件中另存为“CSV UTF-8”")), line=line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _refused(name, Text(_("含有空字符，不是文本文件；请重新导出")), line=line)
    number = 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            yield number, record
    except csv.Error:
        raise _refused(name, Text(_("从这一行起引号不配对，或一格太长；请改正后重试")), line=number + 1) from None


def _of_csv(name: str, records: Iterator[tuple[int, list[str]]]) -> Table:
    header = _header(name, next(records, (1, []))[1])
    torn: dict[int, Text] = {}
    return Table(name, header, _fitted(name, records, len(header), torn), torn)


def _of_sheet(name: str, sheet: Sheet) -> Table:
    header = _header(name, next(sheet.lines, (1, []))[1])
    uncomputed = {line for line, _place in sheet.doubts}
    rows = _fitted(name, sheet.lines, len(header), None, kept=uncomputed)
    return Table(name, header, rows, sheet.torn, sheet.doubts, sheet.numbers, sheet.hidden)


def _header(name: str, cells: list[str]) -> tuple[str, ...]:
    """Return the column names, without those at the end that are empty."""
    names = [unicodedata.normalize("NFKC", cell).strip("\ufeff").strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise _refused(name, Text(_("文件是空的；第一行应是列名")), line=1)
    if len(names) == 1 and any(mark in cells[0] for mark in OTHER_COMMAS):
        raise _refused(name, Text(_("各列之间要用英文逗号分隔；请在表格软件中另存为“CSV UTF-8”")), line=1)
    return tuple(names)


def _fitted(
    name: str,
    lines: Iterator[tuple[int, list[str]]],
    width: int,
    torn: dict[int, Text] | None,
    *,
    kept: Collection[int] = (),
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows that are not blank (or ``kept`` all the same), all as wide as the header.

    ``torn`` takes up what is wrong with shorter and longer rows; without it, cells stand under their columns anyway.
    """
    # Tuples of texts: Python's collector need not look at them again, which halves the time for large tables.
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in lines:
        if line > MOST_ROWS or len(rows) * width > MOST_CELLS:
            raise _refused(name, Text(_("行数太多；请分成几个文件")), line=line)
        if not any(cells) and line not in kept:
            continue
        row = cells
        if len(cells) != width:
            row = [*cells[:width], *[""] * (width - len(cells))]
            if torn is not None and (why := _misfit(cells, width)):
                torn[line] = why
            elif not any(map(str.strip, row)) and line not in kept:
                continue
        rows.append((line, tuple(row)))
    return rows


def _misfit(cells: list[str], width: int) -> Text | None:
    """Return what is wrong with a row that is not as wide as the header; blanks alone do no harm."""
    if len(cells) < width and "".join(cells).strip():
        return Text(_("只有 {n} 格，而列名有 {width} 个；空着的格也要留逗号"), {"n": len(cells), "width": width})
    if "".join(cells[width:]).strip():
        return Text(_("有 {n} 格，而列名只有 {width} 个；含逗号的内容要加引号"), {"n": len(cells), "width": width})
    return None
