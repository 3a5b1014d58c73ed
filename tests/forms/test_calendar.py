"""Working days by the official calendar and an employer's supplement; never weekends alone."""

from datetime import date
from pathlib import Path

import pytest

from forms.calendar import official_calendar, read_calendar
from forms.faults import FormError
from rules.texts import RuleError
from rules.workdays import notice_period
from tests.forms.files import csv_file, said, xlsx_file

HEAD = ["date", "kind"]
NEXT = [["2027-01-01", "holiday"], ["2027-01-03", "workday"]]


def supplement(tmp_path: Path, *rows: list[str], name: str = "days.csv") -> Path:
    file = tmp_path / name
    file.write_bytes((xlsx_file if name.endswith(".xlsx") else csv_file)(HEAD, *rows))
    return file


def refusal(file: Path) -> list[str]:
    with pytest.raises(FormError) as caught:
        read_calendar(file)
    return said(caught.value.faults)


@pytest.mark.parametrize(
    ("posted", "counted", "last"),
    [
        ("2026-02-12", True, "2026-02-25"),
        ("2026-02-12", False, "2026-02-26"),
        ("2026-04-29", True, "2026-05-08"),
        ("2026-04-29", False, "2026-05-09"),
        ("2026-09-28", True, "2026-10-09"),
        ("2026-09-28", False, "2026-10-10"),
        ("2026-12-25", True, "2026-12-31"),
    ],
)
def test_five_working_days_are_those_of_the_state_council(posted: str, counted: bool, last: str) -> None:  # noqa: FBT001 - pytest passes it by name
    day = date.fromisoformat(posted)
    period = notice_period(day, working_days=5, count_first_day=counted, calendar=official_calendar())
    assert period.last_day == date.fromisoformat(last)


def test_a_year_without_data_is_a_hard_stop() -> None:
    with pytest.raises(RuleError, match="2027"):
        notice_period(date(2026, 12, 25), working_days=5, count_first_day=False, calendar=official_calendar())


def test_the_official_calendar_knows_whole_years() -> None:
    days = official_calendar().days
    assert min(days).timetuple().tm_yday == 1
    assert (max(days).month, max(days).day) == (12, 31)
    assert len(days) == (max(days) - min(days)).days + 1


@pytest.mark.parametrize("name", ["days.csv", "days.xlsx"])
def test_a_supplement_makes_a_year_known(name: str, tmp_path: Path) -> None:
    calendar = read_calendar(supplement(tmp_path, *NEXT, name=name))
    assert [calendar.is_working(date(2027, 1, day)) for day in range(1, 8)] == [
        False,
        False,
        True,
        True,
        True,
        True,
        True,
    ]
    assert calendar.is_working(date(2026, 10, 1)) is False
    assert calendar.source == f"chinesecalendar + {name}"
    assert notice_period(date(2026, 12, 25), working_days=5, count_first_day=False, calendar=calendar).last_day == date(
        2027, 1, 3
    )
    with pytest.raises(RuleError, match="2028"):
        calendar.is_working(date(2028, 1, 3))


def test_a_supplement_stands_over_the_official_calendar_for_its_years(tmp_path: Path) -> None:
    calendar = read_calendar(supplement(tmp_path, ["2026-03-02", "holiday"]))
    assert calendar.is_working(date(2026, 3, 2)) is False
    assert calendar.is_working(date(2026, 10, 1)) is True
    assert calendar.is_working(date(2025, 10, 1)) is False


def test_reading_a_supplement_does_not_change_the_official_calendar(tmp_path: Path) -> None:
    read_calendar(supplement(tmp_path, *NEXT))
    assert date(2027, 1, 1) not in official_calendar().days


def test_every_wrong_row_is_told(tmp_path: Path) -> None:
    rows = (["2027-02-29", "holiday"], ["2027-01-01", "holiday"], ["2027/1/4", "Holiday"], ["", "workday"])
    assert refusal(supplement(tmp_path, *rows)) == [
        "days.csv 第 2 行 “date”（填写为“2027-02-29”）：没有这一天，请核对日期",
        "days.csv 第 4 行 “date”（填写为“2027/1/4”）：应为 YYYY-MM-DD 形式的日期，如 2026-09-30",
        "days.csv 第 4 行 “kind”（填写为“Holiday”）：只能是 holiday、workday",
        "days.csv 第 5 行 “date”（填写为“”）：不能为空",
    ]


def test_a_day_that_is_both_is_neither(tmp_path: Path) -> None:
    faults = refusal(supplement(tmp_path, ["2027-01-01", "holiday"], ["2027-01-01", "workday"]))
    assert faults[1] == "days.csv 第 3 行：与第 2 行的 2027-01-01 相同而内容不同，请只留一行"


def test_a_day_twice_is_that_day(tmp_path: Path) -> None:
    assert read_calendar(supplement(tmp_path, NEXT[0], NEXT[0])).is_working(date(2027, 1, 1)) is False


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "文件是空的"),
        (b"date,kind\n", "没有任何日期"),
        (b"day,kind\n2027-01-01,holiday\n", "缺少列 date"),
        ("date,kind\n2027-01-01,休息\n".encode("gb18030"), "不是 UTF-8"),
        (b"date,kind\n2027-01-01,holi\0day\n", "空字符"),
        (b'date,kind\n"2027-01-01,holiday\n', "引号不配对"),
    ],
)
def test_what_is_no_supplement_is_refused(content: bytes, what: str, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_bytes(content)
    assert what in refusal(file)[0]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_break_nothing(day: str, tmp_path: Path) -> None:
    assert read_calendar(supplement(tmp_path, [day, "workday"])).is_working(date.fromisoformat(day)) is True
