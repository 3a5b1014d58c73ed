"""Read what observers did in a round: their checks with what was found."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from models.documents import Blob
from models.history import Entry
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
