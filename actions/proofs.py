"""What observers leave in a round's history: that they recounted it, checked it, and signed it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from actions import documents, history
from kit.canonical import json_text
from models.hearings import Signature
from models.history import Entry
from models.rounds import Round
from queries import signatures
from queries.signatures import Head
from rules.kept_texts import packed
from rules.texts import RuleError, Text, _

LONGEST = 2000
"""Characters of a statement."""

MOST_KEPT = 500
"""Findings of one check that are kept word for word; the number of all is always kept."""


class Looked(NamedTuple):
    """One check that was done: of what, how much was compared, and what was found to differ."""

    what: Text
    compared: Text
    findings: Sequence[Text]


def note(
    session: Session, *, the_round: Round, deed: str, looked: Sequence[Looked], actor: str, now: datetime
) -> Entry:
    """Note in the history that somebody recounted or checked a round; all that was found is kept as a file."""
    kept = [
        {
            "what": packed(one.what),
            "compared": packed(one.compared),
            "findings": packed(list(one.findings[:MOST_KEPT])),
            "n": len(one.findings),
        }
        for one in looked
    ]
    detail: dict[str, object] = {
        "compared": [str(one.compared) for one in looked],
        "findings": sum(len(one.findings) for one in looked),
    }
    evidence = documents.keep(session, json_text(kept).encode())
    return history.record(
        session, chain=the_round.id, actor=actor, deed=deed, now=now, detail=detail, evidence=evidence
    )


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
