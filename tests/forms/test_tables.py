"""Any file → a table with right row numbers, or a message with place and remedy."""

from pathlib import Path

import pytest

from forms import tables
from forms.faults import FormError
from forms.tables import read_table
from kit.i18n import say
from tests.forms.files import csv_file, refused

PLAIN = csv_file(["staff_no", "name"], ["001", "王芳"], ["002", "李雷"])
ROWS = [(2, ("001", "王芳")), (3, ("002", "李雷"))]


def test_a_table_is_a_header_and_numbered_rows(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(PLAIN)
    table = read_table(file)
    assert (table.name, table.header, table.rows) == ("people.csv", ("staff_no", "name"), ROWS)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_byte_order_marks_and_any_line_end_are_tolerated(mark: bytes, end: bytes) -> None:
    table = read_table(mark + PLAIN.replace(b"\n", end), name="t.csv")
    assert (table.header, table.rows) == (("staff_no", "name"), ROWS)


def test_a_byte_order_mark_does_not_break_a_quoted_column_name() -> None:
    assert read_table(b'\xef\xbb\xbf"staff_no",name\n1,2\n').header == ("staff_no", "name")


def test_the_last_line_need_not_end() -> None:
    assert read_table(PLAIN.rstrip(b"\n")).rows == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_row_numbers_are_those_of_a_spreadsheet_also_after_quoted_line_ends_and_blank_lines(end: str) -> None:
    text = end.join(["a,b", f'1,"two{end}lines"', "", "  ", ",", "2,x", '3,"', ""])
    with pytest.raises(FormError) as caught:
        read_table(text.encode())
    assert caught.value.faults[0].line == 7
    assert read_table(text.rpartition("3,")[0].encode()).rows == [(2, ("1", f"two{end}lines")), (6, ("2", "x"))]


def test_column_names_may_be_wide_and_surrounded_by_blanks() -> None:
    content = "\u3000ｓｔａｆｆ＿ｎｏ , name\t\n1,2\n".encode()
    assert read_table(content).header == ("staff_no", "name")


def test_cells_stay_as_they_are() -> None:
    row = [" 1", "=1+1", "１２", "", "a,b", 'say "no"', "\U00020bb7·\u200d"]
    assert read_table(csv_file("abcdefg", row)).rows == [(2, tuple(row))]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b",,\n1,2,3\n", b" \n", b'""\n'])
def test_an_empty_file_says_so(content: bytes) -> None:
    assert refused(content) == ["t.csv 第 1 行：文件是空的；第一行应是列名"]


def test_empty_columns_at_the_end_are_no_columns() -> None:
    table = read_table(b"a,b,,\n1,2,,\n3,4\n5,6,\n")
    assert table.header == ("a", "b")
    assert [row for _line, row in table.rows] == [("1", "2"), ("3", "4"), ("5", "6")]
    assert table.torn == {}


def test_a_ragged_row_is_told_with_its_number_and_the_others_are_there() -> None:
    table = read_table("a,b,c\n1,2,3\n1,2\n1,2,3,\n1,2,3,x\n王芳,上午好，a,b,c\n".encode())
    assert {line: say(why) for line, why in table.torn.items()} == {
        3: "只有 2 格，而列名有 3 个；空着的格也要留逗号",
        5: "有 4 格，而列名只有 3 个；含逗号的内容要加引号",
        6: "有 4 格，而列名只有 3 个；含逗号的内容要加引号",
    }
    assert [line for line, _row in table.rows] == [2, 3, 4, 5, 6]
    assert {len(row) for _line, row in table.rows} == {3}


@pytest.mark.parametrize("comma", [";", "\t", "，", "|"])
def test_another_separator_is_named(comma: str) -> None:
    assert "英文逗号" in refused(PLAIN.decode().replace(",", comma).encode())[0]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_told_with_its_line_and_remedy(encoding: str) -> None:
    content = "a,b\n1,2\n王芳,x\n".encode(encoding)
    [fault] = refused(content)
    assert "CSV UTF-8" in fault
    assert ("第 3 行" if encoding == "gb18030" else "第 1 行") in fault


@pytest.mark.parametrize("half", [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc0\x80", b"\xff"])
def test_bytes_that_are_no_characters_are_told_with_their_line(half: bytes) -> None:
    assert refused(b"a,b\n1,2\n1," + half + b"\n") == [
        "t.csv 第 3 行：不是 UTF-8 编码；请在表格软件中另存为“CSV UTF-8”"
    ]


def test_a_null_character_is_told_with_its_line() -> None:
    assert refused(b"a,b\n1,2\n1,\0\n") == ["t.csv 第 3 行：含有空字符，不是文本文件；请重新导出"]


@pytest.mark.parametrize("text", ['a,b\n1,2\n3,"x\n4,5\n', 'a,b\n1,2\n3,"x"y\n', "a,b\n1,2\n3," + "x" * 200_000])
def test_a_broken_quote_or_an_endless_cell_is_told_where_it_begins(text: str) -> None:
    assert refused(text.encode()) == ["t.csv 第 3 行：从这一行起引号不配对，或一格太长；请改正后重试"]


def test_an_old_or_encrypted_workbook_is_named_whatever_its_ending() -> None:
    assert "旧式 .xls 或加密" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "people.csv")[0]


@pytest.mark.parametrize(
    "content", [b"<html><table><tr><td>1</td></tr></table>", b'\n <?xml version="1.0"?><Workbook/>']
)
def test_a_web_page_that_calls_itself_a_table_is_named(content: bytes) -> None:
    assert "网页或 XML" in refused(content, "people.xls")[0]


def test_too_large_a_file_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 3 * 1024**2)
    file = tmp_path / "t.csv"
    with file.open("wb") as out:
        out.truncate(3 * 1024**2 + 1)
    with pytest.raises(FormError) as caught:
        read_table(file)
    assert say(caught.value.faults[0].whole()) == "t.csv：文件太大（超过 3 MB）"


def test_a_wide_header_over_many_short_rows_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 1_000_000)
    content = b"a" + b",x" * 9_999 + b"\n" + b"1\n" * 200
    assert refused(content) == ["t.csv 第 103 行：行数太多；请分成几个文件"]


def test_blank_lines_without_end_are_not_read_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 100)
    assert refused(b"a\n" + b"\n" * 1000) == ["t.csv 第 101 行：行数太多；请分成几个文件"]
