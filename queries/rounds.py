"""Read rounds and where they stand."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.documents import Document
from models.history import Signal
from models.results import Result, Screening
from models.rounds import Round
from models.stages import Stage
from rules.texts import RuleError, Text, _, enumerated


def find(session: Session, *, code: str) -> Round | None:
    """Return the round of this code, if there is one."""
    return session.exec(select(Round).where(Round.code == code)).first()


def by_code(session: Session, *, code: str) -> Round:
    """Return the round of this code.

    :raises RuleError: when there is none; names those that there are.
    """
    the_round = find(session, code=code)
    if the_round is None:
        codes = session.exec(select(Round.code).order_by(col(Round.launched_at).desc()).limit(10)).all()
        known = enumerated(codes) if codes else Text(_("（还没有任何轮次）"))
        raise RuleError(Text(_("没有编号为“{code}”的竞聘轮次；现有：{known}"), {"code": code, "known": known}))
    return the_round


def all_rounds(session: Session) -> Sequence[tuple[Round, Stage | None]]:
    """Return every round, newest first, each with the step at which it stands (none when all are done)."""
    rounds = session.exec(select(Round).order_by(col(Round.launched_at).desc(), Round.code)).all()
    waiting = session.exec(select(Stage).where(Stage.state != "done").order_by(col(Stage.position).desc())).all()
    current = {s.round_id: s for s in waiting}
    return [(r, current.get(r.id)) for r in rounds]


def latest_policies(session: Session, *, limit: int) -> Sequence[bytes]:
    """Return the policies of the latest rounds, the latest first."""
    return session.exec(select(Round.policy_text).order_by(col(Round.launched_at).desc()).limit(limit)).all()


def numbers(session: Session, *, round_id: UUID) -> dict[str, int]:
    """Return how many people were screened, are eligible, applied, are still in, and how many documents lie ready."""
    screened = select(func.count()).select_from(Screening).where(Screening.round_id == round_id)
    results = select(func.count()).select_from(Result).where(Result.round_id == round_id)
    papers = select(func.count()).select_from(Document).where(Document.round_id == round_id)
    return {
        "screened": session.exec(screened).one(),
        "eligible": session.exec(screened.where(Screening.eligible)).one(),
        "applied": session.exec(results).one(),
        "still_in": session.exec(results.where(col(Result.outcome).is_(None))).one(),
        "documents": session.exec(papers).one(),
    }


def undelivered(session: Session, *, limit: int = 1000) -> Sequence[tuple[int, UUID, str]]:
    """Return the signals that wait for delivery, oldest first: number, round and its code."""
    waiting = select(col(Signal.id), Signal.round_id, Round.code).join(Round).where(col(Signal.delivered_at).is_(None))
    return session.exec(waiting.order_by(col(Signal.id)).limit(limit)).all()  # type: ignore[return-value] # an id is set once stored
