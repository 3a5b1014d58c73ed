"""The start page: what waits for whoever is signed in."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from actions import people
from models.database import transaction
from models.drafts import Draft
from models.hearings import Hearing
from models.stages import Stage
from rules.access import Role
from tests.actions.test_stages import look_again, to_the_decision
from tests.factories import centre
from tests.web.test_board import CODE, under, with_panel
from tests.web.visiting import candidate, hr, observer, reviewer, visitor

NOW = datetime.now(UTC)


def moved(**values: datetime) -> None:
    with transaction() as session:
        session.execute(update(Stage).where(Stage.key == "interview").values(**values))


def test_an_empty_centre_says_what_will_appear(sqlite: Engine) -> None:
    page = hr().get("/").text
    assert "现在没有等您处理的事" in page
    assert "没有筹备中的轮次" in page
    assert "从这里开始" in page
    assert "已完成" not in page
    assert "还没有任何轮次" in observer().get("/").text
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=NOW)
    assert "已完成" in hr().get("/").text  # the directory is there


def test_hr_reads_what_is_late_before_what_waits(sqlite: Engine) -> None:
    with_panel()
    assert "“面试”：等待 2 位评委的 4 份评分" in hr().get("/").text
    moved(closes_at=NOW - timedelta(days=2, hours=1))
    me = hr()
    me.post(f"/rounds/{CODE}/do/hold", {"staff_no": "001", "reason": "核实", "step": "confirm"})
    page = me.get("/").text
    assert page.index("“面试”：2 位评委的 4 份评分已逾期 2 天 1 小时") < page.index("1 位候选人暂缓处理中")


def test_a_proposal_a_hearing_and_a_draft_wait(sqlite: Engine) -> None:
    round_id = with_panel()
    under(**{"version: 1": "version: 1\nsecond_person: [cancel]"})
    me = hr()
    me.post(f"/rounds/{CODE}/do/cancel", {"reason": "编制冻结", "step": "confirm"})
    with transaction() as session:
        said = {"ground": "请复核", "received_by": "x", "received_at": NOW - timedelta(days=3)}
        session.add(Hearing(round_id=round_id, number=1, kind="human_check", staff_no="004", **said))
        session.add(Draft(title="明年的轮次", made_by="hr", made_at=NOW, saved_by="hr", saved_at=NOW))
    page = me.get("/").text
    assert "1 项提议等第二人同意" in page
    assert "1 件异议或申请等待答复，最早的已等 3 天" in page
    assert "明年的轮次" in page


def test_a_result_that_waits_for_its_confirmation_and_what_comes_next(sqlite: Engine) -> None:
    to_the_decision()
    assert "结果等待审定" in hr().get("/").text


def test_dates_that_come_are_listed(sqlite: Engine) -> None:
    with_panel()
    moved(closes_at=NOW + timedelta(days=3))
    assert "“面试”截止" in hr().get("/").text


def test_each_role_sees_its_own_block_only(sqlite: Engine) -> None:
    look_again(with_panel())
    theirs = candidate("001").get("/").text
    assert "我的竞聘" in theirs
    assert "等待处理" not in theirs
    assert "竞聘轮次</h2>" not in theirs
    assert "等您评分" in reviewer("004").get("/").text
    watched = observer().get("/").text
    assert "竞聘轮次" in watched
    assert "等待处理" not in watched
    both = visitor("both", Role.HR, Role.CANDIDATE, staff_no="003").get("/").text
    assert "等待处理" in both
    assert "我的竞聘" in both
