"""Which documents are due when, and how each is drafted from what was decided."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from kit.pdf import Paper
from models.rounds import Round
from models.stages import Stage
from rules.policies import Policy
from rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be made: a paper to set in type, or bytes that are ready."""

    kind: str
    name: str
    content: Paper | bytes
    staff_no: str = ""
    media_type: str = "application/pdf"


@dataclass(frozen=True)
class Case:
    """What drafts are made from."""

    session: Session
    the_round: Round
    stage: Stage
    policy: Policy
    calendar: Calendar


Filed = frozenset[tuple[str, str, str]]
"""What lies in the files already: kind, staff number, media type."""

Drafter = Callable[[Case, Filed], Iterable[Draft]]

DUE: Final[Mapping[tuple[str, str], tuple[Drafter, ...]]] = {}
