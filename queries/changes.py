"""Read what HR does to a running round: proposals that wait for a second person, candidates on hold."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.changes import Hold, Proposal
from rules.texts import RuleError, Text, _


def on_hold(session: Session, *, round_id: UUID) -> Sequence[Hold]:
    """Return the candidates on hold, the first to be held first."""
    held = select(Hold).where(Hold.round_id == round_id, col(Hold.released_at).is_(None))
    return session.exec(held.order_by(col(Hold.held_at), Hold.staff_no)).all()


def proposals(session: Session, *, round_id: UUID, only_open: bool = False) -> Sequence[Proposal]:
    """Return the proposals of a round, by number."""
    query = select(Proposal).where(Proposal.round_id == round_id)
    if only_open:
        query = query.where(Proposal.state == "open")
    return session.exec(query.order_by(col(Proposal.number))).all()


def proposal(session: Session, *, round_id: UUID, number: int) -> Proposal:
    """Return a proposal by its number.

    :raises RuleError: when there is none.
    """
    query = select(Proposal).where(Proposal.round_id == round_id, Proposal.number == number)
    found = session.exec(query).first()
    if found is None:
        raise RuleError(Text(_("本轮没有第 {number} 号提议；用 jingpin proposal list 查看"), {"number": number}))
    return found


def next_number(session: Session, *, round_id: UUID) -> int:
    """Return the number of the next proposal."""
    return (session.exec(select(func.max(Proposal.number)).where(Proposal.round_id == round_id)).one() or 0) + 1
