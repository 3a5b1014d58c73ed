"""Supplements on the pages: seen before they are published, and readable for whoever reads the round."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import select

from actions import documents, people, rounds
from actions.documents import Sheet
from forms import in_force
from kit.jinja import day_time
from models.database import reading, transaction
from models.drafts import Supplement
from models.rounds import Round
from tests.factories import NOW, POLICY, centre
from tests.web.test_drafts import fields
from tests.web.visiting import Visitor, candidate, hr, observer

AHEAD = datetime.now(UTC) + timedelta(days=9)
TEXT = POLICY.replace("2026-10-12", f"{AHEAD:%Y-%m-%d}").replace("2026-10-16", f"{AHEAD + timedelta(days=4):%Y-%m-%d}")


@pytest.fixture
def running(sqlite: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="test", now=NOW)
        said = {"policy": in_force.policy(TEXT.encode()), "policy_text": TEXT.encode()}
        rounds.launch(session, actor="hr", now=datetime.now(UTC), **said)


def phone() -> str:
    with reading() as session:
        return in_force.policy(session.exec(select(Round)).one().policy_text).organisation.phone


def test_a_supplement_is_previewed_published_and_read_by_observers(running: None) -> None:
    someone = hr()
    assert "规则没有改动过" in observer().get("/rounds/T-1/supplements").text
    typed = {"organisation.phone": "内线8022", "title": "更正电话", "reason": "换号"}
    page = someone.post("/rounds/T-1/supplements", {**typed, "do": "preview"}).text
    assert "<ins>内线8022</ins>" in page
    assert phone() == ""
    before = re.search(r'name="before" value="([0-9a-f]+)"', page)
    assert before
    answer = someone.post("/rounds/T-1/supplements", {**typed, "before": before[1], "do": "publish"})
    assert answer.status_code == 303
    assert phone() == "内线8022"
    page = observer().get("/rounds/T-1/supplements").text
    assert "第 1 号：更正电话" in page
    assert "理由：换号" in page
    again = someone.post("/rounds/T-1/supplements", {**typed, "before": before[1], "do": "publish"})
    assert (again.status_code, again.headers["location"]) == (303, "/rounds/T-1/supplements")
    stale = someone.post(
        "/rounds/T-1/supplements", {**typed, "organisation.phone": "1", "before": before[1], "do": "publish"}
    )
    assert (stale.status_code, phone()) == (409, "内线8022")
    with reading() as session:
        assert len(session.exec(select(Supplement)).all()) == 1


def test_dates_of_steps_to_come_are_typed_in_local_time(running: None) -> None:
    someone = hr()
    page = someone.get("/rounds/T-1/supplements/new").text
    assert f'value="{AHEAD:%Y-%m-%d}T09:00"' in page
    until = f"{AHEAD + timedelta(days=6):%Y-%m-%d}T18:00"
    page = someone.post("/rounds/T-1/supplements", {"applications.closes_at": until, "do": "preview"}).text
    assert f"<ins>{day_time(datetime.fromisoformat(until + '+08:00'), 'Asia/Shanghai')}</ins>" in page
    assert "改动之后的日程" in page


def test_only_what_was_changed_is_listed_though_the_form_sends_everything(running: None) -> None:
    someone = hr()
    typed = fields(someone.get("/rounds/T-1/supplements/new").text) | {"notice.working_days": "7"}
    page = someone.post("/rounds/T-1/supplements", {**typed, "do": "preview"}).text
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<del>(.*?)</del>.*?<ins>(.*?)</ins>', page)
    assert rows == [("公示 › 公示几个工作日", "5", "7")]
    assert "改动之后的日程" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"stages[1].pass_mark": "1"}, "报名所依据的规则"),
        ({"notice.working_days": "2"}, "只能延长"),
        ({"notice.working_days": "很久"}, "应为 1 到 99 的整数"),
        ({}, "没有改动"),
    ],
)
def test_what_may_not_change_is_refused_with_the_reason_and_what_was_typed_is_kept(
    running: None, typed: dict[str, str], said: str
) -> None:
    answer = hr().post("/rounds/T-1/supplements", {**typed, "title": "改", "reason": "因为", "do": "publish"})
    assert answer.status_code in {409, 422}
    assert said in answer.text
    assert 'value="改"' in answer.text
    with reading() as session:
        assert session.exec(select(Supplement)).first() is None


def test_without_a_reason_nothing_is_published(running: None) -> None:
    with reading() as session:
        before = session.exec(select(Round)).one().policy_sha256
    typed = {"organisation.phone": "1", "title": "改", "before": before, "do": "publish"}
    answer = hr().post("/rounds/T-1/supplements", typed)
    assert (answer.status_code, phone()) == (422, "")
    assert "请写明理由" in answer.text


def test_reminders_are_added_without_publishing(running: None) -> None:
    someone = hr()
    page = someone.post("/rounds/T-1/supplements", {"do": "add:reminders", "title": "提醒"}).text
    assert 'name="reminders[1].before_hours"' in page
    assert 'value="提醒"' in page


def test_only_hr_publishes(running: None) -> None:
    for someone in (observer(), candidate("001")):
        assert someone.get("/rounds/T-1/supplements/new").status_code == 403
        assert someone.post("/rounds/T-1/supplements", {"organisation.phone": "1"}).status_code == 403
    assert candidate("001").get("/rounds/T-1/supplements").status_code == 403


def test_the_paper_of_a_supplement_is_offered_once_it_is_filed(running: None) -> None:
    someone = hr()
    typed = {"second_person": ["reopen"], "title": "加强复核", "reason": "审计建议"}
    page = someone.post("/rounds/T-1/supplements", {**typed, "do": "preview"}).text
    assert "<ins>重新开放</ins>" in page
    before = re.search(r'name="before" value="([0-9a-f]+)"', page)
    assert before
    someone.post("/rounds/T-1/supplements", {**typed, "before": before[1], "do": "publish"})
    assert "正在制作" in someone.get("/rounds/T-1/supplements").text
    with reading() as session:
        the_round = session.exec(select(Round)).one()
    with transaction() as session:
        sheet = Sheet("supplement:1", "补充公告.pdf", "application/pdf")
        made = documents.file(
            session, the_round=the_round, sheet=sheet, content=b"%PDF-1", actor="conductor", now=datetime.now(UTC)
        )
    page = observer().get("/rounds/T-1/supplements").text
    assert f"/rounds/T-1/documents/{made.id}" in page
    assert "正在制作" not in page
    assert observer().get(f"/rounds/T-1/documents/{made.id}").content == b"%PDF-1"


def test_a_second_person_sees_the_difference_and_publishes_it(running: None) -> None:
    first, second = hr(), hr("hr2")
    send(first, {"second_person": ["supplement"], "title": "加强复核", "reason": "审计建议"})
    page = first.get("/rounds/T-1/supplements/new").text
    assert "发布补充公告须第二人同意" in page
    typed = {"second_person": ["supplement"], "organisation.phone": "内线8022", "title": "更正电话", "reason": "换号"}
    answer = send(first, typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rounds/T-1/proposals")
    assert phone() == ""
    assert "更正电话" in observer().get("/rounds/T-1/proposals").text
    page = second.get("/rounds/T-1/proposals/1").text
    for said in ("<ins>内线8022</ins>", "更正电话", "换号", "立即生效"):
        assert said in page
    assert first.post("/rounds/T-1/proposals/1", {"answer": "agree"}).status_code == 409
    assert phone() == ""
    assert second.post("/rounds/T-1/proposals/1", {"answer": "agree"}).status_code == 303
    assert phone() == "内线8022"
    assert "第 2 号：更正电话" in observer().get("/rounds/T-1/supplements").text
    assert "发布补充公告" in observer().get("/rounds/T-1/history").text
    assert first.get("/rounds/T-1/do/supplement").status_code == 404, "it has a form of its own"


def test_a_proposed_supplement_is_declined_without_a_trace_in_the_rules(running: None) -> None:
    first, second = hr(), hr("hr2")
    send(first, {"second_person": ["supplement"], "title": "加强复核", "reason": "审计建议"})
    send(first, {"second_person": ["supplement"], "organisation.phone": "1", "title": "改", "reason": "换号"})
    assert second.post("/rounds/T-1/proposals/1", {"answer": "reject"}).status_code == 303
    assert phone() == ""
    assert "已否决" in observer().get("/rounds/T-1/proposals").text


def send(someone: Visitor, typed: dict) -> Response:
    """Preview a supplement and publish what was previewed."""
    page = someone.post("/rounds/T-1/supplements", {**typed, "do": "preview"}).text
    before = re.search(r'name="before" value="([0-9a-f]+)"', page)
    assert before
    return someone.post("/rounds/T-1/supplements", {**typed, "before": before[1], "do": "publish"})
