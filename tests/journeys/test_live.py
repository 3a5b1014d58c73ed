"""A whole live round by the commands that an operator types, while ``jingpin serve`` runs; on both databases."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from actions import stages
from cli.app import run
from models.database import transaction
from tests.factories import policy_text
from tests.journeys.serving import serving, until

CODE = "T-1"
PEOPLE = """\
staff_no,name,business_line,team,grade,hired_on,in_grade_since,manager_no,email
001,王芳,phone,一组,Ⅱ,2020-01-01,,,
002,李雷,phone,一组,2,2021-01-01,,,
003,买买提·吐尔逊,phone,二组,II 级,2022-01-01,,,
004,赵静,vip,三组,Ⅰ,2023-01-01,,,
"""
REVIEWERS = "reviewer_no,name,business_line,staff_no\nR1,评委一,,\nR2,评委二,,\n"
MARKS = "stage,staff_no,reviewer_no,criterion,mark,status,comment\n"

Type = Callable[..., Mapping[str, Any]]


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]) -> Type:
    """Type a command; it succeeds. With ``--json``, what it says is returned."""

    def type_it(*words: str, status: int = 0) -> Mapping[str, Any]:
        capfd.readouterr()
        ended = run(words)
        said = capfd.readouterr()
        assert ended == status, (words, said.out, said.err)
        assert "Traceback" not in said.err
        return json.loads(said.out) if "--json" in words else {"out": said.out, "err": said.err}

    return type_it


def write(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    return str(file)


def policy(folder: Path, now: datetime) -> str:
    """Return the small policy with a window around now, a step that takes two to confirm."""
    text = policy_text(
        **{
            "2026-10-12T09:00:00+08:00": (now - timedelta(days=1)).isoformat(timespec="seconds"),
            "2026-10-16T18:00:00+08:00": (now + timedelta(hours=2)).isoformat(timespec="seconds"),
            "version: 1": "version: 1\nconfirmations: 2",
        }
    ).decode()
    return write(folder / "policy.yaml", text)


def calendar(folder: Path, now: datetime) -> str:
    """Return a calendar for this year and the next, whatever years the official one knows."""
    return write(folder / "calendar.csv", f"date,kind\n{now.year}-01-01,holiday\n{now.year + 1}-01-01,holiday\n")


def marks(folder: Path, **given: str) -> str:
    rows = [
        f"interview,{no.removeprefix('s')},{r},speech,{m},scored,\n" for no, m in given.items() for r in ("R1", "R2")
    ]
    return write(folder / "marks.csv", MARKS + "".join(rows))


def step(typed: Type, key: str) -> str:
    shown = typed("round", "show", CODE, "--json")
    return next(s["state"] for s in shown["stages"] if s["key"] == key)


def reached(typed: Type, key: str) -> None:
    until(lambda: step(typed, key) == "open", f"{key} does not open")


def to_the_decision(typed: Type, folder: Path, now: datetime) -> None:
    """Launch the round and bring it to its decision; a sheet that was forgotten has the interview reopened."""
    typed("round", "launch", policy(folder, now))
    reached(typed, "applications")
    applied = (now - timedelta(hours=1)).isoformat()
    rows = "".join(f"{no},{applied},submitted\n" for no in ("001", "002", "003", "004"))
    typed("applications", "import", CODE, write(folder / "a.csv", "staff_no,applied_at,status\n" + rows))
    typed("reviewers", "import", CODE, write(folder / "r.csv", REVIEWERS))
    typed("marks", "import", CODE, marks(folder, s001="8"), status=1)  # the interview is not open yet
    typed("verify", CODE)
    typed("stage", "extend", CODE, "applications", "--until", "2099-01-01T00:00+08:00", "--reason", "台风")
    typed("stage", "close", CODE, "applications", "--reason", "已收齐", "--yes")
    reached(typed, "interview")
    typed("marks", "import", CODE, marks(folder, s001="8", s002="9"))
    preview = typed("stage", "close", CODE, "interview", "--reason", "已收齐", "--yes")["err"]
    assert "1 人的评分或成绩还不齐，现在截止将在此离开：买买提·吐尔逊（003）" in preview
    reached(typed, "decision")
    typed("verify", CODE)
    preview = typed("stage", "reopen", CODE, "interview", "--reason", "漏录一份", "--yes")["err"]
    assert "王芳（001）" in preview
    assert "这些环节的结果整体撤回，重新清点：面试；综合成绩" in preview
    reached(typed, "interview")
    typed("marks", "import", CODE, marks(folder, s003="10"))
    typed("marks", "import", CODE, marks(folder, s001="8", s002="9", s003="10"))  # again, with the rest: no harm
    typed("stage", "close", CODE, "interview", "--reason", "已收齐", "--yes")
    until(lambda: step(typed, "decision") == "open" and step(typed, "final") == "done", "no decision")


def decide(typed: Type, now: datetime) -> None:
    """Have two people confirm the decision, and let the days of the notice go by."""
    assert "还需 1 人" in typed("decision", "confirm", CODE, "--by", "主任")["out"]
    assert "还需 1 人" in typed("decision", "confirm", CODE, "--by", "主任")["out"]
    assert step(typed, "decision") == "open"
    typed("decision", "confirm", CODE, "--by", "总监")
    reached(typed, "notice")
    typed("verify", CODE)
    with transaction() as session:
        assert [s.key for s in stages.close_due(session, now=now + timedelta(days=30))] == ["_notice"]
    until(lambda: typed("round", "show", CODE, "--json")["state"] == "finished", "the round does not end")


def test_a_live_round_from_launch_to_archive(
    database: Engine, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Type
) -> None:
    now = datetime.now(UTC)
    monkeypatch.setenv("JINGPIN_CALENDAR", calendar(tmp_path, now))
    monkeypatch.setenv("JINGPIN_ACTOR", "人力资源")
    typed("init")
    typed("people", "import", write(tmp_path / "people.csv", PEOPLE))
    with serving(home) as server:
        until(server.conducts, "serve does not conduct")  # else the next command would do so itself
        to_the_decision(typed, tmp_path, now)
        decide(typed, now)
    results = typed("round", "results", CODE, "--json")["results"]
    assert {r["staff_no"]: (r["outcome"], r["final"], r["rank"]) for r in results} == {
        "001": ("reserve", "80.00", 3),
        "002": ("reserve", "90.00", 2),
        "003": ("selected", "100.00", 1),
        "004": ("ineligible", None, None),
    }
    documents = tmp_path / "documents"
    typed("report", "make", CODE, "--out", str(documents))
    names = {p.name for p in documents.rglob("*.pdf")}
    assert {"01 竞聘公告.pdf", "04 结果公示.pdf", "05 任职通知.pdf", "003 个人竞聘结果.pdf"} <= names
    assert typed("verify", "--json") == {"ok": True, "checked": ["directory", CODE], "findings": []}
    told = typed("history", CODE, "--json")
    assert [e["deed"] for e in told].count("decision.confirmed") == 2
    assert next(e["deed"] for e in told if e["actor"] == "人力资源") == "round.launched"
    assert "竞聘轮次“T-1”已经结束或取消" in typed("marks", "import", CODE, marks(tmp_path, s001="9"), status=1)["err"]


def test_without_a_server_a_command_takes_the_round_on_itself(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.journeys.command import jingpin

    now = datetime.now(UTC)
    people = write(tmp_path / "people.csv", PEOPLE)
    for words in (["init"], ["people", "import", people], ["round", "launch", policy(tmp_path, now)]):
        done = jingpin(*words, home=home)
        assert done.returncode == 0, done.stderr
    shown = json.loads(jingpin("round", "show", CODE, "--json", home=home).stdout)
    assert (shown["stage"], shown["screened"], shown["eligible"]) == ("applications", 4, 3)
    again = jingpin("stage", "open", CODE, "applications", home=home)
    assert (again.returncode, again.stderr) == (0, "")
    assert "没有变化" in again.stdout
