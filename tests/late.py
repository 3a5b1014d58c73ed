"""A round that waits for its reviewers: a panel, a deadline with grace after it, a ladder of reminders."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, select

from actions import books, evidence, people, rounds, stages
from actions.steps import Terms
from forms import policies
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules.policies import Policy
from rules.records import Application, Assignment, Mark, Person, Personnel, Reviewer
from tests.factories import POLICY, weekdays

OPENS = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
APPLIED_UNTIL = datetime(2026, 10, 16, 10, 0, tzinfo=UTC)
CLOSES = datetime(2026, 10, 23, 10, 0, tzinfo=UTC)
"""The deadline of the interview: 2026-10-23 18:00 in Shanghai; late sheets are taken for two more days."""

LADDER = """\
reminders:
- {before_hours: 24}
- {after_hours: 0, to: [waiting, hr]}
- {after_hours: 24, to: [substitute]}
organisation: {name: 星海客服中心, department: 人力资源部, email: hr@example.com}
"""

INTERVIEW = """\
- key: interview
  name: 面试
  kind: review
  pass_mark: 60
  closes_at: '2026-10-23T18:00:00+08:00'
  grace_hours: 48
  panel: {reviewers: 3}
  criteria:
  - {key: speech, name: 表达, weight: 60, max: 10}
  - {key: calm, name: 情绪, weight: 40, max: 10}
"""


def policy_text(
    *, code: str = "T-1", ladder: str = LADDER, interview: str = INTERVIEW, weights: str = "interview"
) -> bytes:
    """Return a policy whose interview has two criteria, a deadline and grace."""
    head = POLICY.partition("stages:\n")[0].replace("T-1", code)
    return f"{head}stages:\n{interview}final:\n  weights: {{{weights}: 100}}\n{ladder}".encode()


def centre() -> Personnel:
    """Return three candidates, and four who may review: 007 leads them, 008 is in team two, 009 and 010 are free."""
    rows = [
        ("001", "王芳", "一组", "007"),
        ("002", "李雷", "一组", "007"),
        ("003", "买买提·吐尔逊", "二组", "007"),
        ("007", "陈经理", None, None),
        ("008", "周敏", "二组", None),
        ("009", "吴迪", None, None),
        ("010", "冯评委", None, None),
    ]
    return Personnel(
        people=[
            Person(no, name, "phone", team, "Ⅱ", OPENS.date(), None, manager, f"u{no}@example.com")
            for no, name, team, manager in rows
        ]
    )


REVIEWERS = [
    Reviewer("R1", "郑评委"),
    Reviewer("R7", "陈经理", "phone", "007"),
    Reviewer("R8", "周敏", "phone", "008"),
    Reviewer("R9", "吴迪", "phone", "009"),
]

SPARE = Reviewer("R2", "冯评委", None, "010")
"""A reviewer who may score everybody, and is on nobody's panel."""

PANEL = [Assignment("interview", no, reviewer) for reviewer in ("R1", "R9") for no in ("001", "002", "003")]


def terms(*, now: datetime, policy: Policy | None = None, actor: str = "conductor") -> Terms:
    """Return the terms of the round."""
    return Terms(policy or policies.read(policy_text()).policy, weekdays(), actor, now)


def launch(text: bytes | None = None) -> UUID:
    """Launch the round and open its applications."""
    text = text or policy_text()
    policy = policies.read(text).policy
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=OPENS)
        round_id = rounds.launch(session, policy=policy, policy_text=text, actor="hr", now=OPENS).id
    look_again(round_id, policy, now=OPENS)
    return round_id


def at_the_interview(
    text: bytes | None = None, *, panel: list[Assignment] = PANEL, reviewers: list[Reviewer] = REVIEWERS
) -> UUID:
    """Bring the round to its interview, with everybody's application, its reviewers and its panel."""
    text = text or policy_text()
    round_id = launch(text)
    applied = OPENS + timedelta(days=1)
    candidates = sorted({a.staff_no for a in panel} or {"001", "002", "003"})
    take_in(round_id, "applications", [Application(no, applied, "submitted") for no in candidates])
    take_in(round_id, "reviewers", reviewers)
    with transaction() as session:  # given when nobody had to stand back yet: people change teams afterwards
        the_round = session.get_one(Round, round_id)
        books.take_in(session, book="panels", rows=panel, actor="hr", now=APPLIED_UNTIL, the_round=the_round)
    with transaction() as session:
        stages.close_due(session, now=APPLIED_UNTIL)
    look_again(round_id, policies.read(text).policy, now=APPLIED_UNTIL)
    return round_id


def look_again(round_id: UUID, policy: Policy, *, now: datetime) -> None:
    """Do what the flow does at one look."""
    while True:
        with reading() as session:
            step = standing.current(session, round_id=round_id)
        if step is None:
            return
        with transaction() as session:
            if stages.open_next(session, stage_id=step.id, terms=terms(now=now, policy=policy)).state != "closed":
                return
        with transaction() as session:
            stages.tally(session, stage_id=step.id, terms=terms(now=now, policy=policy))
            stages.finish(session, stage_id=step.id, terms=terms(now=now, policy=policy))


def take_in(round_id: UUID, book: str, rows: list, **options: str) -> None:
    """Take rows into a book of the round."""
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        evidence.take_in(session, the_round=the_round, book=book, rows=rows, actor="hr", now=APPLIED_UNTIL, **options)


def sheet(staff_no: str, reviewer_no: str, *marks: str | None, status: str = "scored") -> list[Mark]:
    """Return the marks of one sheet, in the order of the criteria; an empty cell is ``None``."""
    return [
        Mark("interview", staff_no, reviewer_no, key, None if mark is None else Decimal(mark), status)
        for key, mark in zip(("speech", "calm"), marks, strict=False)
    ]


def interview(session: Session, round_id: UUID) -> Stage:
    """Return the interview's step."""
    return session.exec(select(Stage).where(Stage.round_id == round_id, Stage.key == "interview")).one()
