"""Imports: every row is checked first, nothing is taken in unless all is good or the good rows were asked for."""

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import func, select

from actions import stages
from cli.app import run
from models.database import reading, transaction
from models.history import Entry
from queries import books, rounds
from queries import stages as standing
from rules.records import Person
from tests.factories import launched, terms
from tests.forms.files import csv_file, xlsx_file

HEADS = {
    "people": [
        "staff_no",
        "name",
        "business_line",
        "team",
        "grade",
        "hired_on",
        "in_grade_since",
        "manager_no",
        "email",
    ],
    "ratings": ["staff_no", "period", "rating"],
    "kpis": ["staff_no", "period", "kpi", "value"],
    "incidents": ["staff_no", "occurred_on", "severity", "description"],
    "applications": ["staff_no", "applied_at", "status"],
    "reviewers": ["reviewer_no", "name", "business_line", "staff_no"],
    "marks": ["stage", "staff_no", "reviewer_no", "criterion", "mark", "status", "comment"],
    "attendance": ["staff_no", "session", "status"],
}
WANG = ["001", "王芳", "phone", "一组", "Ⅱ", "2020-01-01", "", "", ""]
LI = ["002", "李雷", "vip", "", "Ⅱ", "", "", "001", "l@x.cn"]
BAD = ["003", "赵\x1b静", "vip", "", "Ⅱ", "2020-1-1", "", "", ""]

Jingpin = Callable[..., tuple[int, str, str]]


@pytest.fixture
def jingpin(database: Engine, capfd: pytest.CaptureFixture[str]) -> Jingpin:
    """Run a command on a fresh database; returns exit status, output, errors (unbroken)."""

    def command(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        status = run([*map(str, arguments), *(["--by", "hr"] if "import" in arguments else [])])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return command


def table(path: Path, *rows: list[str], name: str = "") -> Path:
    """Write a table of the bundle; its file name says which, unless ``name`` does."""
    make = xlsx_file if path.suffix == ".xlsx" else csv_file
    path.write_bytes(make(HEADS[name or path.stem], *rows))
    return path


def book(name: str, **where: Any) -> list[Any]:
    with reading() as session:
        return books.rows(session, book=name, **where)


def entries() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Entry)).one()


def handed_back(file: Path) -> list[list[str]]:
    if file.suffix == ".xlsx":
        sheet = load_workbook(file).active
        assert sheet is not None
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".CSV"])
def test_a_table_comes_in_and_a_second_time_does_no_harm(ending: str, tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / f"people{ending}", WANG, LI)
    assert jingpin("people", "import", file)[:2] == (0, "people：新增 2 行，更正 0 行，已有 0 行\n")
    taken, entered = book("people"), entries()
    assert [person.name for person in taken] == ["王芳", "李雷"]
    assert jingpin("people", "import", file)[:2] == (0, "people：新增 0 行，更正 0 行，已有 2 行\n")
    assert (book("people"), entries()) == (taken, entered)


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_directory_or_a_zip_of_tables_comes_in_at_once(as_zip: bool, tmp_path: Path, jingpin: Jingpin) -> None:  # noqa: FBT001 - pytest passes it by name
    source = tmp_path / "centre"
    source.mkdir()
    table(source / "people.csv", WANG)
    table(source / "ratings.xlsx", ["001", "2026H1", "A"], ["009", "2026Q1", "C"])
    (source / "notes.txt").write_text("x")
    if as_zip:
        with zipfile.ZipFile(tmp_path / "centre.zip", "w") as archive:
            for file in source.iterdir():
                archive.write(file, f"centre/{file.name}")
        source = tmp_path / "centre.zip"
    status, out, err = jingpin("people", "import", source)
    assert (status, out.splitlines()) == (
        0,
        ["people：新增 1 行，更正 0 行，已有 0 行", "ratings：新增 1 行，更正 0 行，已有 0 行"],
    )
    assert err == "ratings.xlsx：1 行的人不在名册中（009），已忽略\n"
    assert [(row.staff_no, row.rating) for row in book("ratings")] == [("001", "A")]


