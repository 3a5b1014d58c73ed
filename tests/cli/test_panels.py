"""Panels from the command line: import, list, name substitutes."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from actions import people
from cli.app import run
from models.database import reading, transaction
from models.results import Result
from queries import panels
from rules.records import Personnel
from tests.late import APPLIED_UNTIL, PANEL, at_the_interview, centre, sheet, take_in


def listed(capfd: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    capfd.readouterr()
    assert run(["panels", "list", "T-1", "--json", *options]) == 0
    found: list[dict[str, Any]] = json.loads(capfd.readouterr().out)
    return found


def write(folder: Path, *rows: str) -> str:
    file = folder / "panels.csv"
    file.write_text("stage,staff_no,reviewer_no,status\n" + "".join(f"{row}\n" for row in rows))
    return str(file)


def test_a_panel_is_imported_and_listed(database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    at_the_interview(panel=[])
    file = write(tmp_path, "interview,001,R1,assigned", "interview,001,R8,assigned", "interview,003,R9,assigned")
    assert run(["panels", "import", "T-1", file]) == 0
    moved = [p._replace(team="二组") if p.staff_no == "001" else p for p in centre().people]
    with transaction() as session:
        people.take_in(session, personnel=Personnel(moved), actor="hr", now=APPLIED_UNTIL, change_reason="调组")
    rows = listed(capfd)
    assert [(r["staff_no"], r["name"], r["reviewer_no"], r["reviewer"], r["state"]) for r in rows] == [
        ("001", "王芳", "R1", "郑评委", "open"),
        ("001", "王芳", "R8", "周敏", "open"),
        ("003", "买买提·吐尔逊", "R9", "吴迪", "open"),
    ]
    assert [r["conflict"] for r in rows] == [None, "与候选人同在班组“二组”", None]


def test_a_panel_against_a_recusal_is_not_imported(
    sqlite: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    at_the_interview(panel=[])
    file = write(tmp_path, "interview,001,R1,assigned", "interview,001,R7,assigned", "interview,003,R8,assigned")
    assert run(["panels", "import", "T-1", file]) == 1
    said = capfd.readouterr().err
    assert "R7 陈经理 须回避 001 王芳（是候选人的直接上级）" in said
    assert "R8 周敏 须回避 003 买买提·吐尔逊（与候选人同在班组“二组”）" in said
    assert listed(capfd) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("interview,001,R5,assigned", "R5"),
        ("interview,999,R1,assigned", "999"),
        ("interview,001,R1,perhaps", "perhaps"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_imported(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str], row: str, why: str
) -> None:
    at_the_interview(panel=[])
    assert run(["panels", "import", "T-1", write(tmp_path, "interview,001,R9,assigned", row)]) == 1
    assert why in capfd.readouterr().err
    assert listed(capfd) == []


def test_the_list_tells_open_sheets_from_filed_ones_and_from_those_nobody_needs(
    database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    round_id = at_the_interview(panel=[*PANEL[:-1], PANEL[-1]._replace(status="replaced")])
    take_in(round_id, "marks", [*sheet("001", "R1", "8", "8"), *sheet("001", "R9", None, status="recused")])
    with transaction() as session:
        session.get_one(Result, (round_id, "002")).outcome = "withdrawn"
    states = {(r["staff_no"], r["reviewer_no"]): r["state"] for r in listed(capfd)}
    assert states == {
        ("001", "R1"): "filed",
        ("001", "R9"): "filed",
        ("002", "R1"): "left",
        ("002", "R9"): "left",
        ("003", "R1"): "open",
        ("003", "R9"): "replaced",
    }
    assert [(r["staff_no"], r["reviewer_no"]) for r in listed(capfd, "--open")] == [("003", "R1")]
    assert len(listed(capfd, "--stage", "interview")) == 6
    assert run(["panels", "list", "T-1", "--open"]) == 0
    assert "未完成" in capfd.readouterr().out


def test_a_substitute_is_named_shown_and_taken_back(database: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    round_id = at_the_interview()
    assert run(["panels", "substitute", "T-1", "R9", "R1", "--by", "hr"]) == 0
    assert "评委 R9 的替补是 R1" in capfd.readouterr().out
    assert {r["substitute_no"] for r in listed(capfd) if r["reviewer_no"] == "R9"} == {"R1"}
    assert run(["panels", "substitute", "T-1", "R9"]) == 1
    assert run(["panels", "substitute", "T-1", "R9", "--none"]) == 0
    with reading() as session:
        assert panels.seats(session, round_id=round_id)["R9"].substitute_no is None
