"""A whole table: every fault at once, in the order of the file; each row once; the good rows beside the faults."""

from typing import Any

import pytest
from openpyxl import Workbook

from forms.columns import SPECS
from forms.rows import Checked, check
from forms.tables import read_table
from tests.forms.files import Change, csv_file, said, xlsx_file

EXAM = ["staff_no", "area", "score"]


def exam(*rows: list[object]) -> Checked:
    return check(read_table(csv_file(EXAM, *rows), name="exam.csv"), SPECS["exam"])


def test_every_fault_is_told_in_the_order_of_the_file_and_the_good_rows_are_there() -> None:
    found = exam(["1", "a", "x"], ["2", "a", 7], ["", "", "101"], ["3", "a", 8], ["3", "a", 9], ["4", "a", 1])
    assert said(found.faults) == [
        "exam.csv 第 2 行 “score”（填写为“x”）：应为普通小数，如 7.5（不写正负号、空格、逗号、科学记数法）",
        "exam.csv 第 4 行 “staff_no”（填写为“”）：不能为空",
        "exam.csv 第 4 行 “area”（填写为“”）：不能为空",
        "exam.csv 第 4 行 “score”（填写为“101”）：超出范围，应在 0 到 100 之间",
        "exam.csv 第 5 行：与第 6 行的 3 / a 相同而内容不同，请只留一行",
        "exam.csv 第 6 行：与第 5 行的 3 / a 相同而内容不同，请只留一行",
    ]
    assert (found.lines, [row.staff_no for row in found.records]) == ([3, 7], ["2", "4"])


def test_the_faults_of_one_row_do_not_hide_those_of_a_row_in_a_thousand() -> None:
    found = exam(*([f"{n:03}", "a", "x" if n == 498 else 7] for n in range(1000)))
    assert [fault.line for fault in found.faults] == [500]
    assert len(found.records) == 999


def test_identical_rows_count_once() -> None:
    found = exam(["1", "a", "7"], ["1", "a", "7"], [" 1", "a ", "7.0"])
    assert (found.lines, found.faults) == ([2], [])


def test_only_the_columns_that_are_known_are_compared() -> None:
    table = read_table(csv_file([*EXAM, "remark"], ["1", "a", 7, "x"], ["1", "a", 7, "y"]))
    found = check(table, SPECS["exam"])
    assert (found.lines, found.faults) == ([2], [])


def test_of_rows_that_contradict_each_other_none_is_good() -> None:
    found = exam(["1", "a", 7], ["2", "a", 7], ["1", "a", 8], ["1", "a", 7], ["1", "a", ""])
    assert found.lines == [3]
    assert [(fault.line, said([fault])[0].partition("与")[2][:6]) for fault in found.faults] == [
        (2, "第 4 行的"),
        (4, "第 2 行的"),
        (6, "第 2 行的"),
    ]


def test_a_contradiction_that_shows_late_is_told_in_the_order_of_the_file_too() -> None:
    found = exam(["1", "a", 7], ["2", "a", "x"], ["1", "a", 8])
    assert [fault.line for fault in found.faults] == [2, 3, 4]


def test_where_the_whole_row_is_the_key_nothing_contradicts() -> None:
    table = read_table(csv_file(["staff_no", "honour", "awarded_on"], ["1", "星", ""], ["1", "星", "2026-01-01"]))
    found = check(table, SPECS["honours"])
    assert (found.lines, found.faults) == ([2, 3], [])


def test_the_same_instant_in_two_zones_is_one_application() -> None:
    rows = (["1", "2026-10-12T09:00:00+08:00", "submitted"], ["1", "2026-10-12T01:00:00Z", "submitted"])
    found = check(read_table(csv_file(["staff_no", "applied_at", "status"], *rows)), SPECS["applications"])
    assert (found.lines, found.faults) == ([2], [])


def test_columns_are_found_by_name_in_any_order_and_others_are_ignored() -> None:
    content = csv_file(["score", "note", "ａｒｅａ", "note", " staff_no "], [7, "=1+1", "a", "y", "1"])
    [record] = check(read_table(content), SPECS["exam"]).records
    assert (record.staff_no, record.area, str(record.score)) == ("1", "a", "7")