def test_one_bad_row_keeps_all_out_and_every_fault_of_every_file_is_told(tmp_path: Path, jingpin: Jingpin) -> None:
    table(tmp_path / "people.csv", WANG, BAD, LI)
    table(tmp_path / "kpis.csv", ["001", "2026Q1", "rate", "1e2"], ["001", "2026Q2", "rate", "1"])
    (tmp_path / "ratings.csv").write_bytes(b"\xff")
    status, out, err = jingpin("people", "import", tmp_path)
    assert (status, out) == (1, "")
    assert [line.removeprefix("✗ ").split("（")[0].split("：")[0] for line in err.splitlines()[:4]] == [
        "people.csv 第 3 行 “name”",
        "people.csv 第 3 行 “hired_on”",
        "ratings.csv 第 1 行",
        "kpis.csv 第 2 行 “value”",
    ]
    assert (book("people"), book("kpis"), entries()) == ([], [], 0)


def test_the_good_rows_come_in_when_they_are_asked_for(tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / "people.csv", WANG, BAD, LI)
    status, out, err = jingpin("people", "import", file, "--good-rows")
    assert (status, out) == (0, "people：新增 2 行，更正 0 行，已有 0 行\n")
    assert "跳过 2 处问题，导入 2 行" in err
    assert "第 3 行 “hired_on”" in err
    assert [person.staff_no for person in book("people")] == ["001", "002"]


def test_where_no_row_is_good_there_is_nothing_to_skip(tmp_path: Path, jingpin: Jingpin) -> None:
    assert jingpin("people", "import", table(tmp_path / "people.csv", BAD), "--good-rows")[0] == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_refused_table_is_handed_back_mended_and_taken_in(ending: str, tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / "people.csv", WANG, [*BAD[:3], "=1+1", *BAD[4:]], LI)
    back = tmp_path / f"back.{ending}"
    status, _out, err = jingpin("people", "import", file, "--faults-to", back)
    assert status == 1
    assert f"已把表格连同问题写入 {back}" in err.replace("\n", "")
    head, wang, bad, li = handed_back(back)
    assert head == [*HEADS["people"], "问题"]
    assert (wang, li) == ([*WANG, ""], [*LI, ""])
    assert bad[9] == "“name”含有不可见字符 U+001B，请删去；“hired_on”应为 YYYY-MM-DD 形式的日期，如 2026-09-30"
    assert bad[3] == ("'=1+1" if ending == "csv" else "=1+1")
    bad[1], bad[3], bad[5] = "赵静", "", "2020-01-01"
    mended = tmp_path / f"mended.{ending}"
    mended.write_bytes((csv_file if ending == "csv" else xlsx_file)(head, wang, bad, li))
    assert jingpin("people", "import", mended, "--table", "people")[0] == 0
    assert len(book("people")) == 3


def test_of_several_tables_each_is_handed_back_in_a_file_of_its_own(tmp_path: Path, jingpin: Jingpin) -> None:
    source = tmp_path / "centre"
    source.mkdir()
    table(source / "people.csv", WANG, BAD)
    table(source / "ratings.csv", ["001", "2026H1", "A"])
    table(source / "kpis.csv", ["001", "2026H9", "rate", "1"])
    assert jingpin("people", "import", source, "--faults-to", tmp_path / "back.csv")[0] == 1
    assert sorted(file.name for file in tmp_path.glob("back*")) == ["back.kpis.csv", "back.people.csv"]
    assert handed_back(tmp_path / "back.kpis.csv")[1][4].startswith("“period”应为 2026")


def test_the_good_rows_come_in_and_the_others_are_handed_back(tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / "people.csv", WANG, BAD)
    assert jingpin("people", "import", file, "--good-rows", "--faults-to", tmp_path / "back.csv")[0] == 0
    assert [bool(row[9]) for row in handed_back(tmp_path / "back.csv")[1:]] == [False, True]


