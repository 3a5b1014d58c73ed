"""Today's directory, kept in memory while it stays the same, and how its records spell things."""

from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Final, NamedTuple

from sqlmodel import Session

from actions.history import CENTRE
from queries import drafts, people
from rules.records import Personnel
from rules.scales import grade_key, rating_key

MOST: Final = 20
"""So many spellings are shown; more are no help."""


class Spellings(NamedTuple):
    """What the records of the directory call things: what a policy must spell alike to be met by anybody."""

    lines: Sequence[str]
    grades: Sequence[str]
    ratings: Sequence[str]
    severities: Sequence[str]
    honours: Sequence[str]
    certificates: Sequence[str]
    kpis: Sequence[str]


class _Kept(NamedTuple):
    everybody: Personnel
    spellings: Spellings


_lock: Final = Lock()
_kept: dict[str, _Kept] = {}


def today(session: Session) -> Personnel:
    """Return today's directory; it is read again only when the history of the centre has gone on."""
    return _read(session).everybody


def spellings(session: Session) -> Spellings:
    """Return how today's directory spells things."""
    return _read(session).spellings


def _read(session: Session) -> _Kept:
    head = drafts.head(session, chain=CENTRE)
    with _lock:
        if head and head in _kept:
            return _kept[head]
    everybody = people.today(session)
    found = _Kept(everybody, _spelt(everybody))
    with _lock:
        _kept.clear()
        if head:
            _kept[head] = found
    return found


def _spelt(everybody: Personnel) -> Spellings:
    return Spellings(
        lines=_words(person.business_line for person in everybody.people),
        grades=_words((person.grade for person in everybody.people), grade_key),
        ratings=_words((row.rating for row in everybody.ratings), rating_key),
        severities=_words(row.severity for row in everybody.incidents),
        honours=_words(row.honour for row in everybody.honours),
        certificates=_words(row.certificate for row in everybody.certificates),
        kpis=_words(row.kpi for row in everybody.kpis),
    )


def _words(found: Iterable[str | None], spelling: Callable[[str], str] = str) -> Sequence[str]:
    """Return each thing once, by the shortest of its spellings."""
    words = sorted({word for word in found if word}, key=lambda word: (-len(word), word))
    return sorted({spelling(word): word for word in words}.values())[:MOST]