def test_missing_columns_are_told_at_once_with_those_that_are_there() -> None:
    found = check(read_table(csv_file(["Staff_No", "score"], ["1", "7"]), name="exam.csv"), SPECS["exam"])
    assert said(found.faults) == [
        "exam.csv 第 1 行：缺少列 staff_no（工号）、area（科目）（现有：Staff_No、score（成绩））"
    ]


def test_a_known_column_may_not_stand_twice() -> None:
    found = check(read_table(csv_file([*EXAM, "score "], ["1", "a", 7, 8]), name="exam.csv"), SPECS["exam"])
    assert said(found.faults) == ["exam.csv 第 1 行：列名重复：score"]


def test_ragged_rows_are_no_good_rows() -> None:
    table = read_table(b"staff_no,area,score\n1,a\n2,a,7\n3,a,7,8\n", name="exam.csv")
    found = check(table, SPECS["exam"])
    assert [fault.line for fault in found.faults] == [2, 4]
    assert found.lines == [3]


def test_blank_rows_are_not_worth_a_word() -> None:
    found = exam(["", "", ""], [" ", "\u3000", "\t"], ["1", "a", ""])
    assert (found.lines, found.faults) == ([4], [])


def test_what_was_typed_cannot_move_the_cursor_of_who_reads_the_message() -> None:
    [fault] = exam(["1\x1b[2J\n\u202e", "a", 7]).faults
    assert said([fault])[0].startswith("exam.csv 第 2 行 “staff_no”（填写为“1‹U+001B›[2J ‹U+202E›”）")


def sheet(*rows: list[object], change: Change | None = None, name: str = "exam") -> Checked:
    header = [c.name for c in SPECS[name].columns]
    return check(read_table(xlsx_file(header, *rows, change=change), name=f"{name}.xlsx"), SPECS[name])


def test_a_staff_number_that_a_spreadsheet_holds_as_a_number_is_told() -> None:
    found = sheet([1, "a", 7], ["1", "a", 7], ["002", "a", 7.5])
    assert said(found.faults) == [
        "exam.xlsx 第 2 行 “staff_no”（填写为“1”）：在表格中是数字，前导零会丢失；请把这一列设为文本格式后重新填写"
    ]
    assert found.lines == [3, 4]


def test_other_numbers_of_a_spreadsheet_are_read() -> None:
    found = sheet(["1", 2026, "rate", 0.1 + 0.2], ["1", 2025, "rate", -3], name="kpis")
    assert [(row.period, str(row.value)) for row in found.records] == [("2026", "0.3"), ("2025", "-3")]


def test_formulas_and_errors_are_told_only_where_somebody_reads_them() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet["D1"], sheet["D3"], sheet["C2"] = "remark", "=1+1", "=C3"
        sheet["B3"] = "#N/A"

    found = sheet(["1", "a", 7], ["2", "a", 7], ["3", "a", 7], change=change)
    assert [(fault.line, fault.column) for fault in found.faults] == [(2, "score"), (3, "area")]
    assert found.lines == [4]


def test_a_row_of_nothing_but_a_formula_is_told() -> None:
    found = sheet(["", "", "=1+1"])
    assert {fault.column for fault in found.faults} == {"staff_no", "area", "score"}


def test_a_workbook_of_uncomputed_formulas_is_not_an_empty_one() -> None:
    assert len(sheet(["=1", "=2", "=3"], ["=1", "=2", "=3"]).faults) == 6


def test_a_hidden_row_is_told_and_a_hidden_column_noted() -> None:
    def change(_book: Workbook, sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    found = sheet(["1", "a", 7], ["2", "a", 7], change=change)
    assert [fault.line for fault in found.faults] == [2]
    assert said(found.notes) == ["exam.xlsx 第 1 行：score 是隐藏的列，照常读入"]
    assert found.lines == [3]


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_no_score(value: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    assert "普通小数" in said(sheet(["1", "a", value]).faults)[0]
