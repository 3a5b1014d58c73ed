"""XLSX → the rows of its one visible sheet. Nothing of the file is trusted, and nothing of the sheet passes unseen.

openpyxl reads the values. What it does not tell is looked up in the sheet itself first (``forms.sheet_survey``).
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, NamedTuple

from forms.faults import Fault, FormError
from forms.sheet_survey import Survey, SurveyError, survey
from rules.texts import Text, _

MOST_BYTES: Final = 512 * 1024**2
MOST_RATIO: Final = 200
SMALL: Final = 20 * 1024**2
"""Below this size a high compression ratio is no bomb."""

DIGITS: Final = 15
"""What a spreadsheet keeps and shows of a number; the binary tail behind it is nobody's intention."""

XML: Final = (".xml", ".rels")


class Sheet(NamedTuple):
    """The rows with their numbers; while they are read, ``torn``, ``doubts`` and ``numbers`` fill up."""

    lines: Iterator[tuple[int, list[str]]]
    torn: dict[int, Text]
    doubts: dict[tuple[int, int], Text]
    numbers: dict[int, set[int]]
    hidden: frozenset[int]


def read_sheet(content: bytes, name: str) -> Sheet:
    """Return the rows of the one visible sheet.

    :raises FormError: when the file is broken or hostile, or when it has merged cells.
    """
    try:
        return _read(content, name)
    except FormError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken file provokes
        raise _broken(name, error) from None


def _read(content: bytes, name: str) -> Sheet:
    # Slow to import, and most tables are CSV.
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    surveys = _survey(content, name)
    warnings.filterwarnings("ignore", module=r"openpyxl\.")  # it tells of what it would not write again
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(visible) != 1:
        raise _refused(name, Text(_("应只有一张可见的工作表，现有 {n} 张"), {"n": len(visible)}))
    found = surveys[_part_of(visible[0])]
    if found.merged:
        raise FormError([_merged(name, place) for place in found.merged])
    torn = dict.fromkeys(found.hidden_rows, Text(_("这一行被隐藏或筛选掉了；请取消隐藏并核对，或删去这一行")))
    doubts = dict.fromkeys(found.uncomputed, Text(_("公式没有计算结果；请粘贴为数值后再导入")))
    numbers: dict[int, set[int]] = {}
    # Some programs write a smaller area than they fill: rows outside of it would be left out silently.
    visible[0].reset_dimensions()
    lines = _lines(visible[0], name, doubts, numbers)
    return Sheet(lines, torn, doubts, numbers, found.hidden_columns)


def _part_of(sheet: Any) -> str:  # noqa: ANN401 - openpyxl's type of a sheet that is only read is private
    return str(sheet._worksheet_path)  # noqa: SLF001 - openpyxl says nowhere else which part of the file a sheet is


def _survey(content: bytes, name: str) -> dict[str, Survey]:
    """Look through every XML part before openpyxl opens any of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > MOST_BYTES or (size > SMALL and size > MOST_RATIO * len(content)):
            raise _refused(name, Text(_("XLSX 文件解压后过大，拒绝读取")))
        surveys = {}
        for part in parts:
            if part.filename.lower().endswith(XML):
                with archive.open(part) as stream:
                    surveys[part.filename] = _surveyed(stream, name)
        return surveys


def _surveyed(stream: Any, name: str) -> Survey:  # noqa: ANN401 - what zipfile opens
    try:
        return survey(stream)
    except SurveyError as error:
        raise _refused(name, error.text) from None


def _refused(name: str, why: Text, *, line: int | None = None) -> FormError:
    return FormError([Fault(why, name, line)])


def _broken(name: str, error: Exception) -> FormError:
    said = {"what": type(error).__name__}
    return _refused(name, Text(_("打不开这个 XLSX 文件（{what}）；请另存为 .xlsx 或 CSV UTF-8"), said))


def _merged(name: str, place: tuple[str, int]) -> Fault:
    area, line = place
    return Fault(Text(_("{area} 是合并的单元格；请取消合并，每一格都填写"), {"area": area}), name, line)


def _lines(
    sheet: Any,  # noqa: ANN401 - as above
    name: str,
    doubts: dict[tuple[int, int], Text],
    numbers: dict[int, set[int]],
) -> Iterator[tuple[int, list[str]]]:
    error_value = Text(_("是错误值（如 #N/A、#REF!）；请改正后再导入"))
    try:
        for line, row in enumerate(sheet.iter_rows(), 1):
            cells = []
            for place, cell in enumerate(row):
                value = cell.value
                cells.append(value if type(value) is str else _text(value))
                if cell.data_type == "e":
                    doubts[line, place] = error_value
                elif isinstance(value, int | float):
                    numbers.setdefault(place, set()).add(line)
            yield line, cells
    except Exception as error:  # noqa: BLE001 - see read_sheet
        raise _broken(name, error) from None


def _text(value: Any) -> str:  # noqa: ANN401 - whatever stands in a cell
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case float():
            return format(Decimal(f"{value:.{DIGITS}g}"), "f").removesuffix(".0")
        case _:
            return str(value)
