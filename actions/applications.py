"""A candidate applies, or takes their own application back while applications are open."""

from datetime import datetime

from sqlmodel import Session

from actions import documents, evidence, history
from models.history import Entry
from models.rounds import Round
from queries import handovers, stages
from rules import course
from rules import handovers as law
from rules.handovers import Step
from rules.records import Application
from rules.texts import RuleError, Text, _

SUBMITTED, WITHDRAWN = "submitted", "withdrawn"


def apply(session: Session, *, the_round: Round, staff_no: str, consent: str, actor: str, now: datetime) -> Entry:
    """Apply in one's own name and return the entry that is the receipt; a second click returns the first one's.

    ``consent`` is the notice on personal data that was agreed to, word by word; it is kept with the entry.

    :raises RuleError: when applications are not open, or the person was not there when the round was screened.
    """
    _require_open(session, the_round, now)
    mine = handovers.application(session, round_id=the_round.id, staff_no=staff_no)
    if mine and mine.status == SUBMITTED:
        given = handovers.receipts(session, round_id=the_round.id, staff_no=staff_no)
        if found := next((e for e in given if e.deed == "application.submitted"), None):
            return found
    return _take_in(session, the_round, Application(staff_no, now, SUBMITTED), actor, consent)


def withdraw(session: Session, *, the_round: Round, staff_no: str, reason: str, actor: str, now: datetime) -> Entry:
    """Take one's own application back and return the receipt; possible until applications close.

    :raises RuleError: when applications are not open, or there is nothing to take back.
    """
    _require_open(session, the_round, now)
    mine = handovers.application(session, round_id=the_round.id, staff_no=staff_no)
    if mine is None or mine.status != SUBMITTED:
        raise RuleError(Text(_("没有可以撤回的报名")))
    return _take_in(session, the_round, Application(staff_no, now, WITHDRAWN), actor, reason)


def _require_open(session: Session, the_round: Round, now: datetime) -> None:
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
    step = next(s for s in stages.locked(session, round_id=the_round.id) if s.key == course.APPLICATIONS)
    law.require_applications(
        Step(step.state, step.closes_at, step.due_at), opens_at=step.opens_at or the_round.launched_at, now=now
    )


def _take_in(session: Session, the_round: Round, row: Application, actor: str, words: str) -> Entry:
    evidence.take_in(session, the_round=the_round, book="applications", rows=[row], actor=actor, now=row.applied_at)
    return history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed=f"application.{row.status}",
        now=row.applied_at,
        subject=row.staff_no,
        detail={"applied_at": row.applied_at},
        evidence=documents.keep(session, words.encode()) if words else None,
    )
