"""A first look at the XML of a spreadsheet: refuses what is hostile, and notes what a reader of values passes over.

The parser hands over one piece after the other and keeps none, so however large a part is, this look costs no memory.
"""

from typing import Any, Final
from xml.parsers import expat

from rules.texts import Text, _

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_PIECES: Final = 500_000
"""Elements between two rows or two shared strings; openpyxl keeps them in memory. A row has at most 16,384 cells."""

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, ROW, CELL, VALUE, FORMULA = (f"{MAIN} {tag}" for tag in ("worksheet", "row", "c", "v", "f"))
COLUMN, MERGED, STRING = (f"{MAIN} {tag}" for tag in ("col", "mergeCell", "si"))
TRUE: Final = {"1", "true"}


class SurveyError(Exception):
    """A part that must not be read; ``text`` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


class Survey:
    """What was noted: merged areas with their first row, hidden rows and columns, formulas that nobody computed.

    Rows are counted from 1 and columns from 0, as in ``forms.tables``.
    """

    def __init__(self) -> None:
        self.merged: list[tuple[str, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: frozenset[int] = frozenset()
        self.uncomputed: set[tuple[int, int]] = set()
        self._row = self._column = self._pieces = 0
        self._kind = ""
        self._awaited: tuple[int, int] | None = None
        self._in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self._in_value = name == VALUE
        self._pieces += 1
        if name == CELL:
            self._start_cell(attributes)
        elif name == ROW:
            self._start_row(attributes)
        elif name == STRING:
            self._pieces = 0
        elif name == FORMULA and self._kind != "str":  # a text may well be computed and empty
            self._awaited = (self._row, self._column - 1)
            self.uncomputed.add(self._awaited)
        elif name == COLUMN and attributes.get("hidden") in TRUE:
            first, last = max(int(attributes["min"]), 1), min(int(attributes["max"]), MOST_COLUMNS)
            self.hidden_columns |= set(range(first - 1, last))
        elif name == MERGED and ":" in attributes["ref"]:
            self.merged.append((attributes["ref"], _row_of(attributes["ref"])))
        if self._pieces > MOST_PIECES:
            raise SurveyError(Text(_("内部结构异常庞大，拒绝读取")))

    def text(self, data: str) -> None:
        """Take the text of an element: what a formula came to."""
        if self._in_value and self._awaited and data.strip():
            self.uncomputed.discard(self._awaited)

    def document_type(self, *_said: Any) -> None:  # noqa: ANN401 - whatever the parser tells about it
        """Refuse a document type: no spreadsheet has one, and it is where XML bombs are."""
        raise SurveyError(Text(_("XML 中含有文档类型声明（DTD），拒绝读取")))

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        if not self._row < number <= MOST_ROWS:
            raise SurveyError(Text(_("行号 {n} 乱序或太大；请另存为 .xlsx 或 CSV UTF-8"), {"n": number}))
        self._row, self._column, self._pieces = number, 0, 0
        if attributes.get("hidden") in TRUE and number > 1:
            self.hidden_rows.add(number)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        column = _column_of(reference) if reference else self._column + 1
        if not self._column < column <= MOST_COLUMNS:
            raise SurveyError(Text(_("单元格 {cell} 的次序不对；请另存为 .xlsx 或 CSV UTF-8"), {"cell": reference}))
        self._column, self._kind, self._awaited = column, attributes.get("t", ""), None


def _column_of(reference: str) -> int:
    """Return the number of the column in ``AB12``: A is 1."""
    number = 0
    for letter in reference.rstrip("0123456789")[:4]:  # the last one is XFD
        number = 26 * number + ord(letter) - 64
    return number


def _row_of(area: str) -> int:
    return int(area.partition(":")[0].lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def survey(stream: Any) -> Survey:  # noqa: ANN401 - what zipfile opens
    """Look through one XML part.

    :raises SurveyError: when it must not be read.
    :raises expat.ExpatError: when it is no XML.
    """
    found = Survey()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = found.document_type
    parser.StartElementHandler = found.start
    parser.CharacterDataHandler = found.text
    parser.ParseFile(stream)
    return found
