"""What a round keeps, on its pages: documents, one candidate's dossier, the history in words, the line of time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from actions import documents as keeping
from actions import stages
from models.accounts import Viewing
from models.database import reading, transaction
from models.documents import Document
from models.rounds import Round
from tests.actions.test_stages import CLOSING, launch, look_again, take_in, to_the_decision, to_the_interview
from tests.factories import handed_in
from tests.web.visiting import candidate, hr, observer, reviewer


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
