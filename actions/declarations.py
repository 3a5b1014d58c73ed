"""Declare interests: before any candidate's name of a round is shown to a reviewer."""

from datetime import datetime

from sqlmodel import Session

from actions import history
from models.sheets import Declaration
from queries.inboxes import Chair
from rules.texts import RuleError, Text, _


def declare(session: Session, *, chair: Chair, statement: str, actor: str, now: datetime) -> None:
    """Note a reviewer's declaration of interest for a round; a second one changes nothing.

    :raises RuleError: when the round is over.
    """
    the_round, said = chair.the_round, statement.strip()
    if session.get(Declaration, (the_round.id, chair.reviewer_no)):
        return
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
    session.add(
        Declaration(round_id=the_round.id, reviewer_no=chair.reviewer_no, made_at=now, made_by=actor, statement=said)
    )
    detail: dict[str, object] = {"reviewer": chair.reviewer_no, "statement": said}
    history.record(session, chain=the_round.id, actor=actor, deed="interest.declared", now=now, detail=detail)
