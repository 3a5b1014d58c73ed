"""The documents of a round: which are made when, each once, from what was decided."""

import io
import json
from uuid import UUID

import pikepdf
import pytest
from openpyxl import load_workbook
from prefect.exceptions import Pause
from sqlalchemy import Engine
from sqlmodel import Session, select

from actions import books, stages, supplements
from actions import documents as keep
from actions.steps import Terms
from forms import in_force
from kit.i18n import in_language
from kit.settings import settings
from models.database import reading, transaction
from models.documents import Blob, Document
from models.rounds import Round
from models.stages import Stage
from queries import audit
from queries import stages as standing
from tasks import case, papers, stopping
from tasks.case import in_volumes
from tests.factories import NOW, handed_in, launched, terms, weekdays
from tests.kit.test_pdf import a_paper
from tests.reports.reading import text_of

PDF = case.PDF
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take_all_in(session: Session) -> UUID:
    the_round = launched(session, mode="replay")
    evidence = handed_in(s001="8", s002="9", s003="7")
    for book in ("applications", "reviewers", "marks"):
        books.take_in(session, book=book, rows=getattr(evidence, book), actor="hr", now=NOW, the_round=the_round)
    return the_round.id


def to_the_end(round_id: UUID) -> None:
    while True:
        with reading() as session:
            step = standing.current(session, round_id=round_id)
        if step is None:
            return
        for deed in (stages.open_next, stages.tally, stages.finish):
            with transaction() as session:
                deed(session, stage_id=step.id, terms=terms())


def make(round_id: UUID, key: str, moment: str) -> int:
    with reading() as session:
        stage = session.exec(select(Stage).where(Stage.round_id == round_id, Stage.key == key)).one()
    return papers.make(stage.id, moment)


def filed() -> dict[tuple[str, str, str], bytes]:
    with reading() as session:
        rows = session.exec(select(Document, Blob.content).join(Blob)).all()
    return {(d.kind, d.staff_no, d.media_type): content for d, content in rows}


@pytest.fixture
def decided_round(database: Engine) -> UUID:
    with transaction() as session:
        round_id = take_all_in(session)
    to_the_end(round_id)
    return round_id


one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what is drafted depends on no system


@one_database
def test_after_screening_come_notice_and_report(decided_round: UUID) -> None:
    assert make(decided_round, "_screening", "tallied") == 2
    assert set(filed()) == {("launch_notice", "", PDF), ("screening_report", "", PDF)}
    assert make(decided_round, "_screening", "tallied") == 0


@one_database
def test_a_step_leaves_off_when_the_process_is_to_end_and_goes_on_afterwards(decided_round: UUID) -> None:
    before = filed()
    stopping.tell()
    try:
        with pytest.raises(Pause):
            make(decided_round, "_screening", "tallied")
    finally:
        stopping.forget()
    assert filed() == before
    assert make(decided_round, "_screening", "tallied") == len(filed()) - len(before) > 0


@one_database
def test_with_the_notice_comes_the_score_book_as_document_and_workbook(decided_round: UUID) -> None:
    make(decided_round, "_notice", "opened")
    found = filed()
    with pikepdf.open(io.BytesIO(found["score_book", "", PDF])) as document:
        results = json.loads(document.attachments["results.json"].get_file().read_bytes())
    assert [(one["staff_no"], one["final"], one["rank"], one["outcome"]) for one in results["results"]] == [
        ("002", "90.00", 1, "selected"),
        ("001", "80.00", 2, "reserve"),
        ("003", "70.00", 3, "reserve"),
        ("004", None, None, "ineligible"),
    ]
    assert results["ranking"]["lines"]["phone"]["selected"] == ["002"]
    rows = load_workbook(io.BytesIO(found["score_book", "", XLSX]))["成绩汇总"].iter_rows(values_only=True)
    assert [row[2:4] for row in rows][1:] == [
        ("002", "李雷"),
        ("001", "王芳"),
        ("003", "买买提·吐尔逊"),
        ("004", "赵静"),
    ]
    assert make(decided_round, "_notice", "opened") == 0


@one_database
@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_documents_speak_the_language_of_the_installation_whoever_makes_them(
    decided_round: UUID, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    monkeypatch.setenv("JINGPIN_DOCUMENT_LANGUAGE", spoken)
    settings.cache_clear()
    with in_language("en" if spoken == "zh" else "zh"):
        make(decided_round, "_screening", "tallied")
        make(decided_round, "_notice", "opened")
        make(decided_round, "_archive", "tallied")
    with reading() as session:
        names = {document.name for document in session.exec(select(Document))}
    named = {
        "zh": {"02 资格审查报告.pdf", "05 任职通知.pdf"},
        "en": {"02 Screening report.pdf", "05 Appointment notice.pdf"},
    }
    assert names >= named[spoken]
    for (kind, _staff_no, media_type), content in filed().items():
        if media_type == PDF:
            assert ("zh-CN" if spoken == "zh" else "en") == _language_of(content), kind


def _language_of(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as document:
        return str(document.Root.Lang)


def test_volumes_have_a_kind_and_a_name_each_and_are_not_made_again() -> None:
    three = [a_paper(), a_paper(), a_paper()]
    drafts = list(in_volumes("score_book", "03 成绩汇总表.pdf", three, frozenset({("score_book:2", "", PDF)})))
    assert [(draft.kind, draft.name) for draft in drafts] == [
        ("score_book", "03 成绩汇总表.pdf"),
        ("score_book:3", "03 成绩汇总表（第3册）.pdf"),
    ]


def supplement(round_id: UUID, title: str, **changes: str) -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        before = in_force.policy(the_round.policy_text)
        after = the_round.policy_text.decode()
        for old, new in changes.items():
            after = after.replace(old, new)
        supplements.publish(
            session,
            the_round=the_round,
            after=in_force.policy(after.encode()),
            policy_text=after.encode(),
            title=title,
            reason="原电话停用",
            terms=Terms(before, weekdays(), "hr", NOW),
        )


@one_database
def test_a_supplement_becomes_a_paper_once_whatever_step_the_round_is_at(database: Engine) -> None:
    with transaction() as session:
        round_id = launched(session).id
    assert make(round_id, "interview", "planned") == 0
    added = "organisation: {name: 星海客服中心, phone: 内线8022}\nsecond_person: [reopen]\nstages:"
    with transaction() as session:  # a policy that names who issues it
        the_round = session.get_one(Round, round_id)
        text = the_round.policy_text.replace(b"stages:", added.encode(), 1)
        the_round.policy_text, the_round.policy_sha256 = text, keep.keep(session, text)
    supplement(round_id, "更正电话", 内线8022="内线8033")
    supplement(round_id, "改期", **{"reopen]": "reopen, close]"})
    assert make(round_id, "interview", "planned") == 2
    assert make(round_id, "_screening", "opened") == 0
    assert set(filed()) == {("supplement:1", "", PDF), ("supplement:2", "", PDF)}
    first, second = (text_of(filed()["supplement:" + n, "", PDF]) for n in "12")
    for said in (
        "补充公告（第一号）",
        "原电话停用",
        "内线8022",
        "内线8033",
        "星海客服中心",
        "2026年10月14日",
        "更正电话",
    ):
        assert said in first
    assert "重新开放、提前截止" in second
    with reading() as session:
        assert audit.chain_findings(session, chain=round_id) == []
