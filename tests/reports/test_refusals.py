"""A refused table goes back as it came, with what is wrong beside each row, and no cell of it computes anything."""

import csv
import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from forms.columns import SPECS
from forms.rows import check
from forms.tables import read_table
from kit.i18n import in_language
from reports import refusals
from reports.refusals import Refused

ISSUED = datetime(2026, 10, 12, 1, tzinfo=UTC)
ROWS = [(2, ("001", "a", "x")), (3, ("002", "=cmd|' /C calc'!A0", "7.50")), (5, ("003", "a\nb", "-0.6"))]
REFUSED = Refused(("staff_no", "area", "score"), ROWS, {2: "“score”应为普通小数", 5: "一；二"})


def as_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_row_goes_back_with_its_problem_last() -> None:
    assert as_rows(refusals.as_csv(REFUSED)) == [
        ["staff_no", "area", "score", "问题"],
        ["001", "a", "x", "“score”应为普通小数"],
        ["002", "'=cmd|' /C calc'!A0", "7.50", ""],
        ["003", "a\nb", "-0.6", "一；二"],
    ]


def test_what_is_wrong_with_the_whole_table_stands_in_the_head() -> None:
    content = refusals.as_csv(Refused(["area"], [(2, ["a"])], {1: "缺少列 score"}))
    assert as_rows(content) == [["area", "问题：缺少列 score"], ["a", ""]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_computes_anything(start: str) -> None:
    cell = f"{start}1+A1"
    content = refusals.as_csv(Refused([cell], [(2, [cell])], {2: cell}))
    assert as_rows(content) == [[f"'{cell}", "问题"], [f"'{cell}", f"'{cell}"]]


@pytest.mark.parametrize("number", ["-1", "-0.60", "7", "1e2", "00017"])
def test_plain_numbers_and_texts_stay_as_they_are(number: str) -> None:
    assert as_rows(refusals.as_csv(Refused(["a"], [(2, [number])], {})))[1] == [number, ""]


def test_the_workbook_holds_texts_exactly_as_they_came() -> None:
    content = refusals.as_xlsx(REFUSED, name="exam", issued=ISSUED)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [[cell.value for cell in row] for row in rows[1:]] == [
        ["001", "a", "x", "“score”应为普通小数"],
        ["002", "=cmd|' /C calc'!A0", "7.50", None],
        ["003", "a\nb", "-0.6", "一；二"],
    ]
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}
    assert rows[2][1].quotePrefix


def test_characters_that_break_a_workbook_are_shown_in_it() -> None:
    content = refusals.as_xlsx(Refused(["name"], [(2, ["王\x1b芳"])], {}), name="people", issued=ISSUED)
    assert read_table(content).rows == [(2, ("王\ufffd芳", ""))]


def test_the_mended_file_can_be_imported_with_the_column_still_there() -> None:
    mended = Refused(REFUSED.header, [(2, ["001", "a", "7"]), (3, ["002", "a", "7.50"])], {2: "x"})
    for content in (refusals.as_csv(mended), refusals.as_xlsx(mended, name="exam", issued=ISSUED)):
        found = check(read_table(content), SPECS["exam"])
        assert found.faults == []
        assert [(row.staff_no, str(row.score)) for row in found.records] == [("001", "7"), ("002", "7.50")]


def test_a_table_of_no_rows_goes_back_too() -> None:
    empty = Refused(["area"], [], {1: "缺少列 score"})
    assert read_table(refusals.as_xlsx(empty, name="exam", issued=ISSUED)).header[0] == "area"


def test_the_column_speaks_the_language_in_force() -> None:
    with in_language("en"):
        assert len(as_rows(refusals.as_csv(REFUSED))[0]) == 4
