"""A review stage: each sheet's total by reviewer, what was left out, and the mean."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kit.i18n import gettext as _
from reports.arithmetic import shown
from reports.entries import Entry, StageScore
from reports.internal.blocks import Cell, Column, Row, Table
from reports.internal.blocks import table as block
from reports.score_book.annexes.shared import NONE, ending, opening, scores, who
from reports.score_book.view import ScoreBook
from reports.words import percent
from rules.policies import ReviewTerms, StagePolicy, TrimLevel

Sheet = Mapping[str, Any]
ROOM: Final = 154.0  # millimetres for all sheets and what is counted from them
WIDEST: Final = 15.0
NARROWEST: Final = 8.0
"""A total with one decimal. Where columns would be narrower, a person's sheets stand one after the other in a cell."""


def table(view: ScoreBook, stage: StagePolicy, people: Sequence[Entry]) -> Table:
    """Return a row for each person, with a column for each reviewer if there are not too many."""
    reviewers = _abreast(stage, people)
    columns = (*opening(), *_sheet_columns(stage, reviewers), *_mean_columns(stage, reviewers))
    rows = (_row(view, stage, entry, reviewers) for entry in people)
    ending_ = (Column(_("平均"), 17, numeric=True), Column(_("成绩"), 14, numeric=True), Column(_("结论"), 20))
    return block((*columns, *ending_), rows, look="narrow")


def note() -> str:
    """Return what the signs mean."""
    return _(
        "各评委列为其评分表总分（百分制）；划去的不计入：高、低为去掉的最高分、最低分。"
        "弃评、回避、评本人和不完整的评分表不计入。空格表示没有评分表。"
    )


def _abreast(stage: StagePolicy, people: Sequence[Entry]) -> list[str]:
    """Return the reviewers who get a column each: all, or none if they are too many."""
    found = sorted({sheet["reviewer"] for entry in people for sheet in _sheets(entry.stages[stage.key])})
    return found if _width(stage, found) >= NARROWEST else []


def _width(stage: StagePolicy, reviewers: Sequence[str]) -> float:
    """Return the width of a sheet's column, and of a criterion's where each is trimmed by itself."""
    count = len(reviewers) + (len(stage.terms.criteria) if _by_criterion(stage.terms) else 1)
    return min(WIDEST, ROOM / count)


def _sheets(score: StageScore) -> Sequence[Sheet]:
    sheets: Sequence[Sheet] = score.working["sheets"]
    return sheets


def _sheet_columns(stage: StagePolicy, reviewers: Sequence[str]) -> Iterator[Column]:
    if not reviewers:
        yield Column(_("各评委的评分表总分"))
    for reviewer in reviewers:
        yield Column(reviewer, _width(stage, reviewers), numeric=True)


def _mean_columns(stage: StagePolicy, reviewers: Sequence[str]) -> Iterator[Column]:
    terms: ReviewTerms = stage.terms
    yield Column(_("计入"), 11, numeric=True)
    if not _by_criterion(terms):
        yield Column(_("合计"), _width(stage, reviewers), numeric=True)
    elif reviewers:
        for criterion in terms.criteria:
            yield Column(criterion.name, _width(stage, reviewers), numeric=True, sub=percent(criterion.weight))


def _by_criterion(terms: ReviewTerms) -> bool:
    return terms.panel.trim_level is TrimLevel.CRITERION and bool(terms.panel.drop_high + terms.panel.drop_low)


def _row(view: ScoreBook, stage: StagePolicy, entry: Entry, reviewers: Sequence[str]) -> Row:
    score = entry.stages[stage.key]
    return (
        *who(view, entry),
        *_totals(_sheets(score), reviewers),
        *_means(stage.terms, score.working, reviewers),
        *scores(stage, entry),
        *ending(view, stage, entry),
    )


def _totals(sheets: Sequence[Sheet], reviewers: Sequence[str]) -> Iterator[Cell]:
    by_reviewer = {sheet["reviewer"]: sheet for sheet in sheets}
    for reviewer in reviewers:
        yield _total(by_reviewer[reviewer]) if reviewer in by_reviewer else Cell("")
    if not reviewers:
        yield Cell(_("；").join(_said(sheet) for sheet in sheets) or NONE)


def _total(sheet: Sheet) -> Cell:
    if sheet["total"] is None:
        return Cell(_why_not(sheet), "soft")
    text = shown(sheet["total"], least=1)
    return Cell(text, "out", _dropped(sheet)) if sheet["dropped"] else Cell(text)


def _why_not(sheet: Sheet) -> str:
    words = {"self": _("本人"), "recused": _("回避"), "abstained": _("弃评"), "incomplete": _("不全")}
    return words.get(sheet["why_not"], str(sheet["why_not"]))


def _dropped(sheet: Sheet) -> str:
    return _("高") if sheet["dropped"] == "high" else _("低")


def _said(sheet: Sheet) -> str:
    """Return a sheet in a row of sheets: R03 85.5, R04 91.0（去高）."""
    cell = _total(sheet)
    note = _("（去{end}）").format(end=cell.note) if cell.note else ""
    return f"{sheet['reviewer']}\u00a0{cell.text}{note}"


def _means(terms: ReviewTerms, working: Mapping[str, Any], reviewers: Sequence[str]) -> Iterator[Cell]:
    """Return what the score was counted from; exact, so that everybody can follow."""
    yield Cell(str(working.get("n", working["counted"])))
    if not _by_criterion(terms):
        yield Cell(shown(working["sum"], least=2) if "sum" in working else NONE)
    elif reviewers:
        means = working.get("criteria", {})
        yield from (Cell(shown(means[c.key], most=2) if c.key in means else NONE) for c in terms.criteria)
    yield Cell(shown(working["mean"], least=2) if "mean" in working else NONE)
