"""What observers leave in a round's history: that they recounted it, checked it, and signed it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from actions import history
from models.hearings import Signature
from models.rounds import Round
from queries import signatures
from queries.signatures import Head
from rules.texts import RuleError, Text, _

RECOUNTED, CHECKED = "round.recounted", "history.checked"
LONGEST = 2000
"""Characters of a statement."""


def note(
    session: Session,
    *,
    the_round: Round,
    deed: str,
    compared: Sequence[Text],
    findings: int,
    actor: str,
    now: datetime,
) -> None:
    """Note in the history that somebody recounted or checked a round, what was compared, and how much differed."""
    detail: dict[str, object] = {"compared": [str(text) for text in compared], "findings": findings}
    history.record(session, chain=the_round.id, actor=actor, deed=deed, now=now, detail=detail)


def sign(
    session: Session, *, the_round: Round, seen: Head, statement: str, name: str, actor: str, now: datetime
) -> Signature:
    """Sign a round's history as it was ``seen``; the signature becomes an entry of the history itself.

    :raises RuleError: when there is no statement, or the history has grown or changed since it was seen.
    """
    said = statement.strip()
    if not said:
        raise RuleError(Text(_("请写下您的意见，例如“已复核，未发现不符”")))
    if len(said) > LONGEST:
        raise RuleError(Text(_("太长：最多 {limit} 个字"), {"limit": LONGEST}))
    signed = Signature(
        round_id=the_round.id, signed_by=name, signed_at=now, length=seen.length, head=seen.head, statement=said
    )
    # The entry first: it locks the chain, so that nothing comes between what was seen and what is signed.
    entry = history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed=signatures.SIGNED,
        now=now,
        subject=str(signed.id),
        detail={"length": seen.length, "head": seen.head, "statement": said, "name": name},
    )
    if (entry.number - 1, entry.previous) != seen:
        n = entry.number - 1 - seen.length
        raise RuleError(Text(_("您打开页面之后又有 {n} 条新的留痕；请看过之后再签名"), {"n": n}))
    session.add(signed)
    session.flush()
    return signed
