"""What a round keeps, on its pages: documents, one candidate's dossier, the history in words, the line of time."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import select

from actions import documents as keeping
from actions import history, stages
from models.accounts import Viewing
from models.database import reading, transaction
from models.documents import Document
from models.history import Entry
from models.rounds import Round
from rules.access import Role
from rules.records import Assignment
from tests.actions.test_stages import CLOSING, launch, look_again, take_in, to_the_decision, to_the_interview
from tests.factories import NOW, handed_in
from tests.web.visiting import candidate, hr, observer, queries, reviewer, visitor


def filed(name: str, content: bytes, media_type: str, *, version: int = 1) -> str:
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        sha256 = keeping.keep(session, content)
        made = Document(
            round_id=the_round.id,
            kind="notice",
            version=version,
            name=name,
            media_type=media_type,
            sha256=sha256,
            made_at=datetime(2026, 10, 20, tzinfo=UTC),
        )
        session.add(made)
        return str(made.id)


def test_documents_are_listed_with_versions_and_opened_safely(sqlite: Engine) -> None:
    to_the_interview()
    me = hr()
    assert "还没有文档" in me.get("/rounds/T-1/documents").text
    pdf = filed("公示.pdf", b"%PDF-1.7 x", "application/pdf")
    second = filed("公示.pdf", b"%PDF-1.7 y", "application/pdf", version=2)
    page = filed("成绩.html", b"<script>alert(1)</script>", "text/html")
    listed = me.get("/rounds/T-1/documents").text
    assert listed.index(second) < listed.index(pdf)
    assert "已有新版" in listed
    opened = me.get(f"/rounds/T-1/documents/{pdf}")
    assert opened.content == b"%PDF-1.7 x"
    assert opened.headers["content-disposition"].startswith("inline")
    assert opened.headers["x-content-type-options"] == "nosniff"
    fetched = me.get(f"/rounds/T-1/documents/{page}")
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in fetched.headers["content-security-policy"]
    assert "%E7%AC%AC%202%20%E7%89%88" in me.get(f"/rounds/T-1/documents/{second}").headers["content-disposition"]


def test_documents_of_another_round_and_of_nobody_are_not_found(sqlite: Engine) -> None:
    to_the_interview()
    answer = hr().get("/rounds/T-1/documents/00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 404
    assert candidate("001").get("/rounds/T-1/documents").status_code == 403


def test_the_dossier_shows_reasons_marks_and_the_sum_and_is_noted(sqlite: Engine) -> None:
    to_the_decision()
    page = hr().get("/rounds/T-1/people/002").text
    assert "李雷" in page
    assert "资格审查" in page
    assert "评委一" in page
    assert "权重 × 得分" in page
    assert "90.00" in page
    with reading() as session:
        seen = session.exec(select(Viewing).where(Viewing.page == "dossier")).one()
    assert (seen.actor, seen.round_code, seen.subject) == ("hr", "T-1", "002")


def test_the_dossier_of_somebody_ineligible_says_which_rule(sqlite: Engine) -> None:
    to_the_interview()
    page = hr().get("/rounds/T-1/people/004").text
    assert "不符合" in page
    assert "职级" in page
    assert hr().get("/rounds/T-1/people/777").status_code == 404


def test_dossiers_are_for_hr_and_observers(sqlite: Engine) -> None:
    to_the_interview()
    assert observer().get("/rounds/T-1/people/001").status_code == 200
    assert reviewer("002").get("/rounds/T-1/people/001").status_code == 403
    assert candidate("001").get("/rounds/T-1/people/001").status_code == 403


def test_the_history_is_told_in_words_and_filtered(sqlite: Engine) -> None:
    to_the_interview()
    me = hr()
    me.post("/rounds/T-1/do/hold", {"staff_no": "001", "reason": "核实<b>投诉", "step": "confirm"})
    page = me.get("/rounds/T-1/history").text
    assert "启动" in page
    assert "核实&lt;b&gt;投诉" in page
    assert "王芳 001" in page
    assert "录入 评委" in page
    assert "系统</td>" in page
    about = me.get("/rounds/T-1/history?about=001").text
    assert "暂缓" in about
    assert "共 1 条" in about
    assert "共 0 条" in me.get("/rounds/T-1/history?deed=round.finished").text
    assert me.get("/rounds/T-1/history?page=99&about=%25").status_code == 200


def test_the_line_of_time_is_a_picture_and_a_table(sqlite: Engine) -> None:
    to_the_interview()
    page = hr().get("/rounds/T-1/timeline").text
    assert '<svg class="timeline"' in page
    assert 'class="tl-plan"' in page
    assert "10月12日（周一）09:00 至 10月16日（周五）18:00" in page
    assert "style=" not in page


def test_the_history_says_why_a_step_was_closed_and_what_was_counted_in_words(sqlite: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    take_in(round_id, "applications", handed_in().applications)
    with transaction() as session:
        assert stages.close_due(session, now=CLOSING + timedelta(hours=1))
    look_again(round_id)
    page = hr().get("/rounds/T-1/history").text
    assert "到期" in page
    assert "报名人数" in page
    assert "自动截止" in page


def test_the_history_names_people_and_reviewers_and_is_searched_by_name(sqlite: Engine) -> None:
    round_id = to_the_interview()
    me = visitor("zm", Role.HR, name="周敏")
    me.post("/rounds/T-1/do/hold", {"staff_no": "001", "reason": "核实", "step": "confirm"})
    take_in(round_id, "panels", [Assignment("interview", no, "R1") for no in ("001", "003")])
    by_another = {"stage": "interview", "reviewer_no": "R1", "by_no": "R2", "staff_no": "003"}
    assert me.post("/rounds/T-1/do/replace", {**by_another, "reason": "出差", "step": "confirm"}).status_code == 303
    page = me.get("/rounds/T-1/history").text
    assert page.count(">周敏</td>") == 3  # the books of panels too
    assert "评委一 R1" in page
    assert "评委二 R2" in page
    assert "买买提·吐尔逊 003" in page
    assert "共 3 条" in me.get("/rounds/T-1/history?about=周敏").text
    assert "共 1 条" in me.get("/rounds/T-1/history?about=王芳").text
    with reading() as session:
        kept = session.exec(select(Entry).where(Entry.deed == "candidate.held")).one()
    assert kept.actor == "zm"  # what is kept stays as it was


def test_nothing_that_the_history_shows_in_words_is_a_key(sqlite: Engine) -> None:
    round_id = to_the_decision()
    said = [
        ("change.proposed", "", {"number": 1, "deed": "replace", "arguments": {"stage": "interview", "by_no": "R2"}}),
        ("hearing.raised", "003", {"number": 1, "kind": "objection", "channel": "letter", "raised_by": "001"}),
        ("hearing.answered", "003", {"number": 1, "kind": "objection", "upheld": False}),
        ("sheet.filed", "interview", {"reviewer": "R1", "candidate": "001", "marks": {"speech": ["8", "9"]}}),
        ("materials.returned", "001", {"slot": "case_summary", "version": 1, "reason": "字数不足"}),
        ("reminders.written", "interview", {"step": "k", "letters": 1, "to": ["a@example.com"]}),
        ("stage.blocked", "interview", {"why": '{"template": "少了{n}份", "values": {"n": 2}}'}),
    ]
    with transaction() as session:
        for deed, subject, detail in said:
            history.record(session, chain=round_id, actor="hr", deed=deed, now=NOW, subject=subject, detail=detail)
    page = hr().get("/rounds/T-1/history").text
    shown = re.sub(r"<details class=\"raw\">.*?</details>", "", page, flags=re.DOTALL)
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    for words in (
        *("操作 更换评委", "环节 面试", "接手的评委 评委二 R2", "种类 公示异议", "方式 信件", "提出人 王芳 001"),
        *("结论 不成立", "表达：由 8 改为 9", "材料 案例总结", "收件人 a@example.com", "原因 少了2份"),
    ):
        assert words in told
    assert not re.search(r"\b(objection|letter|case_summary|speech|replace|interview|False)\b", told)


def sheets_returned(round_id: UUID, times: int) -> None:
    with transaction() as session:
        for n in range(times):
            said = {"reason": "x", "candidate": f"00{n % 4}", "reviewer": f"R{n % 3}"}
            kept = {"deed": "sheet.returned", "subject": "interview", "detail": said}
            history.record(session, chain=round_id, actor=f"hr{n}", now=NOW, **kept)


def test_the_history_costs_the_same_queries_for_few_and_for_many(sqlite: Engine) -> None:
    round_id = to_the_interview()
    me = hr()
    sheets_returned(round_id, 1)
    few = queries(sqlite, lambda: me.get("/rounds/T-1/history"))
    sheets_returned(round_id, 90)
    assert queries(sqlite, lambda: me.get("/rounds/T-1/history")) == few
