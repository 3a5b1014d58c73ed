"""HR registers an application that reached them by another way, or notes that it is withdrawn, before it is counted."""

from datetime import datetime

from sqlmodel import Session

from actions import evidence, history
from models.rounds import Round
from queries import listings
from rules.records import Application
from rules.texts import RuleError, Text, _

SUBMITTED, WITHDRAWN = "submitted", "withdrawn"


def register(session: Session, *, the_round: Round, staff_no: str, actor: str, now: datetime) -> bool:
    """Register an application of now; false when there is one already.

    :raises RuleError: when applications are not open, or the person was not there when the round was screened.
    """
    there = listings.application(session, round_id=the_round.id, staff_no=staff_no)
    if there and there.application.status == SUBMITTED:
        return False
    _take_in(session, the_round, Application(staff_no, now, SUBMITTED), actor)
    return True


def unregister(session: Session, *, the_round: Round, staff_no: str, reason: str, actor: str, now: datetime) -> bool:
    """Note that an application is withdrawn; false when it is already.

    :raises RuleError: when there is none, no reason is given, or applications are not open any more.
    """
    there = listings.application(session, round_id=the_round.id, staff_no=staff_no)
    if there is None:
        raise RuleError(Text(_("{staff_no} 没有报名本轮"), {"staff_no": staff_no}))
    if there.application.status == WITHDRAWN:
        return False
    history.require_reason(reason)
    _take_in(session, the_round, Application(staff_no, now, WITHDRAWN), actor)
    detail: dict[str, object] = {"reason": reason}
    history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="application.unregistered",
        now=now,
        subject=staff_no,
        detail=detail,
    )
    return True


def _take_in(session: Session, the_round: Round, row: Application, actor: str) -> None:
    evidence.take_in(session, the_round=the_round, book="applications", rows=[row], actor=actor, now=row.applied_at)
