"""The columns that the annexes of all kinds of stages share: who it is, the scores, how it ended."""

from collections.abc import Iterator

from kit.i18n import gettext as _
from reports.entries import Entry
from reports.internal.blocks import Cell, Column, Row, row
from reports.score_book.reasons import stage_reason
from reports.score_book.view import ScoreBook
from rules.policies import StagePolicy
from rules.stages import KINDS

NONE = "—"


def opening() -> tuple[Column, ...]:
    """Return the columns that say who it is."""
    return Column(_("工号"), 17), Column(_("姓名"), 20), Column(_("业务线"), 19)


def who(view: ScoreBook, entry: Entry) -> Row:
    """Return who it is."""
    return row(entry.person.staff_no, entry.person.name, view.line(entry))


def scores(stage: StagePolicy, entry: Entry) -> Iterator[Cell]:
    """Return the stage's components."""
    found = entry.stages[stage.key].components
    for key in KINDS[stage.kind].components(stage):
        yield Cell(f"{found[key]:f}" if key in found else NONE, "strong")


def ending(view: ScoreBook, stage: StagePolicy, entry: Entry) -> Row:
    """Return whether the person went on, or why not."""
    reason = stage_reason(view, entry, stage, entry.stages[stage.key])
    return (Cell(reason, "bad"),) if reason else (Cell(_("通过")),)