def test_nothing_is_handed_back_of_a_good_table_or_of_no_table(tmp_path: Path, jingpin: Jingpin) -> None:
    back = tmp_path / "back.csv"
    assert jingpin("people", "import", table(tmp_path / "people.csv", WANG), "--faults-to", back)[0] == 0
    (tmp_path / "ratings.csv").write_bytes(b"\xff")
    assert jingpin("people", "import", tmp_path / "ratings.csv", "--faults-to", back)[0] == 1
    assert not back.exists()


def test_what_the_whole_table_lacks_is_handed_back_in_its_head(tmp_path: Path, jingpin: Jingpin) -> None:
    (tmp_path / "ratings.csv").write_bytes(b"staff_no,rating\n001,A\n")
    back = tmp_path / "back.csv"
    assert jingpin("people", "import", tmp_path / "ratings.csv", "--faults-to", back)[0] == 1
    assert handed_back(back) == [
        ["staff_no", "rating", "问题：缺少列 period（周期）（现有：staff_no（工号）、rating（绩效等级））"],
        ["001", "A", ""],
    ]


@pytest.mark.parametrize(("name", "what"), [("back.pdf", ".csv 或 .xlsx"), ("people.csv", "要导入的文件本身")])
def test_a_table_is_handed_back_as_a_table_and_never_over_itself(
    name: str, what: str, tmp_path: Path, jingpin: Jingpin
) -> None:
    file = table(tmp_path / "people.csv", BAD)
    before = file.read_bytes()
    status, _out, err = jingpin("people", "import", file, "--faults-to", tmp_path / name)
    assert status == 1
    assert what in err.replace("\n", "")
    assert file.read_bytes() == before


def test_a_changed_row_is_told_with_old_and_new_and_needs_a_reason(tmp_path: Path, jingpin: Jingpin) -> None:
    jingpin("people", "import", table(tmp_path / "people.csv", WANG, LI))
    file = table(tmp_path / "people.csv", LI, [*WANG[:4], "Ⅲ", "", *WANG[6:]])
    back = tmp_path / "back.csv"
    status, _out, err = jingpin("people", "import", file, "--faults-to", back)
    changes = "grade 原为“Ⅱ”，现为“Ⅲ”；hired_on 原为“2020-01-01”，现为“”"
    assert status == 1
    assert f"people.csv 第 3 行：与已录入的不同（{changes}）；确需更正请加 --change 理由" in err
    assert [changes in row[9] for row in handed_back(back)[1:]] == [False, True]
    assert book("people")[0].grade == "Ⅱ"
    assert jingpin("people", "import", file, "--change", "晋级")[:2] == (
        0,
        "people：新增 0 行，更正 1 行，已有 1 行\n",
    )
    assert (book("people")[0].grade, book("people")[0].hired_on) == ("Ⅲ", None)


def test_who_is_not_in_the_full_directory_has_left(tmp_path: Path, jingpin: Jingpin) -> None:
    jingpin("people", "import", table(tmp_path / "people.csv", WANG, LI))
    assert "记为离职 1 人" in jingpin("people", "import", table(tmp_path / "people.csv", LI), "--full")[1]
    assert [person.staff_no for person in book("people")] == ["002"]


@pytest.mark.parametrize("case", ["no people", "bad people", "nobody"])
def test_nobody_has_left_because_of_a_table_that_is_not_the_whole_directory(
    case: str, tmp_path: Path, jingpin: Jingpin
) -> None:
    jingpin("people", "import", table(tmp_path / "people.csv", WANG, LI))
    file = {
        "no people": lambda: table(tmp_path / "ratings.csv", ["001", "2026H1", "A"]),
        "bad people": lambda: table(tmp_path / "people.csv", WANG, BAD),
        "nobody": lambda: table(tmp_path / "people.csv"),
    }[case]()
    status, _out, err = jingpin("people", "import", file, "--full", "--good-rows")
    assert status == 1
    assert "--full 要求完整而没有问题的 people 表" in err.replace("\n", "")
    assert len(book("people")) == 2


