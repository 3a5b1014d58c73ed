"""Candidates' own results, from the database: the same as the law's, one for each applicant, each made once."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from actions import books, people, rounds, stages
from actions.steps import Terms
from forms import policies
from kit import pdf
from models.database import reading, transaction
from models.documents import Blob, Document
from models.rounds import Round
from models.stages import Stage
from queries import decided
from queries import stages as standing
from reports import candidate_result
from reports.entries import Entry
from rules.records import Application, Evidence, Mark
from tasks import case, papers
from tasks.case import Case
from tasks.results import candidate_results
from tasks.terms import policy_of
from tests.factories import NOW, centre, handed_in, launched, policy, policy_text, terms
from tests.reports.decided import decide
from tests.reports.reading import text_of

LATE = datetime(2026, 10, 16, 10, 0, 1, tzinfo=UTC)
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def given() -> Evidence:
    """Return what was handed in: three who were judged, one who is not eligible and too late."""
    found = handed_in(s001="8", s002="9", s003="7.25")
    late = [a._replace(applied_at=LATE) if a.staff_no == "004" else a for a in found.applications]
    twice = Application("001", datetime(2026, 10, 12, 1, 0, 5, tzinfo=UTC), "withdrawn")
    return Evidence(applications=[*late, twice], reviewers=found.reviewers, marks=found.marks)


@pytest.fixture
def round_id(database: Engine) -> UUID:
    with transaction() as session:
        the_round = launched(session, mode="replay")
        take_all_in(session, the_round, given())
        found = the_round.id
    to_the_end(found, terms())
    return found


def take_all_in(session: Session, the_round: Round, evidence: Evidence) -> None:
    for book in ("applications", "reviewers", "marks"):
        books.take_in(session, book=book, rows=getattr(evidence, book), actor="hr", now=NOW, the_round=the_round)


def to_the_end(round_id: UUID, under: Terms) -> None:
    while True:
        with reading() as session:
            step = standing.current(session, round_id=round_id)
        if step is None:
            return
        for deed in (stages.open_next, stages.tally, stages.finish):
            with transaction() as session:
                deed(session, stage_id=step.id, terms=under)


def entries_of(round_id: UUID) -> list[Entry]:
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        stage = session.get_one(Stage, notice_of(round_id))
        return Case(session, the_round, stage, policy_of(the_round)).entries


def notice_of(round_id: UUID) -> UUID:
    with reading() as session:
        return session.exec(select(Stage.id).where(Stage.round_id == round_id, Stage.key == "_notice")).one()


def filed() -> dict[str, bytes]:
    with reading() as session:
        rows = session.exec(select(Document, Blob.content).join(Blob).where(Document.kind == "candidate_result"))
        return {document.staff_no: content for document, content in rows}


def test_the_entries_are_the_ones_that_the_law_gives(round_id: UUID) -> None:
    found = entries_of(round_id)
    assert found == decide(policy(), centre(), given()).entries
    assert [entry.applied_at for entry in found if entry.person.staff_no == "004"] == [LATE]


@ONE_DATABASE
def test_each_stage_has_its_own_components(database: Engine) -> None:
    criteria = "[{key: a, name: 甲, weight: 100, max: 5}]"
    second = f"- {{key: talk, name: 面谈, kind: review, panel: {{reviewers: 1}}, criteria: {criteria}}}"
    text = policy_text(**{"final:": f"{second}\nfinal:", "interview: 100}": "interview: 60, talk: 40}"})
    rules = policies.read(text).policy
    talks = [Mark("talk", no, "R1", "a", Decimal(mark), "scored") for no, mark in (("001", "4"), ("002", "3"))]
    evidence = replace(given(), marks=[*given().marks, *talks])
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=NOW)
        the_round = rounds.launch(session, policy=rules, policy_text=text, actor="hr", now=NOW, mode="replay")
        take_all_in(session, the_round, evidence)
        round_id = the_round.id
    to_the_end(round_id, replace(terms(), policy=rules))
    assert entries_of(round_id) == decide(rules, centre(), evidence).entries
    assert [str(e.final) for e in entries_of(round_id)[:2]] == ["80.00", "78.00"]


@ONE_DATABASE
def test_every_applicant_gets_their_own_once(round_id: UUID) -> None:
    papers.make(notice_of(round_id), "opened")
    first = filed()
    assert sorted(first) == ["001", "002", "003", "004"]
    assert papers.make(notice_of(round_id), "opened") == 0
    assert filed() == first
    texts = {no: text_of(content) for no, content in first.items()}
    assert "您的综合成绩为90.00分，在完成全部环节的3人中列第1名" in texts["002"]
    assert "100×7.25 ÷ 10 = 72.5" in texts["003"]
    assert "晚于截止时间2026年10月16日（周五）18:00" in texts["004"].replace("\n", "")
    assert "2026年10月16日（周五）18:00:01" in texts["004"].replace("\n", "")
    for no, text in texts.items():
        assert not any(person.name in text for person in centre().people if person.staff_no != no)


@ONE_DATABASE
def test_what_a_crash_left_out_is_made_and_the_rest_is_left_alone(round_id: UUID) -> None:
    papers.make(notice_of(round_id), "opened")
    first = filed()
    with transaction() as session:
        session.execute(
            delete(Document).where(col(Document.kind) == "candidate_result", col(Document.staff_no).in_(["001", "003"]))
        )
    assert papers.make(notice_of(round_id), "opened") == 2
    assert filed() == first  # byte for byte


@ONE_DATABASE
def test_of_many_applicants_everybodys_screening_is_read(round_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "NAMED_AT_MOST", 2)
    assert entries_of(round_id) == decide(policy(), centre(), given()).entries


@ONE_DATABASE
def test_the_window_that_really_was_is_shown(round_id: UUID) -> None:
    extended = datetime(2026, 10, 16, 10, 0, 0, 500, tzinfo=UTC)
    with transaction() as session:
        stage = session.exec(select(Stage).where(Stage.round_id == round_id, Stage.key == "_applications")).one()
        stage.closes_at = extended.replace(minute=30)
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        notice = session.get_one(Stage, notice_of(round_id))
        found = Case(session, the_round, notice, policy_of(the_round))
        in_force = decided.in_force(session, the_round=the_round, policy=found.policy)
        drafts = {draft.staff_no: draft for draft in candidate_results(found, frozenset())}
    assert in_force.applications.closes_at == extended.replace(minute=30)
    late = drafts["004"].content
    assert not isinstance(late, bytes)
    assert "晚于截止时间2026年10月16日（周五）18:30" in late.html


@ONE_DATABASE
def test_the_paper_is_dated_on_the_day_of_the_notice(round_id: UUID) -> None:
    papers.make(notice_of(round_id), "opened")
    again = {no: text_of(content) for no, content in filed().items()}
    assert all(text.startswith("2026年10月19日") for text in again.values())
    view = decide(policy(), centre(), given()).views["002"]
    assert pdf.render(candidate_result.paper(view), papers.font_set()) == filed()["002"]
