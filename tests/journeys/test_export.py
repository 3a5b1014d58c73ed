"""A round is exported, replayed, exported and replayed again: the same results each time, on both databases."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from actions import changes, materials, stages
from cli.app import run
from kit.settings import settings
from models.database import transaction
from models.rounds import Round
from queries import stages as standing
from rules.changes import Change
from rules.policies import Deed
from rules.records import Application
from tests.actions.test_stages import CLOSING, close, confirm, look_again, outcomes, take_in
from tests.factories import NOW, handed_in, launched, terms
from tests.journeys.command import jingpin

CODE = "T-1"
EARLY = NOW - timedelta(days=4)  # applications are planned to open two days later
LATE = CLOSING + timedelta(hours=20)


def bring_to_the_notice() -> UUID:
    """Bring a live round to its notice: its applications opened early, were extended, and one came in that time."""
    with transaction() as session:
        round_id = launched(session, now=EARLY).id
    look_again(round_id, now=EARLY)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key="applications")
        stages.open_early(session, stage=stage, the_round=the_round, terms=terms(now=EARLY, actor="hr"))
        extension = Change(Deed.EXTEND, "台风", stage="applications", until=CLOSING + timedelta(days=1))
        changes.ask(session, the_round=the_round, change=extension, terms=terms(now=NOW, actor="hr"))
    by_number = {a.staff_no: a for a in handed_in().applications}
    in_time = [by_number["001"], by_number["004"]]
    moved = [Application("002", EARLY + timedelta(hours=1), "submitted"), Application("003", LATE, "submitted")]
    take_in(round_id, "applications", [*in_time, *moved])
    take_in(round_id, "reviewers", handed_in().reviewers)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        files = {"001": [("case_summary.pdf", b"%PDF case"), ("more/plan.txt", "改进计划".encode())]}
        materials.take_in(session, the_round=the_round, materials=files, actor="hr", now=NOW)
    close(round_id, "applications")
    look_again(round_id)
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    confirm(round_id)
    assert look_again(round_id) == "_notice"
    return round_id


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def replayed(bundle: Path, out: Path) -> dict[str, Any]:
    address = {"JINGPIN_DATABASE_URL": settings().database_url}
    done = jingpin("replay", str(bundle), "--out", str(out), "--no-documents", home=out, **address)
    assert done.returncode == 0, done.stderr
    assert jingpin("verify", home=out, **address).returncode == 0
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def test_what_is_exported_gives_the_same_results_again_and_again(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    round_id = bring_to_the_notice()
    assert outcomes(round_id)["002"][0] == "selected"
    assert outcomes(round_id)["003"] == ("reserve", "70.00", 3)
    first, second = tmp_path / "first", tmp_path / "second"
    assert run(["verify", CODE]) == 0
    capfd.readouterr()
    assert run(["round", "results", CODE, "--json"]) == 0
    live = json.loads(capfd.readouterr().out)
    assert run(["export", CODE, "--out", str(first)]) == 0
    assert replayed(first, tmp_path / "once") == live
    address = {"JINGPIN_DATABASE_URL": settings().database_url}
    again = jingpin("export", CODE, "--out", str(second), home=tmp_path / "once", **address)
    assert again.returncode == 0, again.stderr
    assert tree(second) == tree(first)
    assert tree(first)["materials/001/more/plan.txt"] == "改进计划".encode()
    assert json.loads(tree(first)["round.json"])["posted_on"] == "2026-10-14"


def test_an_export_is_whole_or_not_there(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    bring_to_the_notice()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "people.csv")

    monkeypatch.setattr("reports.bundles._write_table", full)
    assert run(["export", CODE, "--out", str(tmp_path / "out")]) == 1
    assert "No space left on device" in capfd.readouterr().err
    assert not list(tmp_path.glob("*out*"))


def test_a_directory_that_is_not_empty_is_left_alone(
    database: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        launched(session)
    (tmp_path / "letter.txt").write_text("dear all")
    assert run(["export", CODE, "--out", str(tmp_path)]) == 1
    assert run(["export", CODE, "--out", str(tmp_path / "letter.txt")]) == 1
    assert capfd.readouterr().err.count("不是空目录") == 2
    assert run(["export", CODE, "--out", str(tmp_path / "early")]) == 0  # a round may be exported at any time
    assert (tmp_path / "early" / "people.csv").read_text(encoding="utf-8").count("\n") == 5
