"""XLSX → the rows of its one visible sheet; what a reader would pass over silently is told."""

import io
import re
import time
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from forms import sheet_survey, workbooks
from forms.tables import Table, read_table
from kit.i18n import say
from tests.forms.files import SHEET, STRINGS, Change, csv_file, refused, with_part, xlsx_file

HEAD = ["a", "b"]
PLAIN = xlsx_file(HEAD, ["001", "x"], ["002", "y"])
ROWS = [(2, ("001", "x")), (3, ("002", "y"))]


def table(*rows: list[object], change: Change | None = None) -> Table:
    return read_table(xlsx_file(HEAD, *rows, change=change), name="t.xlsx")


def edited(old: str | bytes, new: str | bytes, *, part: str = SHEET, content: bytes = PLAIN) -> bytes:
    """Return a workbook in which the first ``old`` of a part is ``new``."""
    before, after = (x.encode() if isinstance(x, str) else x for x in (old, new))

    def change(xml: bytes) -> bytes:
        assert before in xml
        return xml.replace(before, after, 1)

    return with_part(content, {part: change})


def test_a_sheet_is_read_whatever_the_file_is_called() -> None:
    assert read_table(PLAIN, name="people.csv").rows == ROWS
    assert read_table(PLAIN).header == ("a", "b")


def test_cells_become_texts_as_a_person_would_write_them() -> None:
    read = table(
        [True, 7.0],
        [date(2026, 9, 30), datetime.fromisoformat("2026-09-30T09:01")],
        [timedelta(hours=1), 0.1 + 0.2],
        [-3, 1e-7],
        [12345678901, "１２"],
    )
    assert [row for _line, row in read.rows] == [
        ("TRUE", "7"),
        ("2026-09-30", "2026-09-30T09:01:00"),
        ("1:00:00", "0.3"),
        ("-3", "0.0000001"),
        ("12345678901", "１２"),
    ]


def test_a_number_is_read_to_the_digits_that_a_spreadsheet_keeps() -> None:
    stored = edited("<v>7.5</v>", "<v>7.0999999999999996</v>", content=xlsx_file(HEAD, ["1", 7.5]))
    assert read_table(stored).rows == [(2, ("1", "7.1"))]


def test_which_cells_are_numbers_is_known() -> None:
    assert table(["001", 1], [2, "002"]).numbers == {1: {2}, 0: {3}}


def test_rows_keep_their_numbers_and_blank_ones_are_left_out() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet["A5"], sheet["B9"] = "x", "y"

    assert table(change=change).rows == [(5, ("x", "")), (9, ("", "y"))]


def test_what_stands_beside_the_columns_is_ignored() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet["A2"], sheet["D2"] = "x", "remark"

    read = table(change=change)
    assert (read.rows, read.torn) == ([(2, ("x", ""))], {})


def test_hidden_sheets_are_not_read() -> None:
    def change(book: Workbook, _sheet: Any) -> None:
        book.create_sheet("lists").sheet_state = "hidden"

    assert table(["1", "2"], change=change).rows == [(2, ("1", "2"))]


@pytest.mark.parametrize("n", [0, 2])
def test_there_must_be_one_visible_sheet(n: int) -> None:
    def change(book: Workbook, sheet: Any) -> None:
        book.create_sheet("more").sheet_state = "visible" if n else "hidden"
        if not n:
            book.active = 1

    content = xlsx_file(HEAD, change=change)
    if not n:
        content = with_part(content, {"xl/workbook.xml": lambda x: x.replace(b'state="visible"', b'state="hidden"')})
    assert refused(content, "t.xlsx") == [f"t.xlsx：应只有一张可见的工作表，现有 {n} 张"]


def test_a_hidden_row_is_no_good_row_but_one_with_a_height_is() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[2].height = 40

    assert {line: say(why) for line, why in table(["1", "2"], ["3", "4"], change=change).torn.items()} == {
        3: "这一行被隐藏或筛选掉了；请取消隐藏并核对，或删去这一行"
    }


def test_hidden_columns_are_known() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["A"].width = 40

    assert table(change=change).hidden == {1}


