"""A small centre and its policy, as plain functions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from actions import people, rounds
from actions.steps import Terms
from forms import policies
from models.rounds import Round
from rules.policies import Policy
from rules.records import Application, Mark, Person, Personnel, Reviewer
from rules.workdays import Calendar

NOW = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)

POLICY = """\
version: 1
code: T-1
title: 测试轮次
post: {code: P, name: 主管, track: management}
as_of: '2026-09-30'
lines: {phone: 电话客服, vip: VIP专属服务}
grades: [Ⅰ, Ⅱ]
ratings: [C, B]
eligibility:
  grade: {at_least: Ⅱ}
quota: {seats: 1, by: business_line, method: sainte_lague}
applications:
  opens_at: '2026-10-12T09:00:00+08:00'
  closes_at: '2026-10-16T18:00:00+08:00'
  materials: [case_summary]
stages:
- key: interview
  name: 面试
  kind: review
  pass_mark: 60
  panel: {reviewers: 3}
  criteria:
  - {key: speech, name: 表达, weight: 100, max: 10}
final:
  weights: {interview: 100}
"""


def policy_text(**changes: str) -> bytes:
    """Return the policy with parts of its text replaced."""
    text = POLICY
    for old, new in changes.items():
        text = text.replace(old, new)
    return text.encode()


def policy() -> Policy:
    """Return the small policy."""
    return policies.read(POLICY).policy


def weekdays(year: int = 2026) -> Calendar:
    """Return a calendar of one year without holidays."""
    first = date(year, 1, 1)
    days = [first + timedelta(n) for n in range(365)]
    return Calendar({d: d.weekday() < 5 for d in days}, "test")


def centre() -> Personnel:
    """Return three eligible people and one who is not."""
    return Personnel(
        people=[
            Person("001", "王芳", "phone", "一组", "Ⅱ", date(2020, 1, 1)),
            Person("002", "李雷", "phone", "一组", "Ⅱ", date(2021, 1, 1)),
            Person("003", "买买提·吐尔逊", "phone", "二组", "Ⅱ", date(2022, 1, 1)),
            Person("004", "赵静", "vip", "三组", "Ⅰ", date(2023, 1, 1)),
        ]
    )


@dataclass
class Handed:
    """What people handed in."""

    applications: list[Application]
    reviewers: list[Reviewer]
    marks: list[Mark]


def handed_in(**marks: str) -> Handed:
    """Return applications of all four, two reviewers, and one reviewer's marks as given by staff number (``s001``)."""
    at = datetime(2026, 10, 13, 1, 0, tzinfo=UTC)
    given = {key.removeprefix("s"): value for key, value in marks.items()} or {"001": "8", "002": "9", "003": "7"}
    return Handed(
        applications=[Application(no, at, "submitted") for no in ("001", "002", "003", "004")],
        reviewers=[Reviewer("R1", "评委一"), Reviewer("R2", "评委二", None, "002")],
        marks=[Mark("interview", no, "R1", "speech", Decimal(m), "scored") for no, m in given.items()],
    )


def terms(*, actor: str = "conductor", now: datetime = NOW) -> Terms:
    """Return the terms of the small round."""
    return Terms(policy=policy(), calendar=weekdays(), actor=actor, now=now)


def launched(session: Session, *, mode: str = "live", now: datetime = NOW) -> Round:
    """Return the small round, launched over the small centre."""
    people.take_in(session, personnel=centre(), actor="hr", now=now)
    return rounds.launch(session, policy=policy(), policy_text=policy_text(), actor="hr", now=now, mode=mode)
