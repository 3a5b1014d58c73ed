"""CSV and XLSX → rows of texts with their row numbers, or every fault that makes the file unreadable."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from forms.faults import Fault, FormError
from rules.texts import Text, _

MOST_BYTES = 512 * 1024 * 1024
MOST_ROWS = 5_000_000
MOST_SHEET_ROWS = 1_048_576
MOST_CELL = 32_767
MOST_RATIO = 200


class Table(NamedTuple):
    """A table as it came: column names in the file's order, and rows as (row number, cells); the header is row 1.

    ``numeric``: the cells (row number, column) that a spreadsheet holds as numbers, where leading zeros are lost.
    """

    name: str
    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    numeric: frozenset[tuple[int, int]] = frozenset()


def read_table(source: Path | bytes, *, name: str = "") -> Table:
    """Read a CSV (UTF-8, a BOM is tolerated) or XLSX file.

    :raises FormError: when the file cannot be read as a table.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    if isinstance(source, Path):
        if source.stat().st_size > MOST_BYTES:
            raise _refused(name, Text(_("文件太大（超过 {most} MB）"), {"most": MOST_BYTES // 1024**2}))
        content = source.read_bytes()
    else:
        content = source
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(name, Text(_("是旧式 .xls 或加密的文件；请在表格软件中另存为不加密的 .xlsx 或 CSV UTF-8")))
    numeric: set[tuple[int, int]] = set()
    lines = _xlsx(content, name, numeric) if content.startswith(b"PK") else _csv(content, name)
    return _table(name, lines)._replace(numeric=frozenset(numeric))


def _refused(name: str, why: Text, *, line: int | None = None) -> FormError:
    return FormError([Fault(why, name, line)])


def _csv(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(name, Text(_("不是 UTF-8 编码；请在表格软件中另存为“CSV UTF-8”")), line=line) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _refused(name, Text(_("含有空字符，不是文本文件；请重新导出")), line=line)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        line = 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refused(
            name, Text(_("引号不配对或格式有误（{what}）"), {"what": str(error)}), line=reader.line_num
        ) from None


def _xlsx(content: bytes, name: str, numeric: set[tuple[int, int]]) -> Iterator[tuple[int, list[str]]]:
    _check_zip(content, name)
    try:
        yield from _rows_of_sheet(content, name, numeric)
    except FormError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken file provokes
        raise _refused(
            name, Text(_("打不开这个 XLSX 文件（{what}）；请重新导出"), {"what": type(error).__name__})
        ) from None


def _rows_of_sheet(content: bytes, name: str, numeric: set[tuple[int, int]]) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and most tables are CSV

    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    sheets = [s for s in values.worksheets if s.sheet_state == "visible"]
    if len(sheets) != 1:
        raise _refused(name, Text(_("应只有一张可见的工作表，现有 {n} 张"), {"n": len(sheets)}))
    pairs = zip(sheets[0].iter_rows(), formulas[sheets[0].title].iter_rows(), strict=False)
    for number, (row, written) in enumerate(pairs, 1):
        if number > MOST_SHEET_ROWS:
            raise _refused(name, Text(_("行数太多")), line=number)
        numeric |= {(number, n) for n, c in enumerate(row) if isinstance(c.value, int | float)}
        yield number, [_cell(c.value, w.value, name, number) for c, w in zip(row, written, strict=False)]


def _check_zip(content: bytes, name: str) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile:
        raise _refused(name, Text(_("XLSX 文件已损坏；请重新导出"))) from None
    size = sum(p.file_size for p in parts)
    if size > MOST_BYTES or size > MOST_RATIO * max(len(content), 100_000):
        raise _refused(name, Text(_("XLSX 文件解压后过大，拒绝读取")))


def _cell(value: Any, written: Any, name: str, line: int) -> str:  # noqa: ANN401 - whatever stands in a cell
    if value is None and isinstance(written, str) and written.startswith("="):
        raise FormError([Fault(Text(_("公式没有计算结果；请粘贴为数值后再导入")), name, line, value=written)])
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case float():
            return format(Decimal(repr(value)), "f").removesuffix(".0")
        case _:
            return str(value)


def _table(name: str, lines: Iterator[tuple[int, list[str]]]) -> Table:
    _line, first = next(lines, (1, []))
    header = tuple(cell.strip() for cell in first)
    if not any(header):
        raise _refused(name, Text(_("文件是空的；第一行应是列名")), line=1)
    named = [h for h in header if h]
    if twice := sorted({h for h in named if named.count(h) > 1}):
        raise _refused(name, Text(_("列名重复：{names}"), {"names": "、".join(twice)}), line=1)
    rows: list[tuple[int, list[str]]] = []
    faults: list[Fault] = []
    for line, cells in lines:
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if len(row) > len(header) and any(row[len(header) :]):
            said = {"n": len(row), "wanted": len(header)}
            faults.append(Fault(Text(_("有 {n} 格，而列名只有 {wanted} 个"), said), name, line))
        elif any(len(cell) > MOST_CELL for cell in row):
            faults.append(Fault(Text(_("单元格内容太长")), name, line))
        rows.append((line, _padded(row, len(header))))
        if len(rows) > MOST_ROWS:
            raise _refused(name, Text(_("行数太多")), line=line)
    if faults:
        raise FormError(faults)
    return Table(name, header, rows)


def _padded(row: Sequence[str], n: int) -> list[str]:
    return [*row[:n], *[""] * (n - len(row))]
