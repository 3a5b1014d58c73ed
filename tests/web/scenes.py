"""A small centre with four rounds, for whoever looks at all pages: open, being judged, to be decided, on notice.

All data is Latin on request, so that whatever Chinese an English page still shows is ours.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import select

from actions import books, candidates, decisions, documents, drafts, evidence, hearings, people, rounds, stages
from actions.steps import Terms
from forms import in_force, policies
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules.records import (
    Application,
    Assignment,
    Attendance,
    ExamScore,
    Mark,
    Person,
    Personnel,
    Rating,
    Reviewer,
)

POLICY: Final = """\
version: 1
code: {code}
title: {title}
confirmations: 2
second_person: [cancel]
post: {{code: SUP1, name: {post}, track: management}}
organisation: {{name: {centre}, department: {hr}, contact: {contact}, phone: '8021', email: hr@example.com}}
as_of: '{as_of}'
lines: {{phone: {phone}, vip: {vip}}}
grades: [Ⅰ, Ⅱ, Ⅲ]
ratings: [C, B, B+, A]
eligibility:
  grade: {{at_least: Ⅱ}}
  ratings: {{at_least: B+, consecutive: 2}}
  tenure: {{counted_from: hired_on, months: 24}}
quota: {{seats: 2, by: business_line, method: sainte_lague, minimum: 1, unused: best_score}}
applications:
  opens_at: '{opens}'
  closes_at: '{closes}'
  materials: [case_summary, improvement_plan]
stages:
- key: interview
  name: {interview}
  kind: review
  pass_mark: 60
  closes_at: '{later}'
  panel: {{reviewers: 3, quorum: 2}}
  criteria:
  - {{key: speech, name: {speech}, weight: 60, max: 10}}
  - {{key: calm, name: {calm}, weight: 40, max: 10}}
- key: theory
  name: {theory}
  kind: training
  closes_at: '{last}'
  sessions: 3
  attendance: {{at_least: 60}}
  exam: {{areas: {{product: 50, policy: 50}}}}
final:
  weights: {{interview: 60, theory.attendance: 10, theory.exam: 30}}
  tie_break: [{chain}]
