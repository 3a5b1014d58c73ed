"""Read public notices: those that are posted, and nothing of a round that has not come so far."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.changes import Hold
from models.documents import Document
from models.hearings import Hearing
from models.rounds import Notice, Round
from models.stages import Stage
from queries import changes, hearings
from rules import course
from rules.hearings import OBJECTION

POSTED = ("open", "closed", "done")
"""States of a notice's step in which it is public; a result that is taken back makes it pending again."""


def latest(session: Session, *, round_id: UUID) -> Notice | None:
    """Return the notice as it was posted last."""
    of_round = select(Notice).where(Notice.round_id == round_id)
    return session.exec(of_round.order_by(col(Notice.generation).desc()).limit(1)).first()


def published(session: Session, *, code: str = "") -> Sequence[tuple[Round, Stage, Notice]]:
    """Return the posted notices of live rounds, newest first; of one round only, if named.

    A rehearsal or a replay is nobody's result, and a cancelled round has none.
    """
    query = (
        select(Round, Stage, Notice)
        .join(Stage, col(Stage.round_id) == Round.id)
        .join(Notice, (col(Notice.round_id) == Round.id) & (col(Notice.generation) == Stage.generation))
        .where(Round.mode == course.LIVE, Round.state != "cancelled")
        .where(Stage.key == course.NOTICE, col(Stage.state).in_(POSTED))
    )
    if code:
        query = query.where(Round.code == code)
    rows = session.exec(query.order_by(col(Notice.posted_on).desc(), Round.code)).all()
    return [(the_round, stage, notice) for the_round, stage, notice in rows]


def kept_open(session: Session, *, round_id: UUID) -> bool:
    """Return whether a notice must not end: an objection waits for its answer, or a candidate is on hold."""
    waits = hearings.of_round(session, round_id=round_id, kind=OBJECTION, only_open=True)
    return bool(waits or changes.on_hold(session, round_id=round_id))


def free_since(session: Session, *, round_id: UUID) -> datetime | None:
    """Return when the last objection of a round was answered, or its last candidate released; ``None``: never."""
    answered = select(func.max(Hearing.answered_at)).where(Hearing.round_id == round_id, Hearing.kind == OBJECTION)
    released = select(func.max(Hold.released_at)).where(Hold.round_id == round_id)
    return max(filter(None, (session.exec(answered).one(), session.exec(released).one())), default=None)


def document(session: Session, *, round_id: UUID, kind: str, version: int, staff_no: str = "") -> Document | None:
    """Return a filed PDF of one generation: the round's, or somebody's own."""
    query = select(Document).where(Document.round_id == round_id, Document.kind == kind, Document.staff_no == staff_no)
    query = query.where(Document.version == version, Document.media_type == "application/pdf")
    return session.exec(query).first()
