"""The rounds of ``jingpin serve --demo``: one in its public notice, one in the middle, one that takes applications.

All three are the example's policy on other days. What lies behind them is done here, as of its day; what comes next
and all documents are left to the conductor.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from actions import decisions, evidence, materials, rounds, stages
from actions.steps import Terms
from forms import in_force, policies
from forms.bundles import Bundle
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules import course
from rules.conflicts import conflict
from rules.records import Application, Assignment

ACTOR: Final = "demo"
DECIDES: Final = ("hr", "chair")
"""Who confirms the decision; the example's policy asks for one of them."""

POSTED: Final = "POSTED-DEMO"
LIVE: Final = "LIVE-DEMO"
OPEN: Final = "OPEN-DEMO"
STAGE: Final = "materials"

TITLES: Final = {
    POSTED: "高级客服专家内部竞聘（公示中的演示）",
    LIVE: "高级客服专家内部竞聘（进行中的演示）",
    OPEN: "高级客服专家内部竞聘（正在报名的演示）",
}

DECIDED: Final = date(2026, 11, 21)
OPENED: Final = date(2026, 10, 20)
CALLED: Final = date(2026, 10, 13)
"""The day of the example's policy that is today: the day after the last stage, the second of the first stage, the
second of applications."""

INSTANT: Final = re.compile(rb"'(\d{4}-\d\d-\d\d)(T[\d:+]+)'")
PARTS: Final = ("marks", "attendance", "exam")


def posted(session: Session, bundle: Bundle, *, now: datetime) -> Round:
    """Take a round from its launch to the confirmed decision; the conductor then posts the notice.

    Its steps are counted, not done: so the conductor goes through them all and makes what documents are due.

    :raises RuleError: when no round can be launched today, e.g. without the year's working days.
    """
    the_round, terms = _launched(session, bundle, code=POSTED, opened=DECIDED, now=now)
    _hand_in(session, the_round, bundle, terms)
    _go_on(session, the_round, bundle, terms, until=course.NOTICE)
    return the_round


def _go_on(session: Session, the_round: Round, bundle: Bundle, terms: Terms, *, until: str) -> None:
    """Take a round on, each step as of its own time, up to one step."""
    for step in standing.of_round(session, round_id=the_round.id):
        if step.key == until:
            return
        at = max(terms.now, step.opens_at or terms.now)
        stages.open_next(session, stage_id=step.id, terms=replace(terms, now=at))
        _answer(session, the_round, bundle, step, replace(terms, now=at))
        terms = replace(terms, now=step.closed_at or at)
        stages.tally(session, stage_id=step.id, terms=terms)


def _answer(session: Session, the_round: Round, bundle: Bundle, step: Stage, terms: Terms) -> None:
    """Let people do what an open step asks of them, and close it at its deadline."""
    if step.kind == "decision":
        for who in DECIDES:
            if not decisions.confirm(session, the_round=the_round, terms=replace(terms, actor=who)):
                return
    if step.state != "open":
        return
    for book in PARTS:
        mine = [row for row in getattr(bundle.evidence, book) if _belongs(row, step)]
        if mine:
            evidence.take_in(session, the_round=the_round, book=book, rows=mine, actor=ACTOR, now=terms.now)
    at = step.closes_at or terms.now
    stages.close(session, stage=step, the_round=the_round, reason="deadline", actor="clock", now=at)


def _belongs(row: Any, step: Stage) -> bool:  # noqa: ANN401 - a row of any book
    stage = getattr(row, "stage", None)
    return step.kind == "training" if stage is None else stage == step.key


def live(session: Session, bundle: Bundle, *, now: datetime) -> Round:
    """Launch a round whose applications closed some days ago and whose first stage is due now.

    :raises RuleError: as ``posted``.
    """
    the_round, terms = _launched(session, bundle, code=LIVE, opened=OPENED, now=now)
    _hand_in(session, the_round, bundle, terms, only=STAGE)
    _go_on(session, the_round, bundle, terms, until=STAGE)
    return the_round


def called(session: Session, bundle: Bundle, *, now: datetime) -> Round:
    """Launch a round that takes applications since yesterday: nobody has applied yet.

    :raises RuleError: as ``posted``.
    """
    the_round, terms = _launched(session, bundle, code=OPEN, opened=CALLED, now=now)
    applications = standing.by_key(session, the_round=the_round, key=course.APPLICATIONS)
    stages.open_next(session, stage_id=applications.id, terms=terms)
    return the_round


def _launched(session: Session, bundle: Bundle, *, code: str, opened: date, now: datetime) -> tuple[Round, Terms]:
    """Launch the example's policy so that ``opened`` is today, as of the day on which applications began; screen it."""
    text = shifted(bundle.policy_text, by=_days(now, opened), code=code)
    policy = policies.read(text).policy
    began = policy.applications.opens_at
    terms = Terms(policy=policy, calendar=in_force.working_days(), actor=ACTOR, now=began)
    the_round = rounds.launch(session, policy=policy, policy_text=text, actor=ACTOR, now=began)
    screening = standing.by_key(session, the_round=the_round, key=course.SCREENING)
    stages.open_next(session, stage_id=screening.id, terms=terms)
    stages.tally(session, stage_id=screening.id, terms=terms)
    return the_round, terms


def _days(now: datetime, opened: date) -> int:
    return (now.date() - opened).days


def shifted(text: bytes, *, by: int, code: str = LIVE) -> bytes:
    """Return the example's policy as the one of another round, so many days later."""

    def moved(found: re.Match[bytes]) -> bytes:
        day = date.fromisoformat(found[1].decode()) + timedelta(days=by)
        return b"'" + day.isoformat().encode() + found[2] + b"'"

    text = INSTANT.sub(moved, text)
    text = re.sub(rb"(?m)^code: .*$", f"code: {code}".encode(), text, count=1)
    return re.sub(rb"(?m)^title: .*$", f"title: {TITLES[code]}".encode(), text, count=1)


def _hand_in(session: Session, the_round: Round, bundle: Bundle, terms: Terms, *, only: str = "") -> None:
    """Hand in what people of the example did, as much later: applications, files, reviewers, panels."""
    given = bundle.evidence
    by = terms.policy.applications.opens_at - bundle.policy.applications.opens_at
    books: dict[str, Sequence[Any]] = {
        "applications": [Application(a.staff_no, a.applied_at + by, a.status) for a in given.applications],
        "reviewers": given.reviewers,
        "panels": [p for p in panels(bundle) if only in {"", p.stage}],
    }
    for book, rows in books.items():
        evidence.take_in(session, the_round=the_round, book=book, rows=rows, actor=ACTOR, now=terms.now)
    materials.take_in(session, the_round=the_round, materials=bundle.materials, actor=ACTOR, now=terms.now)


def panels(bundle: Bundle) -> list[Assignment]:
    """Return the example's panels without those who must stand back: the example has them recused later."""
    people = {p.staff_no: p for p in bundle.personnel.people}
    own = {r.reviewer_no: r.staff_no for r in bundle.evidence.reviewers}
    return [
        Assignment(p.stage, p.staff_no, p.reviewer_no)
        for p in bundle.evidence.panels
        if not conflict(own[p.reviewer_no], people.get(own[p.reviewer_no] or ""), people[p.staff_no])
    ]