def test_merged_cells_are_named_with_their_rows() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("A12:B12")

    assert refused(xlsx_file(HEAD, change=change), "t.xlsx") == [
        "t.xlsx 第 2 行：A2:A3 是合并的单元格；请取消合并，每一格都填写",
        "t.xlsx 第 12 行：A12:B12 是合并的单元格；请取消合并，每一格都填写",
    ]


def test_a_formula_that_nobody_computed_is_told_cell_by_cell() -> None:
    read = table(["=1+1", "x"], ["y", "=A2"])
    assert {place: say(why) for place, why in read.doubts.items()} == {
        (2, 0): "公式没有计算结果；请粘贴为数值后再导入",
        (3, 1): "公式没有计算结果；请粘贴为数值后再导入",
    }


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A2"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="A2" t="str"><f>"x"&amp;"y"</f><v>xy</v></c>', "xy"),
        ('<c r="A2" t="str"><f>""</f><v></v></c>', ""),
        ('<c r="A2" t="b"><f>1=1</f><v>1</v></c>', "TRUE"),
        ("<c><f>1+1</f><v> \n2</v></c>", "2"),
    ],
)
def test_a_formula_with_its_result_is_that_result(cell: str, text: str) -> None:
    content = edited('<c r="A2" t="n"><v>9</v></c>', cell, content=xlsx_file(HEAD, [9, "x"]))
    read = read_table(content)
    assert (read.rows, read.doubts) == ([(2, (text, "x"))], {})


@pytest.mark.parametrize(
    "cell", ["<c><f>1+1</f></c>", "<c><f>1+1</f><v/>\n  </c>", '<c><f t="shared" si="0"/><v></v></c>']
)
def test_a_formula_without_its_result_is_found_where_no_cell_says_its_name(cell: str) -> None:
    content = edited('<c r="B2" t="n"><v>9</v></c>', cell, content=xlsx_file(HEAD, ["x", 9]))
    assert set(read_table(content).doubts) == {(2, 1)}


def test_a_row_of_nothing_but_formulas_is_not_taken_for_a_blank_one() -> None:
    read = table(["=1+1", "=A1"], [None, None], ["=A2"])
    assert read.rows == [(2, ("", "")), (4, ("", ""))]
    assert set(read.doubts) == {(2, 0), (2, 1), (4, 0)}


def test_an_error_value_is_no_text() -> None:
    read = table(["#N/A", "x"], ["y", "#DIV/0!"])
    assert {place: say(why) for place, why in read.doubts.items()} == {
        (2, 0): "是错误值（如 #N/A、#REF!）；请改正后再导入",
        (3, 1): "是错误值（如 #N/A、#REF!）；请改正后再导入",
    }


def test_a_date_beyond_the_calendar_is_an_error_value() -> None:
    content = edited("<v>46295</v>", "<v>99999999</v>", content=xlsx_file(HEAD, ["x", date(2026, 9, 30)]))
    assert set(read_table(content).doubts) == {(2, 1)}


@pytest.mark.parametrize("area", ["A1", "A1:A1", "A1:XFD1048576", "B2:C3"])
def test_the_area_that_a_file_claims_to_fill_is_not_believed(area: str) -> None:
    started = time.process_time()
    content = edited('<dimension ref="A1:B3"', f'<dimension ref="{area}"')
    assert (read_table(content).header, read_table(content).rows) == (("a", "b"), ROWS)
    assert time.process_time() - started < 2


def test_a_row_at_the_very_end_is_not_lost() -> None:
    content = PLAIN
    for old, new in (('<row r="3"', '<row r="1048576"'), ('r="A3"', 'r="A1048576"'), ('r="B3"', 'r="B1048576"')):
        content = edited(old, new, content=content)
    assert read_table(content).rows == [(2, ("001", "x")), (1_048_576, ("002", "y"))]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('<row r="3"', '<row r="2"', "行号 2 乱序或太大"),
        ('<row r="3"', '<row r="1"', "行号 1 乱序或太大"),
        ('<row r="3"', '<row r="99999999999999999999"', "乱序或太大"),
        ('<row r="3"', '<row r="-1"', "乱序或太大"),
        ('r="B3"', 'r="A3"', "单元格 A3 的次序不对"),
        ('r="A3"', 'r="C3"', "单元格 B3 的次序不对"),
        ('r="B3"', 'r="XFE3"', "单元格 XFE3 的次序不对"),
        ('r="B3"', f'r="{"Z" * 100_000}3"', "次序不对"),
        ("</worksheet>", '<mergeCells count="1"><mergeCell/></mergeCells></worksheet>', "KeyError"),
        ("<sheetData>", '<cols><col min="x" max="2" hidden="1"/></cols><sheetData>', "ValueError"),
        ("<sheetData>", '<cols><col min="-9" max="9" hidden="1"/></cols><sheetData>', "ValueError"),
        ("</worksheet>", "", "ExpatError"),
    ],
)
def test_rows_and_cells_out_of_place_are_refused_instead_of_lost(old: str, new: str, what: str) -> None:
    [fault] = refused(edited(old, new), "t.xlsx")
    assert what in fault
    assert "另存为" in fault