def test_a_table_in_two_files_is_refused(tmp_path: Path, jingpin: Jingpin) -> None:
    table(tmp_path / "people.csv", WANG)
    table(tmp_path / "people.xlsx", LI)
    status, _out, err = jingpin("people", "import", tmp_path)
    assert status == 1
    assert "people.csv 和 people.xlsx 是同一张表" in err


def test_which_table_a_file_is_must_be_told(tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / "花名册.csv", WANG, name="people")
    assert "--table" in jingpin("people", "import", file)[2]
    assert jingpin("people", "import", file, "--table", "people")[0] == 0


NAMES = [
    "买买提·吐尔逊",
    "𠮷田·𪚥",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=1+1",
    'O\'Brien "X"',
    "名" * 50,
    "名" * 200,
]


def test_any_name_that_can_be_seen_is_kept_as_it_is(tmp_path: Path, jingpin: Jingpin) -> None:
    rows = [[f"{n:03}", name, *WANG[2:]] for n, name in enumerate(NAMES)]
    assert jingpin("people", "import", table(tmp_path / "people.csv", *rows))[0] == 0
    assert [person.name for person in book("people")] == NAMES


@pytest.mark.parametrize(
    "name", ["王\0芳", "王\x01芳", "王\n芳", "王\x85芳", "王\u202e芳", "王\ufffe芳", "名" * 5000, " "]
)
def test_a_name_that_breaks_documents_is_refused_with_its_place(name: str, tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / "people.csv", WANG, ["002", name, *WANG[2:]])
    status, _out, err = jingpin("people", "import", file)
    assert status == 1
    assert err.startswith("✗ people.csv 第 3 行")


def test_the_longest_values_fit_both_databases(tmp_path: Path, jingpin: Jingpin) -> None:
    long = "长" * 200
    staff_no = "9" * 64
    number = "-999999999999999.999999999999"
    table(tmp_path / "people.csv", [staff_no, long, long, long, long, "0001-01-01", "9999-12-31", staff_no, long])
    table(tmp_path / "kpis.csv", [staff_no, "2026Q1", long, number])
    table(tmp_path / "incidents.csv", [staff_no, "", long, "长" * 10_000])
    assert jingpin("people", "import", tmp_path)[0] == 0
    assert book("people")[0].manager_no == staff_no
    assert book("kpis")[0].value == Decimal(number)
    assert len(book("incidents")[0].description) == 10_000


def test_a_longer_number_or_staff_number_is_refused_and_breaks_no_database(tmp_path: Path, jingpin: Jingpin) -> None:
    jingpin("people", "import", table(tmp_path / "people.csv", WANG))
    for file in (
        table(tmp_path / "people.csv", ["9" * 65, *WANG[1:]]),
        table(tmp_path / "kpis.csv", ["001", "2026Q1", "rate", "0." + "3" * 60]),
        table(tmp_path / "kpis.csv", ["001", "2026Q1", "r" * 3000, "1"]),
    ):
        status, _out, err = jingpin("people", "import", file)
        assert (status, "第 2 行" in err) == (1, True)


@pytest.fixture
def code(database: Engine) -> str:
    """A round over four people with one review stage; they are screened, and everything may be taken in."""
    with transaction() as session:
        the_round = launched(session, mode="replay")
        screening = standing.current(session, round_id=the_round.id)
        assert screening is not None
        for deed in (stages.open_next, stages.tally, stages.finish):
            deed(session, stage_id=screening.id, terms=terms())
        return the_round.code


def of_round(name: str) -> list[Any]:
    with reading() as session:
        return books.rows(session, book=name, round_id=rounds.by_code(session, code="T-1").id)


REVIEWER = ["R1", "评委一", "", "009"]
MARK = ["interview", "001", "R1", "speech", "7.50", "scored", "好\n很好"]


