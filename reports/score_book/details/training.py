"""A training stage: one row a person, with the score in every area and the sessions."""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.i18n import gettext as _
from kit.xlsx_tables import Cell, Column, Table
from reports.entries import Entry
from reports.score_book.details.shared import COUNT, EXACT, number, opening, who
from reports.score_book.view import ScoreBook
from reports.words import heading, percent
from rules.policies import StagePolicy, TrainingTerms


def table(view: ScoreBook, stage: StagePolicy, people: Sequence[Entry]) -> Table:
    """Return everybody's examination and attendance."""
    terms: TrainingTerms = stage.terms
    columns = (
        *opening(),
        *(Column(f"{heading(area)} {percent(weight)}", 14, EXACT) for area, weight in terms.areas.items()),
        *(Column(head, 9, COUNT) for head in (_("场次"), _("应到"), _("实到"), _("其中迟到"), _("请假"))),
    )
    rows = (_row(view, stage, entry) for entry in people)
    return Table(_("评分明细 {stage}").format(stage=stage.name), columns, rows, frozen=3)


def exact_value(working: Mapping[str, Any], key: str) -> str | None:
    """Return the exam's or the attendance's value before it was rounded."""
    part: Mapping[str, Any] = working[key.rpartition(".")[2]]
    return part.get("exact")


def _row(view: ScoreBook, stage: StagePolicy, entry: Entry) -> list[Cell]:
    working = entry.stages[stage.key].working
    attended, areas = working["attendance"], working["exam"]["areas"]
    scores = (areas[area]["score"] for area in stage.terms.areas)
    sessions = ("sessions", "due", "there", "late", "excused")
    return [
        *who(view, entry),
        *(None if score is None else number(score) for score in scores),
        *(int(attended.get(key, 0)) for key in sessions),
    ]
