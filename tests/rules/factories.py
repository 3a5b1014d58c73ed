"""People, policies and evidence for the law's tests, as plain functions."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rules.policies import (
    ApplicationWindow,
    Criterion,
    Eligibility,
    Final,
    Panel,
    Policy,
    Post,
    Quota,
    ReviewTerms,
    SeatMethod,
    StagePolicy,
    TrainingTerms,
)
from rules.records import Application, Attendance, ExamScore, Mark, Person

AS_OF = date(2026, 9, 30)
OPENS, CLOSES = datetime.fromisoformat("2026-10-12T09:00:00+08:00"), datetime.fromisoformat("2026-10-16T18:00:00+08:00")
IN_TIME = datetime.fromisoformat("2026-10-13T09:00:00+08:00")


def quota(seats: int = 1, **changes: Any) -> Quota:
    """Return seats that are shared out by Sainte-Laguë."""
    return replace(Quota(seats, "business_line", SeatMethod.SAINTE_LAGUE), **changes)


def policy(**changes: Any) -> Policy:
    """Return a policy of one interview without any condition of entry."""
    plain = Policy(
        version=1,
        code="T-1",
        title="测试轮次",
        post=Post("P", "主管", "management"),
        as_of=AS_OF,
        lines={"phone": "电话客服", "online": "在线客服", "vip": "VIP专属服务"},
        grades=("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"),
        ratings=("D", "C", "B", "B+", "A", "S"),
        eligibility=Eligibility(),
        quota=quota(),
        applications=ApplicationWindow(OPENS, CLOSES),
        stages=(review(),),
        final=Final({"interview": Decimal(100)}),
    )
    return replace(plain, **changes)


def person(no: str = "1", **changes: Any) -> Person:
    """Return somebody of the phone line."""
    return Person(no, f"员工{no}", "phone", grade="Ⅱ", hired_on=date(2020, 1, 1))._replace(**changes)


def criterion(key: str = "speech", weight: str = "100", most: str = "100") -> Criterion:
    return Criterion(key, key, Decimal(weight), Decimal(most))


def review(key: str = "interview", *criteria: Criterion, panel: Panel | None = None, **changes: Any) -> StagePolicy:
    """Return a review stage; without criteria it has one, marked from 0 to 100."""
    terms = ReviewTerms(panel or Panel(), criteria or (criterion(),))
    return replace(StagePolicy(key, "面试", "review", terms), **changes)


def training(
    sessions: int = 8, at_least: str = "0", areas: dict[str, str] | None = None, **changes: Any
) -> StagePolicy:
    """Return the training stage ``theory``; without areas its exam has one."""
    weights = {area: Decimal(weight) for area, weight in (areas or {"product": "100"}).items()}
    terms = TrainingTerms(sessions, Decimal(at_least), weights)
    return replace(StagePolicy("theory", "培训", "training", terms), **changes)


def mark(reviewer: str, value: str | None, key: str = "speech", *, no: str = "1", status: str = "scored") -> Mark:
    """Return a mark of the interview."""
    return Mark("interview", no, reviewer, key, None if value is None else Decimal(value), status)


def marks(*values: str, key: str = "speech", no: str = "1") -> list[Mark]:
    """Return a mark by each of the reviewers R1, R2, R3 …"""
    return [mark(f"R{n}", value, key, no=no) for n, value in enumerate(values, 1)]


def applied(*nos: str) -> list[Application]:
    return [Application(no, IN_TIME, "submitted") for no in nos]


def attended(*statuses: str, no: str = "1") -> list[Attendance]:
    """Return a row for each of the sessions 1, 2, 3 …"""
    return [Attendance(no, session, status) for session, status in enumerate(statuses, 1)]


def sat(no: str = "1", **scores: str | None) -> list[ExamScore]:
    return [ExamScore(no, area, None if score is None else Decimal(score)) for area, score in scores.items()]