notice: {{working_days: 5}}
"""

CHINESE: Final[Mapping[str, str]] = {
    "title": "第四季度初级主管内部竞聘",
    "post": "初级主管",
    "centre": "星桥客户服务中心",
    "hr": "人力资源部",
    "contact": "竞聘工作组",
    "phone": "电话客服",
    "vip": "VIP专属服务",
    "interview": "结构化面试",
    "speech": "沟通表达",
    "calm": "客户情绪安抚",
    "theory": "理论强化培训",
    "team": "一组",
    "ground": "我认为面试的计分有误，请复核。",
    "names": "王芳 李雷 买买提·吐尔逊 赵静 陈思远 欧阳慧敏 周杰 吴桐",
    "judges": "评委一 评委二 评委三",
}
LATIN: Final[Mapping[str, str]] = {
    "title": "Supervisors in the fourth quarter",
    "post": "Junior supervisor",
    "centre": "Starbridge",
    "hr": "HR",
    "contact": "Working group",
    "phone": "Phone",
    "vip": "VIP desk",
    "interview": "Interview",
    "speech": "Speech",
    "calm": "Composure",
    "theory": "Theory",
    "team": "Team 1",
    "ground": "The interview was counted wrongly, please check.",
    "names": "Fang Lei Memet Jing Siyuan Huimin Jie Tong",
    "judges": "One Two Three",
}

OPEN, JUDGED, DECIDED, POSTED = "W-OPEN", "W-JUDGED", "W-DECIDED", "W-POSTED"
CODES: Final = (OPEN, JUDGED, DECIDED, POSTED)
DONE, GONE, NOBODY, TIED = "W-DONE", "W-GONE", "W-NOBODY", "W-TIED"

ELIGIBLE: Final = ("001", "002", "003", "004", "005", "006")
JUDGES: Final = ("R1", "R2", "R3")


def laid(words: Mapping[str, str] = CHINESE) -> None:
    """Lay the whole scene into the database in force."""
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction() as session:
        people.take_in(session, personnel=_centre(words), actor="hr", now=now)
    for code in CODES:
        _launch(code, words, now)
    _apply(OPEN, now, only=("002",))
    _to_the_interview(JUDGED, words, now)
    _mark(JUDGED, now, only=("R2",))
    for code in (DECIDED, POSTED):
        _to_the_decision(code, words, now)
        _confirm(code, "chair", now)
    _confirm(POSTED, "director", now)
    with transaction() as session:
        said = {"kind": "objection", "staff_no": "002", "ground": words["ground"], "actor": "c002", "now": now}
        hearings.raise_own(session, the_round=_round(session, POSTED), **said)
        drafts.begin(session, content={"title": words["title"]}, actor="hr", now=now)


def ended(words: Mapping[str, str] = CHINESE) -> None:
    """Lay another scene: a round that is over, one that was cancelled, one without candidates, one with a tie."""
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction() as session:
        people.take_in(session, personnel=_centre(words), actor="hr", now=now)
    _launch(DONE, words, now)
    _to_the_decision(DONE, words, now)
    _confirm(DONE, "chair", now)
    _confirm(DONE, "director", now)
    _finish(DONE, now + timedelta(days=60))
    for code in (GONE, NOBODY, TIED):
        _launch(code, words, now, chain="interview")
    _apply(GONE, now)
    with transaction() as session:
        rounds.cancel(session, the_round=_round(session, GONE), reason=words["ground"], actor="hr", now=now)
    for key in ("applications", "interview", "theory"):
        _close(NOBODY, key, now)
    _to_the_decision(TIED, words, now, level=True)
    held(TIED, "001", words)


def held(code: str, staff_no: str, words: Mapping[str, str] = CHINESE) -> None:
    """Put somebody on hold."""
    terms = _terms(code, "hr", datetime.now(UTC).replace(microsecond=0))
    with transaction() as session:
        said = {"staff_no": staff_no, "reason": words["ground"], "terms": terms}
        candidates.hold(session, the_round=_round(session, code), **said)


def _to_the_interview(code: str, words: Mapping[str, str], now: datetime) -> None:
    _apply(code, now)
    _close(code, "applications", now)
    _panels(code, words, now)


def _to_the_decision(code: str, words: Mapping[str, str], now: datetime, *, level: bool = False) -> None:
    _to_the_interview(code, words, now)
    _mark(code, now, level=level)
    _close(code, "interview", now)
    _train(code, now)
    _close(code, "theory", now)


def _finish(code: str, later: datetime) -> None:
    """Let the notice run out, file a paper for the round and one for somebody, and end the round."""
    with transaction() as session:
        stages.close_due(session, now=later)
    _look_again(code, later)
    with transaction() as session:
        the_round = _round(session, code)
        for kind, name, no in (("announcement", "04 结果公示.pdf", ""), ("candidate_result", "002 结果.pdf", "002")):
            paper = documents.Sheet(
                kind=kind, name=name, media_type="application/pdf", staff_no=no, version=1, fonts=""
            )
            documents.file(session, the_round=the_round, sheet=paper, content=b"%PDF-1.7", actor="conductor", now=later)
        rounds.finish(session, the_round=the_round, actor="conductor", now=later)


def _centre(words: Mapping[str, str]) -> Personnel:
    names = words["names"].split()
    everybody = [
        Person(
            staff_no=f"{n:03}",
            name=name,
            business_line="vip" if n % 3 == 0 else "phone",
            team=words["team"],
            grade="Ⅰ" if n == 7 else "Ⅱ",
            hired_on=date(2025 if n == 8 else 2020, 1, n),
            manager_no="001" if n == 5 else None,
            email=f"p{n}@example.com",
        )
        for n, name in enumerate(names, start=1)
    ]
    ratings = [Rating(p.staff_no, period, "A") for p in everybody for period in ("2025H2", "2026H1")]
    return Personnel(people=everybody, ratings=ratings)


def _launch(code: str, words: Mapping[str, str], now: datetime, chain: str = "interview, tenure") -> None:
    times = {"opens": now - timedelta(days=1), "closes": now + timedelta(days=2, hours=3)}
    times |= {"later": now + timedelta(days=5), "last": now + timedelta(days=9)}
    text = POLICY.format(
        code=code, as_of=now.date(), chain=chain, **words, **{key: at.isoformat() for key, at in times.items()}
    ).encode()
    with transaction() as session:
        read = policies.read(text).policy
        rounds.launch(session, policy=read, policy_text=text, actor="hr", now=now, mode="live")
    _look_again(code, now)


def _round(session: object, code: str) -> Round:
    return session.exec(select(Round).where(Round.code == code)).one()  # type: ignore[attr-defined] # a session


def _id(code: str) -> UUID:
    with reading() as session:
        return _round(session, code).id


def _terms(code: str, actor: str, now: datetime) -> Terms:
    with reading() as session:
        read = in_force.policy(_round(session, code).policy_text)
    return Terms(policy=read, calendar=in_force.working_days(), actor=actor, now=now)


def _look_again(code: str, now: datetime) -> None:
    """Do what the flow does until the round waits for people."""
    terms = _terms(code, "conductor", now)
    while True:
        with reading() as session:
            step = standing.current(session, round_id=_id(code))
        if step is None:
            return
        with transaction() as session:
            state = stages.open_next(session, stage_id=step.id, terms=terms).state
        if state != "closed":
            return
        with transaction() as session:
            stages.tally(session, stage_id=step.id, terms=terms)
            stages.finish(session, stage_id=step.id, terms=terms)


def _take_in(code: str, book: str, rows: list[object], now: datetime) -> None:
    with transaction() as session:
        evidence.take_in(session, the_round=_round(session, code), book=book, rows=rows, actor="hr", now=now)


def _close(code: str, key: str, now: datetime) -> None:
    with transaction() as session:
        the_round = _round(session, code)
        stage: Stage = standing.by_key(session, the_round=the_round, key=key)
        stages.close_by_hand(session, stage=stage, the_round=the_round, reason="done", actor="hr", now=now)
    _look_again(code, now)


def _apply(code: str, now: datetime, only: tuple[str, ...] = (*ELIGIBLE, "007", "008")) -> None:
    _take_in(code, "applications", [Application(no, now - timedelta(hours=1), "submitted") for no in only], now)


def _panels(code: str, words: Mapping[str, str], now: datetime) -> None:
    names = words["judges"].split()
    judges = [Reviewer(no, name, None, "008" if no == "R1" else None) for no, name in zip(JUDGES, names, strict=True)]
    _take_in(code, "reviewers", judges, now)
    rows = [Assignment("interview", no, judge) for no in ELIGIBLE for judge in JUDGES]
    with transaction() as session:  # given when R1 was of another team: whoever must stand back says so on the sheet
        books.take_in(session, book="panels", rows=rows, actor="hr", now=now, the_round=_round(session, code))


def _mark(code: str, now: datetime, only: tuple[str, ...] = JUDGES, *, level: bool = False) -> None:
    rows = [
        Mark("interview", no, judge, key, Decimal(8) if level else Decimal(9 - n) + Decimal(m) / 2, "scored")
        for n, no in enumerate(ELIGIBLE[:4])
        for m, judge in enumerate(only)
        for key in ("speech", "calm")
    ]
    _take_in(code, "marks", rows, now)


def _train(code: str, now: datetime) -> None:
    there = [Attendance(no, n, "present" if n < 3 else "late") for no in ELIGIBLE[:4] for n in (1, 2, 3)]
    _take_in(code, "attendance", there, now)
    scores = [ExamScore(no, area, Decimal(80)) for no in ELIGIBLE[:4] for area in ("product", "policy")]
    _take_in(code, "exam", scores, now)


def _confirm(code: str, actor: str, now: datetime) -> None:
    with transaction() as session:
        decisions.confirm(session, the_round=_round(session, code), terms=_terms(code, actor, now))
    _look_again(code, now)
