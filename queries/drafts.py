"""Read rounds in the making, and the supplements to those that run."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from models.documents import Blob
from models.drafts import Draft, Supplement
from models.history import Chain


def every(session: Session) -> Sequence[Draft]:
    """Return every draft, the one saved last first."""
    return session.exec(select(Draft).order_by(col(Draft.saved_at).desc(), col(Draft.id))).all()


def one(session: Session, *, draft_id: UUID) -> Draft | None:
    """Return a draft, if there is one of this id."""
    return session.get(Draft, draft_id)


def supplements(session: Session, *, round_id: UUID) -> Sequence[Supplement]:
    """Return the supplements to a round's policy, in their order."""
    return session.exec(
        select(Supplement).where(Supplement.round_id == round_id).order_by(col(Supplement.number))
    ).all()


def policy_texts(session: Session, *, sha256s: Collection[str]) -> dict[str, bytes]:
    """Return the texts of policies before and after supplements, by their hash."""
    return dict(session.exec(select(Blob.sha256, Blob.content).where(col(Blob.sha256).in_(sha256s))).all())


def head(session: Session, *, chain: str) -> str:
    """Return the hash of a chain's last entry: what was read is still true while it stays the same."""
    return session.exec(select(Chain.head).where(Chain.name == chain)).first() or ""
