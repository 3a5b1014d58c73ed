"""Who still has which sheet open."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text

from models.database import reading, transaction
from models.results import Result
from queries import panels
from rules.records import Assignment, Reviewer
from tests.late import PANEL, at_the_interview, interview, sheet, take_in


def waiting(round_id: UUID) -> dict[str, list[str]]:
    with reading() as session:
        stage = interview(session, round_id)
        found = panels.holders(session, stage=stage, criteria=["speech", "calm"])
    return {h.seat.reviewer_no: list(h.staff_nos) for h in found}


def test_a_sheet_is_open_until_every_criterion_is_marked(database: Engine) -> None:
    round_id = at_the_interview()
    assert waiting(round_id) == {"R1": ["001", "002", "003"], "R9": ["001", "002", "003"]}
    take_in(
        round_id, "marks", [*sheet("001", "R1", "8", "7"), *sheet("002", "R1", "8"), *sheet("003", "R1", "0", None)]
    )
    assert waiting(round_id) == {"R1": ["002", "003"], "R9": ["001", "002", "003"]}
    take_in(round_id, "marks", [m for no in ("001", "002", "003") for m in sheet(no, "R9", "8", "0")])
    assert waiting(round_id) == {"R1": ["002", "003"]}


@pytest.mark.parametrize("status", ["abstained", "recused"])
def test_who_declined_one_criterion_has_no_sheet_open(database: Engine, status: str) -> None:
    round_id = at_the_interview()
    take_in(round_id, "marks", sheet("001", "R1", None, status=status))
    assert waiting(round_id)["R1"] == ["002", "003"]


def test_a_replaced_reviewer_is_not_waited_for(database: Engine) -> None:
    round_id = at_the_interview(panel=[*PANEL[:-1], PANEL[-1]._replace(status="replaced")])
    assert waiting(round_id)["R9"] == ["001", "002"]


def test_nobody_waits_for_the_sheet_of_a_candidate_who_has_left(database: Engine) -> None:
    round_id = at_the_interview()
    with transaction() as session:
        session.get_one(Result, (round_id, "002")).outcome = "withdrawn"
    assert waiting(round_id)["R1"] == ["001", "003"]


def test_nobody_waits_for_the_sheet_of_somebody_who_did_not_apply(database: Engine) -> None:
    round_id = at_the_interview()
    take_in(round_id, "panels", [Assignment("interview", "008", "R1")])
    assert waiting(round_id)["R1"] == ["001", "002", "003"]


def test_the_marks_of_another_stage_do_not_count(database: Engine) -> None:
    round_id = at_the_interview()
    take_in(round_id, "marks", [m._replace(stage="materials") for m in sheet("001", "R1", "8", "7")])
    assert waiting(round_id)["R1"] == ["001", "002", "003"]


def test_a_reviewer_of_the_centre_has_its_address_until_they_leave(database: Engine) -> None:
    round_id = at_the_interview()
    with reading() as session:
        assert {no: s.email for no, s in panels.seats(session, round_id=round_id).items()} == {
            "R1": None,
            "R7": "u007@example.com",
            "R8": "u008@example.com",
            "R9": "u009@example.com",
        }
    with transaction() as session:
        session.connection().execute(text("UPDATE person SET active = (1 = 0) WHERE staff_no = '009'"))
    with reading() as session:
        assert panels.seats(session, round_id=round_id)["R9"].email is None


def test_it_takes_two_questions_for_one_reviewer_and_for_forty(database: Engine) -> None:
    asked: list[str] = []
    reviewers = [Reviewer(f"R{n:02}", f"评委{n}") for n in range(40)]
    panel = [Assignment("interview", no, r.reviewer_no) for r in reviewers for no in ("001", "002", "003")]
    round_id = at_the_interview(panel=panel, reviewers=reviewers)
    with reading() as session:
        stage = interview(session, round_id)
        event.listen(database, "before_cursor_execute", lambda *said: asked.append(said[2]))
        assert len(panels.holders(session, stage=stage, criteria=["speech", "calm"])) == 40
    assert len(asked) == 2
