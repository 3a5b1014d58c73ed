"""The tables of the bundle: every column of BUNDLE.md, what may stand in it, what refers to what."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forms import policies
from forms.cells import CellError
from forms.columns import SPECS
from forms.rows import Checked, check
from forms.tables import read_table
from models.books import BOOKS
from rules.policies import Policy
from rules.records import Application, Incident, Kpi, Mark, Person, Reviewer
from tests.forms.files import csv_file, said

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"
COLUMNS = {
    "people": "staff_no, name, business_line, team, grade, hired_on, in_grade_since, manager_no, email",
    "ratings": "staff_no, period, rating",
    "incidents": "staff_no, occurred_on, severity, description",
    "honours": "staff_no, honour, awarded_on",
    "certificates": "staff_no, certificate, number, issued_on, expires_on",
    "kpis": "staff_no, period, kpi, value",
    "applications": "staff_no, applied_at, status",
    "marks": "stage, staff_no, reviewer_no, criterion, mark, status, comment",
    "attendance": "staff_no, session, status",
    "exam": "staff_no, area, score",
}
PEOPLE, REVIEWERS = {"001", "002"}, {"R1", "R2"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policies.load(SAMPLE / "policy.yaml")


def checked(name: str, *rows: str, policy: Policy | None = None, people: set[str] | None = PEOPLE) -> Checked:
    """Check rows that are written with a blank between their cells (``-`` is an empty one)."""
    header = [c.name for c in SPECS[name].columns]
    cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
    table = read_table(csv_file(header, *(row + [""] * (len(header) - len(row)) for row in cells)), name=f"{name}.csv")
    return check(table, SPECS[name], people=people, policy=policy, reviewers=REVIEWERS)


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_are_those_of_the_format(name: str) -> None:
    assert [c.name for c in SPECS[name].columns] == COLUMNS[name].split(", ")


@pytest.mark.parametrize("name", SPECS)
def test_columns_records_and_books_agree(name: str) -> None:
    spec = SPECS[name]
    assert [c.name for c in spec.columns] == list(spec.record._fields)
    assert (spec.record, spec.key) == (BOOKS[name].record, BOOKS[name].key)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_of_the_sample_counts_once_but_those_of_people_who_have_left(name: str, policy: Policy) -> None:
    people = {row[0] for _line, row in read_table(SAMPLE / "people.csv").rows}
    table = read_table(SAMPLE / f"{name}.csv")
    found = check(table, SPECS[name], policy=policy, people=people)
    place = table.header.index("staff_no")
    first_lines = {row: line for line, row in reversed(table.rows)}
    assert found.faults == []
    assert found.lines == sorted(line for row, line in first_lines.items() if row[place] in people)
    assert len(found.notes) == any(row[place] not in people for row in first_lines)


@pytest.mark.parametrize(
    ("name", "row", "record"),
    [
        (
            "people",
            "001 王芳 phone 一组 Ⅱ级 2020-02-29 - 00002 w@x.cn",
            Person("001", "王芳", "phone", "一组", "Ⅱ级", date(2020, 2, 29), None, "00002", "w@x.cn"),
        ),
        ("incidents", "001 - -", Incident("001", None, None, None)),
        ("kpis", "001 2026Q1 rate -0.60", Kpi("001", "2026Q1", "rate", Decimal("-0.60"))),
        ("kpis", "001 2026Q1 rate -", Kpi("001", "2026Q1", "rate", None)),
        (
            "applications",
            "001 2026-10-12T09:00:00+08:00 withdrawn",
            Application("001", datetime(2026, 10, 12, 1, tzinfo=UTC), "withdrawn"),
        ),
        ("reviewers", "R1 评委 - -", Reviewer("R1", "评委", None, None)),
        (
            "marks",
            "roleplay 001 R1 resolution - recused 亲属",
            Mark("roleplay", "001", "R1", "resolution", None, "recused", "亲属"),
        ),
    ],
)
def test_an_empty_cell_is_not_known_and_never_zero(name: str, row: str, record: Any) -> None:
    found = checked(name, row)
    assert (found.records, found.faults) == ([record], [])


NEEDED = {
    "people": ["staff_no", "name", "business_line"],
    "ratings": ["staff_no", "period"],
    "incidents": ["staff_no"],
    "honours": ["staff_no", "honour"],
    "certificates": ["staff_no", "certificate"],
    "kpis": ["staff_no", "period", "kpi"],
    "applications": ["staff_no", "applied_at", "status"],
    "reviewers": ["reviewer_no", "name"],
    "marks": ["stage", "staff_no", "reviewer_no", "criterion", "status"],
    "attendance": ["staff_no", "session", "status"],
    "exam": ["staff_no", "area"],
}


@pytest.mark.parametrize("name", NEEDED)
def test_what_a_row_cannot_do_without_is_told_in_one_go(name: str) -> None:
    header = [c.name for c in SPECS[name].columns] + ["extra"]
    found = check(read_table(csv_file(header, [""] * (len(header) - 1) + ["x"]), name="t.csv"), SPECS[name])
    assert said(found.faults) == [f"t.csv 第 2 行 “{column}”（填写为“”）：不能为空" for column in NEEDED[name]]
    assert found.records == []


MEN = "001 王芳 phone 一组 Ⅱ 2020-01-01 2021-01-01 - -"
WRONG: list[tuple[str, str, str, str]] = [
    ("people", MEN.replace("phone", "fax"), "business_line", "没有这个业务线；有："),
    ("people", MEN.replace("phone", "Phone"), "business_line", "没有这个业务线"),
    ("people", MEN.replace("001", "../1"), "staff_no", "文件夹名"),
    ("people", MEN.replace("王芳", "王\x1b芳"), "name", "不可见字符 U+001B"),
    ("people", MEN.replace("王芳", "长" * 5000), "name", "太长：最多 200 个字"),
    ("people", MEN.replace("2020-01-01", "2020-1-1"), "hired_on", "YYYY-MM-DD"),
    ("people", MEN.replace("2021-01-01", "2021-02-29"), "in_grade_since", "没有这一天"),
    ("ratings", "001 2026H3 A", "period", "周期"),
    ("incidents", "001 2026-9-1 major", "occurred_on", "YYYY-MM-DD"),
    ("honours", "001 服务之星 x", "awarded_on", "YYYY-MM-DD"),
    ("certificates", "001 CCMP 1 x -", "issued_on", "YYYY-MM-DD"),
    ("certificates", "001 CCMP 1 - never", "expires_on", "YYYY-MM-DD"),
    ("kpis", "001 2026Q1 rate 1e2", "value", "普通小数"),
    ("kpis", "001 2026Q1 rate 0.6%", "value", "普通小数"),
    ("applications", "003 2026-10-12T09:00:00+08:00 submitted", "staff_no", "名册（people.csv）中没有这个工号"),
    ("applications", "1 2026-10-12T09:00:00+08:00 submitted", "staff_no", "名册（people.csv）中没有这个工号"),
    ("applications", "001 2026-10-12T09:00:00 submitted", "applied_at", "时区"),
    ("applications", "001 2026-10-12T09:00:00Z Submitted", "status", "submitted、withdrawn"),
    ("marks", "roleplay 003 R1 resolution 5 scored", "staff_no", "名册（people.csv）中没有这个工号"),
    ("marks", "roleplay 001 R9 resolution 5 scored", "reviewer_no", "没有这个评委；有："),
    ("marks", "roleplay 001 R1 charm 5 scored", "criterion", "没有这个评分项；有："),
    ("marks", "theory 001 R1 resolution 5 scored", "stage", "没有这个评审环节；有：materials"),
    ("marks", "roleplay 001 R1 resolution 5 done", "status", "scored、abstained、recused"),
    ("marks", "roleplay 001 R1 resolution 10.01 scored", "mark", "应在 0 到 10 之间"),
    ("marks", "roleplay 001 R1 resolution 101 abstained", "mark", "应在 0 到 10 之间"),
    ("marks", "roleplay 001 R1 resolution -1 scored", "mark", "不写正负号"),
    ("marks", "roleplay 001 R1 resolution NaN scored", "mark", "普通小数"),
    ("marks", "roleplay 001 R1 resolution 7.0000000000001 scored", "mark", "位数太多"),
    ("attendance", "003 1 present", "staff_no", "名册（people.csv）中没有这个工号"),
    ("attendance", "001 0 present", "session", "从 1 起的整数"),
    ("attendance", "001 9 present", "session", "没有这个培训场次；有：1、2"),
    ("attendance", "001 1 here", "status", "present、late、absent、excused"),
    ("exam", "003 product 5", "staff_no", "名册（people.csv）中没有这个工号"),
    ("exam", "001 astrology 5", "area", "没有这个考试科目；有：product"),
    ("exam", "001 product 100.1", "score", "应在 0 到 100 之间"),
    ("exam", "001 product ９０", "score", "普通小数"),
]


@pytest.mark.parametrize(("name", "row", "column", "what"), WRONG)
def test_a_wrong_cell_is_told_with_its_row_column_and_remedy(
    name: str, row: str, column: str, what: str, policy: Policy
) -> None:
    found = checked(name, row, policy=policy)
    [fault] = found.faults
    assert (fault.file, fault.line, fault.column) == (f"{name}.csv", 2, column)
    assert what in said([fault])[0]
    assert found.records == []


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("marks", "roleplay 001 R1 resolution 10 scored"),
        ("marks", "roleplay 001 R1 resolution 10.000 scored"),
        ("marks", "roleplay 001 R1 resolution 0 scored"),
        ("exam", "001 product 100.00"),
        ("attendance", "001 8 excused"),
    ],
)
def test_the_limit_itself_is_allowed(name: str, row: str, policy: Policy) -> None:
    assert checked(name, row, policy=policy).faults == []


def test_rows_of_stages_that_the_policy_does_not_have_are_ignored_unchecked(policy: Policy) -> None:
    good = "roleplay 001 R1 resolution 5 scored"
    found = checked("marks", "lastyear nobody R9 charm NaN perhaps", good, " lastyear", policy=policy)
    assert (found.faults, found.lines) == ([], [3])
    assert said(found.notes) == ["marks.csv：2 行属于方案中没有的环节，已忽略"]


def test_a_row_without_a_stage_is_no_row_of_another_stage(policy: Policy) -> None:
    assert "不能为空" in said(checked("marks", "- 001 R1 resolution 5 scored", policy=policy).faults)[0]


@pytest.mark.parametrize("name", ["ratings", "incidents", "honours", "certificates", "kpis"])
def test_rows_about_people_who_have_left_are_reported_and_ignored(name: str) -> None:
    rest = {
        "ratings": "2026H1 A",
        "incidents": "- -",
        "honours": "服务之星 -",
        "certificates": "CCMP",
        "kpis": "2026 r 1",
    }
    found = checked(name, f"001 {rest[name]}", f"9 {rest[name]}", f"8 {rest[name]}", f"9 {rest[name]}")
    assert (found.lines, found.faults) == ([2], [])
    assert said(found.notes) == [f"{name}.csv：3 行的人不在名册中（8、9），已忽略"]


def test_periods_of_people_who_have_left_are_no_other_kind_of_period() -> None:
    found = checked("ratings", "9 2026Q1 A", "9 2026Q2 A", "001 2026H1 A")
    assert (found.lines, found.faults) == ([4], [])


def test_the_most_usual_kind_of_period_is_the_right_one() -> None:
    found = checked("ratings", "001 2026Q2 A", "001 2026H1 A", "002 2025H2 A")
    assert found.lines == [3, 4]
    [fault] = said(found.faults)
    assert fault.startswith("ratings.csv 第 2 行 “period”（填写为“2026Q2”）：周期的种类与其他行（如 2025H2）不同")


def test_each_indicator_has_its_own_kind_of_period() -> None:
    assert checked("kpis", "001 2026Q1 rate 1", "001 2026-01 time 1").faults == []
    assert len(checked("kpis", "001 2026Q1 rate 1", "001 2026-01 rate 1").faults) == 1


def test_a_reviewer_who_is_no_member_of_staff_stays_a_reviewer_with_a_note() -> None:
    found = checked("reviewers", "R1 外部评委 - 9", "R2 评委 - 001", "R3 评委 - -")
    assert (found.lines, found.faults) == ([2, 3, 4], [])
    assert said(found.notes) == [
        "reviewers.csv 第 2 行 “staff_no”（填写为“9”）：名册中没有这位评委的工号；若是员工，请核对，否则回避无从判断"
    ]


def test_without_people_policy_and_reviewers_nothing_is_checked_against_them() -> None:
    table = read_table(csv_file(COLUMNS["marks"].split(", "), ["s", "9", "R9", "c", "999", "scored", ""]))
    assert check(table, SPECS["marks"]).faults == []


def test_a_cell_error_carries_what_is_allowed() -> None:
    with pytest.raises(CellError, match="普通小数"):
        SPECS["marks"].columns[4].read("x")
