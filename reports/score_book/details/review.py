"""A review stage: one row a sheet, with every mark, its total, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.i18n import gettext as _
from kit.jinja import joined
from kit.xlsx_tables import Cell, Column, Table
from reports.entries import Entry
from reports.score_book.details.shared import EXACT, number, opening, who
from reports.score_book.view import ScoreBook
from reports.words import number as plain
from reports.words import percent
from rules.policies import Criterion, ReviewTerms, StagePolicy

Sheet = Mapping[str, Any]


def table(view: ScoreBook, stage: StagePolicy, people: Sequence[Entry]) -> Table:
    """Return every sheet of the stage."""
    terms: ReviewTerms = stage.terms
    columns = (
        *opening(),
        Column(_("评委"), 10),
        *(Column(_head(criterion), 14, EXACT) for criterion in terms.criteria),
        Column(_("评分表总分"), 12, EXACT),
        Column(_("是否计入"), 12),
        Column(_("单独去掉的得分"), 28),
    )
    rows = (row for entry in people for row in _rows(view, stage, entry))
    return Table(_("评分明细 {stage}").format(stage=stage.name), columns, rows, frozen=4)


def _head(criterion: Criterion) -> str:
    text = _("{name} {weight}（满分{most}）")
    return text.format(name=criterion.name, weight=percent(criterion.weight), most=plain(criterion.max))


def exact_value(working: Mapping[str, Any], _key: str) -> str | None:
    """Return the mean before it was rounded."""
    return working.get("mean")


def _rows(view: ScoreBook, stage: StagePolicy, entry: Entry) -> Iterator[list[Cell]]:
    terms, working = stage.terms, entry.stages[stage.key].working
    for sheet in working["sheets"]:
        marks = (sheet["marks"].get(criterion.key) for criterion in terms.criteria)
        yield [
            *who(view, entry),
            sheet["reviewer"],
            *(None if mark is None else number(mark) for mark in marks),
            None if sheet["total"] is None else number(sheet["total"]),
            _use(sheet),
            _left_out(terms, working, sheet["reviewer"]),
        ]


def _use(sheet: Sheet) -> str:
    words = {
        None: _("计入"),
        "high": _("去最高"),
        "low": _("去最低"),
        "self": _("评本人，不计"),
        "recused": _("回避"),
        "abstained": _("弃评"),
        "incomplete": _("不完整，不计"),
    }
    found = sheet["why_not"] or sheet["dropped"]
    return words.get(found, str(found))


def _left_out(terms: ReviewTerms, working: Mapping[str, Any], reviewer: str) -> str:
    """Return which marks of a sheet were left out by themselves."""
    ends = {"high": _("{name}（最高）"), "low": _("{name}（最低）")}
    dropped: Mapping[str, Mapping[str, Sequence[str]]] = working.get("dropped", {})
    return joined(
        [
            text.format(name=criterion.name)
            for criterion in terms.criteria
            for end, text in ends.items()
            if reviewer in dropped.get(criterion.key, {}).get(end, ())
        ]
    )
