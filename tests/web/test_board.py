"""The board of a round: what it waits for, who is done, reminders; every deed with its preview and second person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, update
from sqlmodel import select

from models.changes import Hold, Proposal
from models.database import reading, transaction
from models.hearings import Hearing
from models.history import Entry
from models.messages import Message
from models.people import Person
from models.rounds import Round
from models.stages import Stage
from queries import rounds
from rules.records import Assignment, Reviewer
from tests.actions.test_stages import (
    close,
    confirm,
    launch,
    look_again,
    outcomes,
    take_in,
    to_the_decision,
    to_the_interview,
)
from tests.factories import policy_text
from tests.web.visiting import hr, observer

CODE = "T-1"


def under(**changes: str) -> None:
    """Put the round under another policy, as if it had been launched so."""
    with transaction() as session:
        session.execute(update(Round).values(policy_text=policy_text(**changes)))


def with_panel() -> UUID:
    """Return a round at its interview: three reviewers of the centre and outside, each with three sheets."""
    round_id = to_the_interview()
    take_in(round_id, "reviewers", [Reviewer("R3", "评委三", None, "004")])
    sheets = [Assignment("interview", no, r) for no in ("001", "003") for r in ("R1", "R3")]
    take_in(round_id, "panels", sheets)
    return round_id


def step(key: str) -> Stage:
    with reading() as session:
        return session.exec(select(Stage).where(Stage.key == key)).one()


def entries(deed: str) -> list[Entry]:
    with reading() as session:
        return list(session.exec(select(Entry).where(Entry.deed == deed)))


def set_email(staff_no: str, email: str) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.staff_no == staff_no).values(email=email))


def in_the_future(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_the_board_says_in_one_sentence_what_the_round_waits_for(sqlite: Engine) -> None:
    with_panel()
    page = hr().get(f"/rounds/{CODE}").text
    assert "等待 2 位评委的 4 份评分" in page
    assert "王芳" in page
    assert "评委一、评委三" in page


def test_whoever_is_late_is_named_with_how_long(sqlite: Engine) -> None:
    with_panel()
    with transaction() as session:
        late = datetime.now(UTC) - timedelta(days=2, hours=1)
        session.execute(update(Stage).where(Stage.key == "interview").values(closes_at=late, due_at=None))
    page = hr().get(f"/rounds/{CODE}").text
    assert "评委一、评委三已逾期 2 天 1 小时" in page


def test_the_board_filters_and_sorts_by_its_address(sqlite: Engine) -> None:
    with_panel()
    page = hr().get(f"/rounds/{CODE}?q=买买提").text
    assert "买买提·吐尔逊" in page
    assert "王芳" not in page
    page = hr().get(f"/rounds/{CODE}?sort=-staff_no").text
    assert page.index("买买提") < page.index("王芳")


def test_an_observer_reads_the_board_and_finds_no_button(sqlite: Engine) -> None:
    with_panel()
    page = observer().get(f"/rounds/{CODE}").text
    assert "等待 2 位评委" in page
    assert "提醒" not in page
    assert "/do/" not in page
    assert observer().post(f"/rounds/{CODE}/remind").status_code == 403
    assert observer().get(f"/rounds/{CODE}/do/cancel").status_code == 403


def test_a_reminder_is_written_once_an_hour_and_says_who_has_no_address(sqlite: Engine) -> None:
    with_panel()
    set_email("004", "zhao@example.com")
    me = hr()
    answer = me.post(f"/rounds/{CODE}/remind")
    assert answer.status_code == 303
    page = me.get(f"/rounds/{CODE}").text
    assert "已提醒 1 人：评委三" in page
    assert "没有邮箱，请当面或电话提醒：评委一" in page
    me.post(f"/rounds/{CODE}/remind", {"reviewer_no": "R3"})
    assert "这一小时内已经提醒过 1 人：评委三" in me.get(f"/rounds/{CODE}").text
    with reading() as session:
        letter = session.exec(select(Message)).one()
    assert (letter.recipient, letter.address) == ("004", "zhao@example.com")
    assert "2 份评分表没有完成" in letter.subject
    assert [e.actor for e in entries("reminders.written")] == ["hr"]


def test_those_who_may_apply_and_have_not_are_reminded(sqlite: Engine) -> None:
    look_again(launch())
    set_email("002", "li@example.com")
    me = hr()
    assert "等待报名：已报名 0 人，符合条件而未报名 3 人" in me.get(f"/rounds/{CODE}").text
    me.post(f"/rounds/{CODE}/remind")
    with reading() as session:
        assert session.exec(select(Message.recipient)).all() == ["002"]


@pytest.fixture
def statements(sqlite: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(sqlite, "before_cursor_execute", note)
    yield found
    event.remove(sqlite, "before_cursor_execute", note)


def test_the_board_asks_the_same_number_of_questions_however_many_people_there_are(statements: list[str]) -> None:
    round_id = with_panel()
    me = hr()
    me.get(f"/rounds/{CODE}")
    statements.clear()
    me.get(f"/rounds/{CODE}")
    few = len(statements)
    take_in(round_id, "panels", [Assignment("interview", "002", r) for r in ("R1", "R3")])
    statements.clear()
    me.get(f"/rounds/{CODE}")
    assert len(statements) == few
    assert few <= 20


def test_the_list_of_rounds_says_where_each_stands(sqlite: Engine) -> None:
    me = hr()
    assert "还没有任何轮次" in me.get("/rounds").text
    to_the_interview()
    page = me.get("/rounds").text
    assert "测试轮次" in page
    assert "面试" in page


def test_an_unknown_round_says_so(sqlite: Engine) -> None:
    answer = hr().get("/rounds/nothing")
    assert answer.status_code == 404
    assert "没有编号为“nothing”的竞聘轮次" in answer.text


def test_a_hold_shows_its_effects_first_and_can_be_undone(sqlite: Engine) -> None:
    to_the_interview()
    me = hr()
    typed = {"staff_no": "001", "reason": "核实投诉"}
    preview = me.post(f"/rounds/{CODE}/do/hold", typed)
    assert "解除之前不能审定结果" in preview.text
    assert "王芳 001" in preview.text
    assert "涉及" not in preview.text  # nobody else has to do with it
    assert entries("candidate.held") == []  # shown, not done
    answer = me.post(f"/rounds/{CODE}/do/hold", {**typed, "step": "confirm"})
    assert answer.headers["location"] == f"/rounds/{CODE}"
    page = me.get(f"/rounds/{CODE}").text
    assert "001 已暂缓" in page
    assert "<b>王芳</b>" in page
    assert "核实投诉" in page
    again = me.post(f"/rounds/{CODE}/do/hold", {**typed, "step": "confirm"})
    assert again.status_code == 303
    assert "早已暂缓" in me.get(f"/rounds/{CODE}").text
    me.post(f"/rounds/{CODE}/do/release", {"staff_no": "001", "reason": "不成立", "step": "confirm"})
    with reading() as session:
        assert session.exec(select(Hold)).one().released_by == "hr"


def test_a_deed_without_a_reason_keeps_what_was_typed(sqlite: Engine) -> None:
    to_the_interview()
    answer = hr().post(f"/rounds/{CODE}/do/extend", {"stage": "interview", "until": "2026-13-01T00:00"})
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert "不是日期加时刻" in answer.text
    assert 'value="2026-13-01T00:00"' in answer.text


def test_an_extension_says_what_it_pushes_and_is_read_in_the_zone_of_the_round(sqlite: Engine) -> None:
    to_the_interview()
    me, until = hr(), "2099-01-05T18:00"
    typed = {"stage": "interview", "until": until, "reason": "评委出差"}
    preview = me.post(f"/rounds/{CODE}/do/extend", typed).text
    assert "“面试”涉及 3 人" in preview
    assert "2099 年的节假日安排没有官方数据" in preview
    assert step("interview").closes_at is None
    me.post(f"/rounds/{CODE}/do/extend", {**typed, "step": "confirm"})
    assert step("interview").closes_at == datetime(2099, 1, 5, 10, 0, tzinfo=UTC)


def test_what_cannot_be_done_is_said_at_the_form(sqlite: Engine) -> None:
    to_the_interview()
    answer = hr().post(f"/rounds/{CODE}/do/hold", {"staff_no": "777", "reason": "查"})
    assert answer.status_code == 422
    assert "777 没有报名本轮" in answer.text
    assert 'value="777"' in answer.text


def test_a_notice_that_an_objection_keeps_open_says_that_its_days_are_over(sqlite: Engine) -> None:
    round_id = to_the_decision()
    confirm(round_id)
    look_again(round_id)
    past = datetime(2026, 10, 22, tzinfo=UTC)
    with transaction() as session:
        said = {"ground": "请复核", "received_by": "x", "received_at": datetime.now(UTC)}
        session.add(Hearing(round_id=round_id, number=1, kind="objection", staff_no="002", **said))
        session.execute(update(Stage).where(Stage.key == "_notice").values(closes_at=past))
    page = hr().get(f"/rounds/{CODE}").text
    assert "公示期已于 10月22日（周四）08:00 届满；1 件异议还没有答复，全部答复之后公示结束" in page


def test_a_candidate_is_found_by_name_and_the_form_offers_everybody(sqlite: Engine) -> None:
    to_the_interview()
    me = hr()
    assert '<option value="001">王芳</option>' in me.get(f"/rounds/{CODE}/do/hold").text
    me.post(f"/rounds/{CODE}/do/hold", {"staff_no": "王芳", "reason": "核实", "step": "confirm"})
    assert "王芳 001 已暂缓" in me.get(f"/rounds/{CODE}").text
    with reading() as session:
        assert session.exec(select(Hold)).one().staff_no == "001"


def test_closing_early_says_who_has_no_result(sqlite: Engine) -> None:
    to_the_interview()
    me = hr()
    typed = {"stage": "interview", "reason": "提前结束"}
    assert "3 人的评分或成绩还不齐，现在截止将在此离开" in me.post(f"/rounds/{CODE}/do/close", typed).text
    assert step("interview").state == "open"
    me.post(f"/rounds/{CODE}/do/close", {**typed, "step": "confirm"})
    assert step("interview").state == "closed"


def test_reopening_and_withdrawing_say_what_is_counted_again(sqlite: Engine) -> None:
    round_id = to_the_decision()
    me = hr()
    typed = {"stage": "interview", "reason": "补录"}
    assert "这些环节的结果整体撤回" in me.post(f"/rounds/{CODE}/do/reopen", typed).text
    preview = me.post(f"/rounds/{CODE}/do/withdraw", {"staff_no": "002", "reason": "本人申请"})
    assert "王芳（001）：由“后备”变为“入选”" in preview.text
    assert outcomes(round_id)["002"][0] == "selected"
    me.post(f"/rounds/{CODE}/do/reopen", {**typed, "step": "confirm"})
    assert step("interview").state == "open"


def test_a_reviewer_is_replaced_by_name(sqlite: Engine) -> None:
    with_panel()
    me = hr()
    typed = {"stage": "interview", "reviewer_no": "R1", "by_no": "R2", "reason": "出差"}
    preview = me.post(f"/rounds/{CODE}/do/replace", typed)
    assert preview.status_code == 422  # 评委二 is in the team of 001
    assert "与候选人同在班组" in preview.text
    one = {**typed, "staff_no": "003"}
    assert "评委二 R2" in me.post(f"/rounds/{CODE}/do/replace", one).text
    me.post(f"/rounds/{CODE}/do/replace", {**one, "step": "confirm"})
    assert len(entries("sheets.handed_over")) == 1


def test_a_cancelled_round_can_be_restored(sqlite: Engine) -> None:
    to_the_interview()
    me = hr()
    me.post(f"/rounds/{CODE}/do/cancel", {"reason": "编制冻结", "step": "confirm"})
    page = me.get(f"/rounds/{CODE}").text
    assert "已于" in page
    assert "恢复本轮" in page
    me.post(f"/rounds/{CODE}/do/restore", {"reason": "解冻", "step": "confirm"})
    with reading() as session:
        assert rounds.by_code(session, code=CODE).state == "running"


def test_a_deed_that_needs_two_is_proposed_and_done_when_another_agrees(sqlite: Engine) -> None:
    to_the_interview()
    under(**{"version: 1": "version: 1\nsecond_person: [cancel]"})
    me, other = hr(), hr("hr2")
    typed = {"reason": "编制冻结"}
    assert "提出，等第二人同意" in me.post(f"/rounds/{CODE}/do/cancel", typed).text
    for _twice in range(2):
        answer = me.post(f"/rounds/{CODE}/do/cancel", {**typed, "step": "confirm"})
        assert answer.headers["location"] == f"/rounds/{CODE}/proposals"
    with reading() as session:
        assert rounds.by_code(session, code=CODE).state == "running"
        assert len(session.exec(select(Proposal)).all()) == 1
    mine = me.get(f"/rounds/{CODE}/proposals/1").text
    assert "同意并执行" not in mine
    refused = me.post(f"/rounds/{CODE}/proposals/1", {"answer": "agree"})
    assert refused.status_code == 409
    assert "提议人不能自己同意" in refused.text
    theirs = other.get(f"/rounds/{CODE}/proposals/1").text
    assert "本轮停止，不再进行" in theirs
    other.post(f"/rounds/{CODE}/proposals/1", {"answer": "agree"})
    with reading() as session:
        assert rounds.by_code(session, code=CODE).state == "cancelled"
    again = other.post(f"/rounds/{CODE}/proposals/1", {"answer": "agree"})
    assert "已经处理过" in again.text


def test_a_step_is_opened_early_once(sqlite: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    with transaction() as session:
        session.execute(
            update(Stage).where(Stage.key == "interview").values(opens_at=datetime.now(UTC) + timedelta(days=9))
        )
    close(round_id, "applications")
    me = hr()
    look_again(round_id)
    assert step("interview").state == "pending"
    assert "将于" in me.get(f"/rounds/{CODE}").text
    assert "现在开放" in me.get(f"/rounds/{CODE}/open/interview").text
    for _twice in range(2):
        assert me.post(f"/rounds/{CODE}/open/interview").status_code == 303
    assert step("interview").state == "open"


def test_before_the_screening_nobody_is_counted_as_eligible(sqlite: Engine) -> None:
    launch()
    numbers = hr().get(f"/rounds/{CODE}").text.partition('<dl class="numbers">')[2]
    assert numbers.index("<dd>—</dd>") < numbers.index("报名")
