"""Handing sheets over, and naming who steps in."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from actions import panels, people, stages
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from queries import audit
from queries import panels as reads
from rules.records import Assignment, Personnel, Reviewer
from rules.texts import RuleError
from tests.late import (
    APPLIED_UNTIL,
    CLOSES,
    PANEL,
    REVIEWERS,
    at_the_interview,
    centre,
    interview,
    sheet,
    take_in,
    terms,
)

NOW = CLOSES + timedelta(hours=1)


def replace(round_id: UUID, old: str, new: str, *, staff_no: str | None = None, reason: str = "出差") -> list[str]:
    with transaction() as session:
        return panels.replace(
            session,
            the_round=session.get_one(Round, round_id),
            stage=interview(session, round_id),
            reviewer_no=old,
            by_no=new,
            staff_no=staff_no,
            reason=reason,
            terms=terms(now=NOW, actor="hr"),
        )


def on_the_panel(round_id: UUID) -> set[tuple[str, str, str]]:
    with reading() as session:
        return {(a.reviewer_no, a.staff_no, a.status) for a in reads.panels(session, round_id=round_id)}


def said(error: pytest.ExceptionInfo[RuleError]) -> str:
    text = error.value.text
    reasons = [
        r.template.format_map({**r.values, "reason": r.values["reason"].template}) for r in text.values["reasons"]
    ]
    return "；".join(reasons)


def test_open_sheets_go_to_the_other_and_filed_ones_stay(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    take_in(round_id, "marks", sheet("001", "R9", "8", "7"))
    assert replace(round_id, "R9", "R1") == ["002", "003"]
    assert on_the_panel(round_id) == {
        ("R9", "001", "assigned"),
        ("R9", "002", "replaced"),
        ("R9", "003", "replaced"),
        ("R1", "002", "assigned"),
        ("R1", "003", "assigned"),
    }


def test_the_history_says_who_took_over_and_why_and_the_books_still_agree(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    replace(round_id, "R9", "R1")
    with reading() as session:
        deed = session.exec(select(Entry).where(Entry.deed == "sheets.handed_over")).one()
        assert audit.chain_findings(session, chain=round_id) == []
        assert audit.book_findings(session, chain=round_id, round_id=round_id) == []
    assert (deed.actor, deed.subject) == ("hr", "interview")
    assert '"candidates":["001","002","003"],"from":"R9","reason":"出差","to":"R1"' in deed.detail


def test_one_sheet_can_be_handed_over_alone(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    assert replace(round_id, "R9", "R1", staff_no="002") == ["002"]
    with pytest.raises(RuleError, match="没有未完成的评分表"):
        replace(round_id, "R9", "R1", staff_no="002")


def test_who_may_not_score_a_candidate_takes_over_nothing_and_every_candidate_is_named(database: Engine) -> None:
    round_id = at_the_interview()
    before = on_the_panel(round_id)
    with pytest.raises(RuleError) as refused:
        replace(round_id, "R9", "R7")
    assert said(refused) == (
        "001 王芳（是候选人的直接上级）；002 李雷（是候选人的直接上级）；003 买买提·吐尔逊（是候选人的直接上级）"
    )
    with pytest.raises(RuleError) as refused:
        replace(round_id, "R9", "R8")
    assert said(refused).startswith("003 买买提·吐尔逊（与候选人同在班组")
    assert on_the_panel(round_id) == before


def test_who_scores_a_candidate_already_does_not_score_them_twice(database: Engine) -> None:
    round_id = at_the_interview()
    with pytest.raises(RuleError) as refused:
        replace(round_id, "R9", "R1")
    assert said(refused).startswith("001 王芳（已经是该候选人的评委）")


def test_who_was_replaced_may_take_a_sheet_back(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    replace(round_id, "R9", "R1")
    replace(round_id, "R1", "R9", staff_no="003")
    assert ("R9", "003", "assigned") in on_the_panel(round_id)
    assert ("R1", "003", "replaced") in on_the_panel(round_id)


def test_a_replaced_reviewer_files_nothing_more_but_what_is_there_may_come_again(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    begun = sheet("002", "R9", "8")
    take_in(round_id, "marks", begun)
    replace(round_id, "R9", "R1")
    with pytest.raises(RuleError, match=r"已改由他人完成.*R9→002"):
        take_in(round_id, "marks", sheet("002", "R9", "8", "7"))
    with pytest.raises(RuleError, match="已改由他人完成"):
        take_in(round_id, "marks", sheet("002", "R9", "9"), change_reason="更正")
    take_in(round_id, "marks", [*begun, *sheet("002", "R1", "6", "6")])


def test_a_sheet_is_handed_over_before_its_stage_opens_too(database: Engine) -> None:
    round_id = at_the_interview(panel=[])
    take_in(round_id, "panels", [Assignment("interview", "001", "R9")])
    with transaction() as session:
        interview(session, round_id).state = "pending"
    assert replace(round_id, "R9", "R1") == ["001"]


def test_of_two_who_hand_over_the_same_sheets_at_once_one_does(database: Engine) -> None:
    extra = [*REVIEWERS, Reviewer("R2", "冯评委")]
    round_id = at_the_interview(panel=PANEL[3:], reviewers=extra)
    together = threading.Barrier(2)

    def hand_over(to: str) -> int:
        together.wait(60)
        try:
            return len(replace(round_id, "R9", to))
        except RuleError:
            return 0

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(hand_over, ["R1", "R2"])) == [0, 3]
    assert len([row for row in on_the_panel(round_id) if row[2] == "assigned"]) == 3


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("R9", "R9", "不能接替自己"),
        ("R5", "R1", "没有编号为“R5”的评委；有：R1、R7、R8、R9"),
        ("R9", "R5", "没有编号为“R5”"),
    ],
)
def test_what_makes_no_sense_is_refused(database: Engine, old: str, new: str, why: str) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    with pytest.raises(RuleError, match=why):
        replace(round_id, old, new)


def test_nothing_is_handed_over_without_a_reason(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    with pytest.raises(RuleError, match="请写明理由"):
        replace(round_id, "R9", "R1", reason=" ")


def test_nothing_is_handed_over_at_a_closed_stage_or_in_a_cancelled_round(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    with transaction() as session:
        stages.close_due(session, now=CLOSES + timedelta(days=2))
    with pytest.raises(RuleError, match="已经截止，不能更换评委"):
        replace(round_id, "R9", "R1")
    with transaction() as session:
        session.get_one(Round, round_id).state = "cancelled"
    with pytest.raises(RuleError, match="已经结束或取消"):
        replace(round_id, "R9", "R1")


def test_a_table_gives_no_sheet_to_who_must_stand_back_and_names_everybody(database: Engine) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    before = on_the_panel(round_id)
    table = [Assignment("interview", no, "R8") for no in ("001", "002", "003")]
    with pytest.raises(RuleError) as refused:
        take_in(round_id, "panels", [*table, Assignment("interview", "002", "R7")])
    values = refused.value.text.values
    assert values["n"] == 2
    assert [(r.values["reviewer"], r.values["name"], r.values["why"].template) for r in values["reasons"]] == [
        ("R8 周敏", "003 买买提·吐尔逊", "与候选人同在班组“{team}”"),
        ("R7 陈经理", "002 李雷", "是候选人的直接上级"),
    ]
    assert on_the_panel(round_id) == before
    take_in(round_id, "panels", table[:2])
    assert len(on_the_panel(round_id)) == len(before) + 2


def test_a_sheet_that_is_given_already_may_come_again_though_its_reviewer_has_moved_next_door(
    database: Engine,
) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    moved = [p._replace(team="二组") if p.staff_no == "009" else p for p in centre().people]
    with transaction() as session:
        people.take_in(session, personnel=Personnel(people=moved), actor="hr", now=NOW, change_reason="调组")
    take_in(round_id, "panels", PANEL[3:])
    take_in(round_id, "panels", [Assignment("interview", "003", "R9", "replaced")], change_reason="调组")
    with pytest.raises(RuleError, match="须回避"):
        take_in(round_id, "panels", [Assignment("interview", "003", "R9")], change_reason="改回")


@pytest.mark.parametrize("mode", ["replay", "rehearsal"])
def test_what_was_decided_elsewhere_is_taken_as_it_is(sqlite: Engine, mode: str) -> None:
    round_id = at_the_interview(panel=PANEL[3:])
    with transaction() as session:
        session.get_one(Round, round_id).mode = mode
    take_in(round_id, "panels", [Assignment("interview", "003", "R8")])


def test_recusals_take_as_many_questions_for_one_row_as_for_many(sqlite: Engine) -> None:
    round_id = at_the_interview(panel=[])
    rows = [Assignment("interview", no, r) for no in ("001", "002", "003") for r in ("R7", "R8", "R9")]
    with reading() as session:
        session.connection()  # a first question also begins the transaction
        one = asked(session, lambda: reads.recusals(session, round_id=round_id, rows=rows[:1]))
        assert asked(session, lambda: reads.recusals(session, round_id=round_id, rows=rows)) == one
        assert len(reads.recusals(session, round_id=round_id, rows=rows)) == 4


def asked(session: Session, read: Callable[[], object]) -> int:
    """Return how many questions a reading asks the database."""
    said: list[object] = []
    bind = session.get_bind()

    def note(*given: object) -> None:
        said.append(given[2])

    event.listen(bind, "before_cursor_execute", note)
    read()
    event.remove(bind, "before_cursor_execute", note)
    return len(said)


def name(round_id: UUID, reviewer_no: str, substitute_no: str | None) -> None:
    with transaction() as session:
        panels.name_substitute(
            session,
            the_round=session.get_one(Round, round_id),
            reviewer_no=reviewer_no,
            substitute_no=substitute_no,
            actor="hr",
            now=APPLIED_UNTIL,
        )


def test_a_substitute_is_named_once_and_can_be_taken_back(database: Engine) -> None:
    round_id = at_the_interview()
    for substitute in ("R1", "R1", None):
        name(round_id, "R9", substitute)
        with reading() as session:
            assert reads.seats(session, round_id=round_id)["R9"].substitute_no == substitute
            assert reads.seats(session, round_id=round_id)["R1"].substitute_no is None
    with reading() as session:
        said = session.exec(select(Entry.detail).where(Entry.deed == "substitute.named")).all()
        assert audit.book_findings(session, chain=round_id, round_id=round_id) == []
    assert list(said) == ['{"from":null,"to":"R1"}', '{"from":"R1","to":null}']


def test_nobody_is_their_own_substitute_and_a_stranger_is_none(database: Engine) -> None:
    round_id = at_the_interview()
    with pytest.raises(RuleError, match="不能接替自己"):
        name(round_id, "R9", "R9")
    with pytest.raises(RuleError, match="没有编号为“R5”"):
        name(round_id, "R9", "R5")
