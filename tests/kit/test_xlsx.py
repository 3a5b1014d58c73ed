"""Workbooks: the same bytes each time, exact numbers, and texts that stay texts."""

import io
import time
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from kit import xlsx, xlsx_writing
from kit.xlsx_tables import Cell, Column, Table

ISSUED = datetime(2026, 10, 19, 8, 0, tzinfo=timezone(timedelta(hours=8)))
COLUMNS = (Column("工号"), Column("成绩", form="0.00"))


def made(*rows: Sequence[Cell], name: str = "成绩", **more: Any) -> bytes:
    return xlsx.workbook([Table(name, COLUMNS, rows, **more)], title="甲 & 乙", issued=ISSUED)


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheets(content: bytes) -> dict[str, Any]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def test_the_same_tables_give_the_same_bytes_at_any_time() -> None:
    before = made(("001", Decimal("9.50")))
    time.sleep(2.1)  # an archive notes times to two seconds
    assert made(("001", Decimal("9.50"))) == before


def test_every_date_in_the_file_is_that_of_the_document() -> None:
    content = made(("001", 1))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 10, 19, 0, 0, 0)}
    assert parts(content)["docProps/core.xml"].count("2026-10-19T00:00:00Z") == 2


def test_numbers_are_written_digit_for_digit() -> None:
    numbers = [Decimal("77.70"), Decimal("1E+2"), Decimal("0.1"), Decimal("12345.6789012345"), 7]
    content = parts(made(*((str(n), number) for n, number in enumerate(numbers))))["xl/worksheets/sheet1.xml"]
    for shown in ("77.7", "100", "0.1", "12345.6789012345", "7"):
        assert f"<v>{shown}</v>" in content


def test_a_number_longer_than_spreadsheets_hold_stays_an_exact_text() -> None:
    cell = sheets(made(("001", Decimal("1.2345678901234567"))))["成绩"]["B2"]
    assert (cell.value, cell.data_type) == ("1.2345678901234567", "s")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_stays_a_quoted_text(text: str) -> None:
    content = made((text, 1))
    cell = sheets(content)["成绩"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert "<f>" not in parts(content)["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("text", ["001", "#N/A", "1E5", "玥堃赟 𠮷", " 甲 "])
def test_any_text_stays_as_it_is(text: str) -> None:
    cell = sheets(made((text, 1)))["成绩"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", False)


def test_a_character_that_the_format_forbids_is_replaced() -> None:
    assert sheets(made(("甲\x01乙", 1)))["成绩"]["A2"].value == "甲\ufffd乙"


def test_an_unknown_value_is_an_empty_cell() -> None:
    assert sheets(made(("001", None)))["成绩"]["B2"].value is None


def test_the_head_stays_in_view_filters_and_is_printed_on_every_page() -> None:
    sheet = sheets(made(("001", 1), ("002", 2), frozen=1))["成绩"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:B3", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddHeader.center.text == "甲 && 乙 · 成绩"
    assert sheet["B2"].number_format == "0.00"


def test_a_table_without_rows_is_a_head_alone() -> None:
    sheet = sheets(made())["成绩"]
    assert [cell.value for cell in sheet[1]] == ["工号", "成绩"]
    assert sheet.max_row == 1


def test_names_of_sheets_are_made_allowed_and_different() -> None:
    names = ["评分[一]/二", "评分[一]/二", "长" * 40, "长" * 41, "", "'引'"]
    content = xlsx.workbook([Table(name, COLUMNS, ()) for name in names], title="甲", issued=ISSUED)
    assert list(sheets(content)) == ["评分·一··二", "评分·一··二 (2)", "长" * 31, "长" * 27 + " (2)", "1", "引"]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writing, "MOST_ROWS", 2)
    made_of = sheets(made(("001", 1), ("002", 2), ("003", 3), ("004", 4)))
    assert [(name, sheet.max_row) for name, sheet in made_of.items()] == [("成绩", 3), ("成绩 (2)", 3)]