def test_the_evidence_of_a_round_comes_in_and_a_second_time_does_no_harm(
    code: str, tmp_path: Path, jingpin: Jingpin
) -> None:
    status, _out, err = jingpin("reviewers", "import", code, table(tmp_path / "reviewers.csv", REVIEWER))
    assert status == 0
    assert "第 2 行 “staff_no”（填写为“009”）：名册中没有这位评委的工号" in err
    file = table(tmp_path / "marks.xlsx", MARK, ["lastyear", "?", "?", "?", "?", "?", ""], MARK)
    for said in ("新增 1 行，更正 0 行，已有 0 行", "新增 0 行，更正 0 行，已有 1 行"):
        status, out, err = jingpin("marks", "import", code, file)
        assert (status, out) == (0, f"marks：{said}\n")
        assert "1 行属于方案中没有的环节，已忽略" in err
    [mark] = of_round("marks")
    assert (str(mark.mark), mark.comment) == ("7.50", "好\n很好")


def test_marks_are_checked_against_people_reviewers_and_policy(code: str, tmp_path: Path, jingpin: Jingpin) -> None:
    jingpin("reviewers", "import", code, table(tmp_path / "reviewers.csv", REVIEWER))
    wrong = [[*MARK[:1], "999", "R9", *MARK[3:]], [*MARK[:4], "10.5", *MARK[5:]], [*MARK[:3], "charm", *MARK[4:]]]
    back = tmp_path / "back.xlsx"
    file = table(tmp_path / "m.csv", *wrong, name="marks")
    status, _out, err = jingpin("marks", "import", code, file, "--faults-to", back)
    assert status == 1
    assert [line.partition("（")[0].removeprefix("✗ ") for line in err.splitlines() if "第" in line] == [
        "m.csv 第 2 行 “staff_no”",
        "m.csv 第 2 行 “reviewer_no”",
        "m.csv 第 3 行 “mark”",
        "m.csv 第 4 行 “criterion”",
    ]
    assert all(row[7] for row in handed_back(back))
    assert of_round("marks") == []


def test_a_changed_mark_is_told_with_old_and_new(code: str, tmp_path: Path, jingpin: Jingpin) -> None:
    jingpin("reviewers", "import", code, table(tmp_path / "reviewers.csv", REVIEWER))
    jingpin("marks", "import", code, table(tmp_path / "marks.csv", MARK))
    file = table(tmp_path / "marks.csv", [*MARK[:4], "9", *MARK[5:]])
    status, _out, err = jingpin("marks", "import", code, file)
    assert status == 1
    assert "marks.csv 第 2 行：与已录入的不同（mark 原为“7.50”，现为“9”）" in err
    assert jingpin("marks", "import", code, file, "--change", "录入有误")[0] == 0
    assert str(of_round("marks")[0].mark) == "9"


@pytest.mark.parametrize("instant", ["2026-10-13T09:00:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_an_instant_that_no_database_holds_is_refused(
    instant: str, code: str, tmp_path: Path, jingpin: Jingpin
) -> None:
    file = table(tmp_path / "applications.csv", ["001", instant, "submitted"])
    status, _out, err = jingpin("applications", "import", code, file)
    assert (status, "第 2 行 “applied_at”" in err) == (1, True)


def test_without_a_training_stage_attendance_is_not_taken_in(code: str, tmp_path: Path, jingpin: Jingpin) -> None:
    file = table(tmp_path / "attendance.csv", ["001", "1", "present"])
    status, _out, err = jingpin("attendance", "import", code, file)
    assert status == 1
    assert "没有培训环节" in err


def test_people_are_listed_as_they_came(tmp_path: Path, jingpin: Jingpin) -> None:
    jingpin("people", "import", table(tmp_path / "people.csv", LI))
    assert book("people") == [Person("002", "李雷", "vip", None, "Ⅱ", None, None, "001", "l@x.cn")]
