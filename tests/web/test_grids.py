"""Attendance and examination as grids: only changed cells are written, wrong ones are named, nothing is overwritten."""

import json
import re
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from sqlmodel import select

from models.database import reading, transaction
from models.history import Entry
from models.marks import Attendance, ExamScore
from models.rounds import Round
from models.stages import Stage
from tests.actions.test_stages import close, look_again, take_in
from tests.factories import NOW, centre, handed_in, policy_text, weekdays
from tests.web.visiting import Visitor, hr, observer

EXAM, ATTENDANCE = "/rounds/T-1/exam", "/rounds/T-1/attendance"


def to_the_training() -> UUID:
    from actions import people, rounds, stages
    from actions.steps import Terms
    from forms import policies
    from queries import stages as standing

    training = (
        "- key: theory\n  name: 培训\n  kind: training\n  sessions: 2\n  pass_mark: 60\n"
        "  exam: {areas: {product: 60, policy: 40}}\n  attendance: {at_least: 50}\nfinal:"
    )
    text = policy_text(**{"final:": training, "{interview: 100}": "{interview: 50, theory.exam: 50}"})
    policy = policies.read(text).policy
    terms = Terms(policy=policy, calendar=weekdays(), actor="conductor", now=NOW)
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=NOW)
        round_id = rounds.launch(session, policy=policy, policy_text=text, actor="hr", now=NOW).id

    def look() -> str:
        while True:
            with reading() as session:
                step = standing.current(session, round_id=round_id)
            assert step
            with transaction() as session:
                state = stages.open_next(session, stage_id=step.id, terms=terms).state
            if state != "closed":
                return step.key
            with transaction() as session:
                stages.tally(session, stage_id=step.id, terms=terms)
                stages.finish(session, stage_id=step.id, terms=terms)

    look()
    take_in(round_id, "applications", handed_in().applications)
    take_in(round_id, "reviewers", handed_in().reviewers)
    close(round_id, "applications")
    look()
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    assert look() == "theory"
    return round_id


def seen(who: Visitor, path: str) -> str:
    page = who.get(path).text
    return unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])  # type: ignore[index]


def scores() -> dict[tuple[str, str], str]:
    with reading() as session:
        return {(s.staff_no, s.area): str(s.score) for s in session.exec(select(ExamScore))}


def test_only_changed_cells_are_written(sqlite: Engine) -> None:
    to_the_training()
    me = hr()
    me.post(EXAM, {"seen": seen(me, EXAM), "c|001|product": "88.5", "c|001|policy": "", "c|002|product": " 90 "})
    assert scores() == {("001", "product"): "88.5", ("002", "product"): "90"}
    me.post(EXAM, {"seen": seen(me, EXAM), "c|001|product": "88.5", "c|001|policy": "70"})
    with reading() as session:
        taken = session.exec(select(Entry).where(Entry.deed == "exam.taken_in").order_by(Entry.number)).all()
    assert [json.loads(e.detail)["new"] for e in taken] == [2, 1]
    assert json.loads(taken[1].detail)["changed"] == 0


@pytest.mark.parametrize("wrong", ["NaN", "1E+2", "100.01", "-1", "八十", "∞"])
def test_a_wrong_cell_is_named_kept_and_stops_the_others(sqlite: Engine, wrong: str) -> None:
    to_the_training()
    me = hr()
    answer = me.post(EXAM, {"seen": "[]", "c|001|product": wrong, "c|002|product": "90"})
    assert answer.status_code == 422
    assert f'value="{wrong}"' in answer.text
    assert 'value="90"' in answer.text
    assert answer.text.count('class="field__fault"') == 1
    assert scores() == {}


def test_a_change_needs_a_reason_and_an_entered_cell_is_never_emptied(sqlite: Engine) -> None:
    to_the_training()
    me = hr()
    me.post(EXAM, {"seen": "[]", "c|001|product": "80"})
    change = {"seen": seen(me, EXAM), "c|001|product": "81"}
    refused = me.post(EXAM, change)
    assert refused.status_code == 422
    assert "更正要写明理由" in refused.text
    assert 'value="81"' in refused.text
    emptied = me.post(EXAM, {**change, "c|001|product": ""})
    assert "不能清空" in emptied.text
    assert scores() == {("001", "product"): "80"}
    me.post(EXAM, {**change, "reason": "登记错误"})
    assert scores() == {("001", "product"): "81"}


def test_a_stale_tab_shows_both_values_and_overwrites_nothing(sqlite: Engine) -> None:
    to_the_training()
    me, other = hr(), hr("hr2")
    old = seen(me, EXAM)
    other.post(EXAM, {"seen": old, "c|001|product": "70"})
    answer = me.post(EXAM, {"seen": old, "c|001|product": "75", "c|002|product": "60"})
    assert answer.status_code == 409
    assert 'value="75"' in answer.text
    assert "现在是：70" in answer.text
    assert scores() == {("001", "product"): "70"}
    me.post(EXAM, {"seen": seen(me, EXAM), "c|001|product": "70", "c|002|product": "60"})
    assert scores()["002", "product"] == "60"


def test_attendance_is_typed_in_words_or_in_short(sqlite: Engine) -> None:
    to_the_training()
    me = hr()
    me.post(ATTENDANCE, {"seen": "[]", "c|001|1": "到", "c|001|2": "迟到", "c|002|1": "假", "c|002|2": "×"})
    with reading() as session:
        found = {(a.staff_no, a.session): a.status for a in session.exec(select(Attendance))}
    assert found == {("001", 1): "present", ("001", 2): "late", ("002", 1): "excused", ("002", 2): "absent"}
    page = me.get(ATTENDANCE).text
    assert 'value="出勤"' in page
    assert "只能是" in me.post(ATTENDANCE, {"seen": "[]", "c|003|1": "也许"}).text


def test_a_closed_training_is_read_only_and_refuses_what_is_posted(sqlite: Engine) -> None:
    to_the_training()
    me = hr()
    with transaction() as session:
        session.execute(update(Stage).where(Stage.key == "theory").values(state="closed"))
    assert "只能查看" in me.get(EXAM).text
    answer = me.post(EXAM, {"seen": "[]", "c|001|product": "80"})
    assert answer.status_code == 409
    assert "已经截止" in answer.text
    assert scores() == {}


def test_unknown_people_and_columns_are_not_written(sqlite: Engine) -> None:
    to_the_training()
    answer = hr().post(EXAM, {"seen": "junk", "c|001|other": "1", "c|777|product": "80"})
    assert "不在本轮资格审查时的名册中" in answer.text
    assert scores() == {}


def test_an_observer_reads_the_grid_and_has_no_field(sqlite: Engine) -> None:
    to_the_training()
    page = observer().get(EXAM)
    assert page.status_code == 200
    assert 'name="c|' not in page.text
    assert observer().post(EXAM).status_code == 403


def test_a_round_without_training_has_no_grid(sqlite: Engine) -> None:
    from tests.actions.test_stages import launch

    look_again(launch())
    assert hr().get(EXAM).status_code == 404
    with reading() as session:
        assert session.exec(select(Round)).one().code == "T-1"
