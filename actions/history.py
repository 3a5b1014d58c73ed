"""Write the audit trail: append-only chains, each entry hashed over the one before."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session, select

from kit.canonical import json_text
from models.history import Chain, Entry
from queries import audit
from rules.texts import RuleError, Text, _

CENTRE = "centre"


def require_reason(reason: str) -> None:
    """Refuse a deed without a reason: the history must say why.

    :raises RuleError: when the reason is empty.
    """
    if not reason.strip():
        raise RuleError(Text(_("请写明理由：它会记入留痕")))


def record(
    session: Session,
    *,
    chain: UUID | str,
    actor: str,
    deed: str,
    now: datetime,
    subject: str = "",
    detail: dict[str, object] | None = None,
    evidence: str | None = None,
) -> Entry:
    """Add an entry to a chain (a round's id, or ``CENTRE``) and return it.

    ``evidence`` is the hash of a kept file. The chain's row is locked first, so that entries stand one after the other.
    """
    end = session.exec(select(Chain).where(Chain.name == str(chain)).with_for_update()).one_or_none()
    if end is None:
        end = Chain(name=str(chain))
        session.add(end)
        session.flush()
    entry = Entry(
        chain=end.name,
        number=end.length + 1,
        at=now.astimezone(UTC),
        actor=actor,
        deed=deed,
        subject=subject,
        detail=json_text(detail or {}),
        evidence=evidence,
        previous=end.head,
        hash="",
    )
    entry.hash = audit.fingerprint(entry)
    end.length, end.head = entry.number, entry.hash
    session.add(entry)
    session.flush()
    return entry
