"""A training stage: the examination area by area, and who was there how often."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kit.i18n import gettext as _
from reports.arithmetic import shown
from reports.entries import Entry
from reports.internal.blocks import Cell, Column, Row, Table
from reports.internal.blocks import table as block
from reports.score_book.annexes.shared import NONE, ending, opening, who
from reports.score_book.view import ScoreBook
from reports.words import heading, percent
from rules.policies import StagePolicy, TrainingTerms

ROOM: Final = 92.0  # millimetres for the areas
WIDEST: Final = 23.0


def table(view: ScoreBook, stage: StagePolicy, people: Sequence[Entry]) -> Table:
    """Return a row for each person: the areas with the exam score, the sessions with the attendance."""
    rows = (_row(view, stage, entry) for entry in people)
    return block((*opening(), *_columns(stage.terms), Column(_("结论"))), rows, look="narrow")


def note() -> str:
    """Return how the two scores are counted."""
    return _("考试成绩为各科得分乘以权重之和；应到次数不含经批准的请假，实到次数含迟到，出勤率＝实到÷应到×100。")


def _columns(terms: TrainingTerms) -> Iterator[Column]:
    width = min(WIDEST, ROOM / len(terms.areas)) if terms.areas else WIDEST
    for area, weight in terms.areas.items():
        yield Column(heading(area), width, numeric=True, sub=percent(weight))
    yield Column(_("加权之和"), 18, numeric=True)
    yield Column(_("考试成绩"), 15, numeric=True)
    for head in (_("应到"), _("实到"), _("迟到"), _("请假")):
        yield Column(head, 12, numeric=True)
    yield Column(_("出勤率"), 15, numeric=True)


def _row(view: ScoreBook, stage: StagePolicy, entry: Entry) -> Row:
    score = entry.stages[stage.key]
    attended, written = score.working["attendance"], score.working["exam"]
    return (
        *who(view, entry),
        *_exam(stage.terms, written),
        Cell(_component(entry, f"{stage.key}.exam"), "strong"),
        *_sessions(attended),
        Cell(_component(entry, f"{stage.key}.attendance"), "strong"),
        *ending(view, stage, entry),
    )


def _exam(terms: TrainingTerms, written: Mapping[str, Any]) -> Iterator[Cell]:
    for area in terms.areas:
        score = written["areas"][area]["score"]
        yield Cell(NONE if score is None else shown(score, least=1))
    yield Cell(shown(written["exact"], least=2) if "exact" in written else NONE)


def _sessions(attended: Mapping[str, Any]) -> Iterator[Cell]:
    for count in (attended["due"], attended["there"], attended.get("late", 0), attended.get("excused", 0)):
        yield Cell(str(count))


def _component(entry: Entry, key: str) -> str:
    value = entry.components.get(key)
    return NONE if value is None else f"{value:f}"
