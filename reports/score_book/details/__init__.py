"""What each stage was scored from, for the workbook: every sheet with its marks, every exam score, every attendance.

A kind of stage has a module here with ``table(view, stage, people)`` and ``exact_value(working, key)``.
"""

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Final

from kit.xlsx_tables import Cell, Table
from reports.entries import Entry, StageScore
from reports.score_book.details import review, training
from reports.score_book.details.shared import number
from reports.score_book.view import ScoreBook
from rules.policies import StagePolicy

KINDS: Final[dict[str, ModuleType]] = {"review": review, "training": training}


def tables(view: ScoreBook) -> Iterator[Table]:
    """Return a table for each stage."""
    for stage in view.policy.stages:
        if stage.kind in KINDS:
            yield KINDS[stage.kind].table(view, stage, entered(view, stage))


def entered(view: ScoreBook, stage: StagePolicy) -> Sequence[Entry]:
    """Return everybody who entered a stage, by staff number."""
    people = [entry for entry in view.entries if stage.key in entry.stages]
    return sorted(people, key=lambda entry: entry.person.staff_no)


def before_rounding(stage: StagePolicy, score: StageScore, key: str) -> Cell:
    """Return a component before it was rounded, if it was counted: a number, or a fraction that never ends as text."""
    exact = KINDS[stage.kind].exact_value(score.working, key) if stage.kind in KINDS else None
    return None if exact is None else number(exact)
