"""A live round, step by step, as the flow carries it out."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import decisions, evidence, rounds, stages
from actions.books import ChangeError
from models.database import reading, transaction
from models.history import Entry, Signal
from models.rounds import Notice, Round
from models.stages import Stage
from queries import results
from queries import stages as standing
from rules.records import Mark
from rules.texts import RuleError
from tests.factories import NOW, handed_in, launched, terms

CLOSING = datetime(2026, 10, 16, 10, 0, tzinfo=UTC)


def launch(*, now: datetime = NOW) -> UUID:
    with transaction() as session:
        return launched(session, now=now).id


def look_again(round_id: UUID, *, now: datetime = NOW) -> str:
    """Do what the flow does at one look; return the key of the step that it waits at."""
    while True:
        with reading() as session:
            step = standing.current(session, round_id=round_id)
        if step is None:
            return ""
        with transaction() as session:
            state = stages.open_next(session, stage_id=step.id, terms=terms(now=now)).state
        if state != "closed":
            return step.key
        with transaction() as session:
            stages.tally(session, stage_id=step.id, terms=terms(now=now))
            stages.finish(session, stage_id=step.id, terms=terms(now=now))


def take_in(round_id: UUID, book: str, rows: list, **options: str) -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        evidence.take_in(session, the_round=the_round, book=book, rows=rows, actor="hr", now=NOW, **options)


def close(round_id: UUID, key: str, *, now: datetime = NOW) -> bool:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key=key)
        return stages.close_by_hand(session, stage=stage, the_round=the_round, reason="已收齐", actor="hr", now=now)


def outcomes(round_id: UUID) -> dict[str, tuple[str | None, str | None, int | None]]:
    with reading() as session:
        found = results.of_round(session, round_id=round_id)
    return {r.staff_no: (r.outcome, None if r.final is None else str(r.final), r.rank) for r in found}


def to_the_interview() -> UUID:
    round_id = launch()
    assert look_again(round_id) == "_applications"
    take_in(round_id, "applications", handed_in().applications)
    take_in(round_id, "reviewers", handed_in().reviewers)
    close(round_id, "applications")
    assert look_again(round_id) == "interview"
    return round_id


def to_the_decision() -> UUID:
    round_id = to_the_interview()
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    assert look_again(round_id) == "_decision"
    return round_id


def confirm(round_id: UUID, *, by: str = "chair", now: datetime = NOW) -> int:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        return decisions.confirm(session, the_round=the_round, terms=terms(actor=by, now=now))


def test_a_round_waits_for_its_people_and_ends_with_the_best_selected(database: Engine) -> None:
    round_id = to_the_decision()
    assert outcomes(round_id) == {
        "001": ("reserve", "80.00", 2),
        "002": ("selected", "90.00", 1),
        "003": ("reserve", "70.00", 3),
        "004": ("ineligible", None, None),
    }
    assert confirm(round_id) == 0
    assert look_again(round_id) == "_notice"
    with reading() as session:
        notice = session.exec(select(Notice)).one()
    assert (str(notice.posted_on), str(notice.last_day)) == ("2026-10-14", "2026-10-21")
    after = NOW + timedelta(days=8)
    with transaction() as session:
        assert [s.key for s in stages.close_due(session, now=after)] == ["_notice"]
    assert look_again(round_id, now=after) == ""


def test_a_deadline_that_passed_while_all_was_down_closes_the_step_as_of_the_deadline(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    with transaction() as session:
        assert len(stages.close_due(session, now=CLOSING + timedelta(days=3))) == 1
        assert stages.close_due(session, now=CLOSING + timedelta(days=3)) == []
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        assert standing.by_key(session, the_round=the_round, key="applications").closed_at == CLOSING


def test_a_step_is_counted_once_however_often_it_is_looked_at(database: Engine) -> None:
    round_id = to_the_decision()
    with reading() as session:
        interview = session.exec(select(Stage).where(Stage.key == "interview")).one()
    for _again in range(2):
        with transaction() as session:
            stages.tally(session, stage_id=interview.id, terms=terms())
    with reading() as session:
        tallies = session.exec(select(Entry).where(Entry.deed == "stage.tallied", Entry.subject == "interview")).all()
    assert len(tallies) == 1
    assert look_again(round_id) == "_decision"


def test_a_second_click_does_no_harm(database: Engine) -> None:
    round_id = to_the_interview()
    assert close(round_id, "interview")
    assert not close(round_id, "interview")


def test_marks_are_taken_only_while_the_stage_is_open(database: Engine) -> None:
    round_id = launch()
    with pytest.raises(RuleError, match="还没有开放"):
        take_in(round_id, "marks", handed_in().marks)
    decided = to_the_decision_of(round_id)
    with pytest.raises(RuleError, match="已经截止"):
        take_in(decided, "marks", handed_in().marks)


def to_the_decision_of(round_id: UUID) -> UUID:
    look_again(round_id)
    take_in(round_id, "applications", handed_in().applications)
    close(round_id, "applications")
    look_again(round_id)
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    return round_id


def test_a_mark_that_differs_needs_a_reason(database: Engine) -> None:
    round_id = to_the_interview()
    take_in(round_id, "marks", handed_in().marks)
    other = [Mark("interview", "001", "R1", "speech", Decimal("9.5"), "scored")]
    with pytest.raises(ChangeError):
        take_in(round_id, "marks", other)
    take_in(round_id, "marks", other, change_reason="录入错误")
    close(round_id, "interview")
    look_again(round_id)
    assert outcomes(round_id)["001"] == ("selected", "95.00", 1)


def test_reopening_withdraws_later_results_as_a_set_and_counts_them_again(database: Engine) -> None:
    round_id = to_the_decision()
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        interview = standing.by_key(session, the_round=the_round, key="interview")
        stages.reopen(session, stage=interview, the_round=the_round, reason="异议成立", terms=terms(actor="hr"))
    assert outcomes(round_id)["002"] == (None, None, None)
    assert outcomes(round_id)["004"] == ("ineligible", None, None)
    take_in(round_id, "marks", handed_in(s002="6").marks, change_reason="复核")
    close(round_id, "interview")
    assert look_again(round_id) == "_decision"
    assert outcomes(round_id)["001"] == ("selected", "80.00", 1)
    with reading() as session:
        withdrawn = session.exec(select(Entry).where(Entry.deed == "stage.reopened")).one()
    assert withdrawn.evidence is not None
    assert "异议成立" in withdrawn.detail


def test_the_same_person_confirms_only_once(database: Engine) -> None:
    round_id = to_the_decision()
    two = terms(actor="chair")
    object.__setattr__(two.policy, "confirmations", 2)
    for expected in (1, 1):
        with transaction() as session:
            assert decisions.confirm(session, the_round=session.get_one(Round, round_id), terms=two) == expected
    other = terms(actor="director")
    object.__setattr__(other.policy, "confirmations", 2)
    with transaction() as session:
        assert decisions.confirm(session, the_round=session.get_one(Round, round_id), terms=other) == 0


def test_a_decision_is_not_closed_by_hand(database: Engine) -> None:
    round_id = to_the_decision()
    with pytest.raises(RuleError, match="审定须经确认"):
        close(round_id, "decision")


def test_an_extension_moves_the_deadline_and_a_past_one_is_refused(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key="applications")
        later = CLOSING + timedelta(days=2)
        stages.extend(session, stage=stage, the_round=the_round, until=later, reason="台风", actor="hr", now=NOW)
        with pytest.raises(RuleError, match="已经过去"):
            stages.extend(session, stage=stage, the_round=the_round, until=NOW, reason="台风", actor="hr", now=NOW)
    with transaction() as session:
        assert stages.close_due(session, now=CLOSING + timedelta(days=1)) == []


def test_a_cancelled_round_goes_nowhere_and_keeps_everything(database: Engine) -> None:
    round_id = to_the_decision()
    before = outcomes(round_id)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        assert rounds.cancel(session, the_round=the_round, reason="编制取消", actor="hr", now=NOW)
        assert not rounds.cancel(session, the_round=the_round, reason="编制取消", actor="hr", now=NOW)
    with pytest.raises(RuleError, match="审定"):
        confirm(round_id)
    assert outcomes(round_id) == before


def test_every_act_that_concerns_the_course_leaves_a_signal(database: Engine) -> None:
    round_id = to_the_interview()
    with reading() as session:
        signals = session.exec(select(Signal).where(Signal.round_id == round_id)).all()
    assert len(signals) == 2  # launched, applications closed


def test_a_code_is_used_once(database: Engine) -> None:
    launch()
    with pytest.raises(RuleError, match="已经存在"):
        launch()


def test_nothing_opens_before_its_planned_time_unless_somebody_says_so(database: Engine) -> None:
    early = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)
    round_id = launch(now=early)
    assert look_again(round_id, now=early) == "_applications"
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        assert standing.by_key(session, the_round=the_round, key="applications").state == "pending"
        assert standing.ready_to_move(session, now=early) == []
        assert [r.id for r in standing.ready_to_move(session, now=NOW)] == [round_id]
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key="applications")
        assert stages.open_early(session, stage=stage, the_round=the_round, terms=terms(now=early)).state == "open"


def test_a_round_whose_steps_are_all_done_is_found_until_it_is_ended(database: Engine) -> None:
    round_id = to_the_decision()
    confirm(round_id)
    look_again(round_id)
    after = NOW + timedelta(days=8)
    with transaction() as session:
        stages.close_due(session, now=after)
    assert look_again(round_id, now=after) == ""
    with reading() as session:
        assert [r.id for r in standing.ready_to_move(session, now=after)] == [round_id]
    with transaction() as session:
        rounds.finish(session, the_round=session.get_one(Round, round_id), actor="conductor", now=after)
    with reading() as session:
        assert standing.ready_to_move(session, now=after) == []