def test_columns_hidden_without_end_cost_nothing() -> None:
    cols = '<cols><col min="1" max="99999999999" hidden="1"/></cols><sheetData>'
    assert len(read_table(edited("<sheetData>", cols)).hidden) == 16_384


ENTITIES = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
DOCTYPES = {
    "entities within entities": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + ENTITIES + b"]>",
    "a file of this machine": b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    "nothing but its name": b"<!DOCTYPE worksheet>",
}


@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize(
    "part", [SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels"]
)
def test_no_part_may_have_a_document_type(kind: str, part: str) -> None:
    def change(xml: bytes) -> bytes:
        head, end, rest = xml.rpartition(b"?>") if xml.startswith(b"<?xml") else (b"", b"", xml or b"<sst/>")
        return head + end + DOCTYPES[kind] + rest

    assert refused(with_part(PLAIN, {part: change}), "t.xlsx") == ["t.xlsx：XML 中含有文档类型声明（DTD），拒绝读取"]


def test_a_document_type_is_found_in_any_encoding() -> None:
    def change(xml: bytes) -> bytes:
        text = xml.decode().partition("?>")[2] if xml.startswith(b"<?xml") else xml.decode()
        return ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>' + text).encode("utf-16")

    assert "DTD" in refused(with_part(PLAIN, {SHEET: change}), "t.xlsx")[0]


@pytest.mark.parametrize("flood", [b"<x/>", b"<c/>"])
def test_a_flood_of_elements_is_refused_before_it_fills_the_memory(
    flood: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_survey, "MOST_PIECES", 1000)
    assert read_table(PLAIN).rows == ROWS
    assert "异常庞大" in refused(edited(b"<sheetData>", flood * 2000 + b"<sheetData>"), "t.xlsx")[0]


def test_many_rows_are_no_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_survey, "MOST_PIECES", 1000)
    assert len(read_table(xlsx_file(HEAD, *(["1", "2"] for _ in range(2000)))).rows) == 2000


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    bomb = with_part(PLAIN, {SHEET: lambda xml: xml + b" " * 64 * 1024**2})
    assert len(bomb) < 200_000
    assert refused(bomb, "t.xlsx") == ["t.xlsx：XLSX 文件解压后过大，拒绝读取"]


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_BYTES", 1000)
    assert "过大" in refused(PLAIN, "t.xlsx")[0]


def other_office() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")
    return out.getvalue()


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", PLAIN[:-30], PLAIN[:300], other_office()])
def test_what_is_no_workbook_is_refused_with_a_remedy(content: bytes) -> None:
    [fault] = refused(content, "t.xlsx")
    assert re.fullmatch(r"t\.xlsx：打不开这个 XLSX 文件（\w+）；请另存为 \.xlsx 或 CSV UTF-8", fault)


def test_a_workbook_with_a_password_inside_the_zip_is_refused() -> None:
    marked = bytearray(PLAIN)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 4)
    assert "打不开" in refused(bytes(marked), "t.xlsx")[0]


def test_the_same_rows_are_the_same_as_csv_and_as_xlsx() -> None:
    rows = [["staff_no", "name"], ["001", "王芳"], ["002", "买买提·吐尔逊"], ["003", "\U00020bb7田"], ["004", "=1+1x"]]
    book = xlsx_file(*rows, change=lambda _book, sheet: setattr(sheet["B5"], "data_type", "s"))
    assert read_table(book).rows == read_table(csv_file(*rows)).rows
