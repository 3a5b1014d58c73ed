"""Read what observers did in a round: their checks with what was found."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.documents import Blob
from models.hearings import Hearing
from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from queries.signatures import SIGNED
from rules import course
from rules.hearings import OBJECTION
from rules.kept_texts import unpacked
from rules.texts import Text

RECOUNTED: Final = "round.recounted"
CHECKED: Final = "history.checked"
"""The deeds under which checks stand in a round's history."""


class Found(NamedTuple):
    """One check as it was done then; ``n`` counts all findings, of which the first are kept in words."""

    what: Text
    compared: Text
    findings: list[Text]
    n: int


class Done(NamedTuple):
    """A check that somebody did: its entry in the history, and how much differed."""

    entry: Entry
    differing: int


def checks(session: Session, *, round_id: UUID, limit: int = 10) -> Sequence[Done]:
    """Return the latest checks of a round, newest first."""
    query = select(Entry).where(Entry.chain == str(round_id), col(Entry.deed).in_([RECOUNTED, CHECKED]))
    found = session.exec(query.order_by(col(Entry.number).desc()).limit(limit))
    return [Done(entry, int(json.loads(entry.detail)["findings"])) for entry in found]


def check(session: Session, *, round_id: UUID, number: int) -> tuple[Entry, list[Found]] | None:
    """Return a check by the number of its entry, with all that was found."""
    entry = session.get(Entry, (str(round_id), number))
    if entry is None or entry.deed not in {RECOUNTED, CHECKED}:
        return None
    blob = session.get_one(Blob, entry.evidence)
    kept: list[dict[str, Any]] = json.loads(blob.content)
    return entry, [
        Found(unpacked(one["what"]), unpacked(one["compared"]), unpacked(one["findings"]), one["n"]) for one in kept
    ]


class Watched(NamedTuple):
    """A ranked round as an observer stands to it: how the last recount came out, whether they signed, what is open.

    ``differing``: ``None`` before any recount.
    """

    the_round: Round
    step: Stage
    differing: int | None
    signed: bool
    objections: int


def waiting(session: Session, *, actor: str) -> list[Watched]:
    """Return the running rounds that are ranked, by code, in a fixed number of questions."""
    steps = select(Round, Stage).join(Stage).where(Round.state == "running", Stage.state == "open")
    ranked = steps.where(col(Stage.key).in_([course.DECISION, course.NOTICE])).order_by(Round.code)
    rounds = session.exec(ranked).all()
    ids = [the_round.id for the_round, _step in rounds]
    acts = select(Entry.chain, Entry.deed, Entry.actor, Entry.detail).where(
        col(Entry.chain).in_(list(map(str, ids))), col(Entry.deed).in_([RECOUNTED, SIGNED])
    )
    differing: dict[str, int] = {}
    signed: set[str] = set()
    for chain, deed, who, detail in session.exec(acts.order_by(Entry.chain, col(Entry.number))):
        if deed == RECOUNTED:
            differing[chain] = int(json.loads(detail)["findings"])
        elif who == actor:
            signed.add(chain)
    heard = select(Hearing.round_id, func.count()).where(
        col(Hearing.round_id).in_(ids), Hearing.kind == OBJECTION, Hearing.state == "open"
    )
    objections = dict(session.exec(heard.group_by(col(Hearing.round_id))).all())
    return [
        Watched(r, step, differing.get(str(r.id)), str(r.id) in signed, objections.get(r.id, 0)) for r, step in rounds
    ]
