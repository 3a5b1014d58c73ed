"""Read the observers' signatures under a round's history, and whether what they signed is still part of it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from models.hearings import Signature
from models.history import Chain, Entry
from rules.texts import Text, _

SIGNED = "history.signed"
"""The deed under which a signature stands in the history."""


class Head(NamedTuple):
    """Where a history ends: how many entries it has, and the hash of the last, which stands for all of them."""

    length: int
    head: str


class Standing(NamedTuple):
    """A signature, and whether the history that it was given under is still part of today's."""

    signature: Signature
    stands: bool


def head(session: Session, *, round_id: UUID) -> Head:
    """Return where a round's history ends now."""
    end = session.get(Chain, str(round_id))
    return Head(end.length, end.head) if end else Head(0, "")


def hash_at(session: Session, *, round_id: UUID, length: int) -> str:
    """Return the hash of one entry of a round's history; empty when there is none of this number."""
    query = select(Entry.hash).where(Entry.chain == str(round_id), Entry.number == length)
    return session.exec(query).first() or ""


def of_round(session: Session, *, round_id: UUID) -> Sequence[Standing]:
    """Return the signatures under a round's history, oldest first."""
    query = (
        select(Signature, Entry.hash)
        .outerjoin(Entry, (col(Entry.chain) == str(round_id)) & (col(Entry.number) == col(Signature.length)))
        .where(Signature.round_id == round_id)
        .order_by(col(Signature.signed_at), col(Signature.id))
    )
    return [Standing(signature, found == signature.head) for signature, found in session.exec(query)]


def findings(session: Session, *, round_id: UUID) -> list[Text]:
    """Return the signatures that no longer fit the history, and those that only one of the two knows of.

    A history that was rewritten as a whole is consistent in itself; it does not have the hash that was signed.
    """
    found: list[Text] = []
    there = of_round(session, round_id=round_id)
    for signature, stands in there:
        said = {"name": signature.signed_by, "n": signature.length}
        if not stands:
            found.append(Text(_("{name} 签名时的留痕（前 {n} 条）与现在的不同：此前的留痕被改写过"), said))
    query = select(Entry.subject, Entry.detail, Entry.at).where(Entry.chain == str(round_id), Entry.deed == SIGNED)
    told = {one: (json.loads(detail), at) for one, detail, at in session.exec(query)}
    kept = {str(s.signature.id): _said(s.signature) for s in there}
    found += [
        Text(_("签名 {id} 在留痕中有记录，签名本身被删去"), {"id": one}) for one in sorted(told.keys() - kept.keys())
    ]
    found += [Text(_("签名 {id} 在留痕中没有记录"), {"id": one}) for one in sorted(kept.keys() - told.keys())]
    changed = sorted(one for one in kept.keys() & told.keys() if kept[one] != told[one])
    return found + [Text(_("签名 {id} 被改动过：与留痕所记的不同"), {"id": one}) for one in changed]


def _said(signature: Signature) -> tuple[dict[str, object], datetime]:
    """Return what the history says of a signature, and when."""
    said: dict[str, object] = {
        "length": signature.length,
        "head": signature.head,
        "statement": signature.statement,
        "name": signature.signed_by,
    }
    return said, signature.signed_at
