"""A review stage: every sheet without its reviewer, what was left out and why, and the mean.

Sheets stand from the highest total to the lowest, those that do not count last: an order that says nothing about who
the reviewers are, and that differs from person to person.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from kit.i18n import gettext as _
from reports import arithmetic
from reports.arithmetic import column, fraction, shown
from reports.candidate_result.blocks import Block, Cell, Formula, MarksRow, Sheets
from reports.entries import StageScore
from reports.words import number, percent
from rules.policies import Criterion, ReviewTerms, Rounding, StagePolicy, TrimLevel

AT_ONCE: Final = 12
Sheet = Mapping[str, Any]
HIGH, LOW = "high", "low"


def blocks(stage: StagePolicy, score: StageScore, rounding: Rounding) -> list[Block]:
    """Return the sheets in tables of a dozen, then the arithmetic."""
    terms: ReviewTerms = stage.terms
    sheets = ordered(score.working["sheets"])
    if not sheets:
        return [Formula(_("评分表"), (_("没有评分表。"),))]
    value = score.components.get(stage.key)
    shown_score = "—" if value is None else f"{value:f}"
    tables = [
        _table(terms, sheets[first : first + AT_ONCE], first, score.working, shown_score)
        for first in range(0, len(sheets), AT_ONCE)
    ]
    return [*tables, *_arithmetic(terms, sheets, score, shown_score, rounding)]


def ordered(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return sheets by total, highest first; equal ones by what was left out, then by their marks."""

    def key(sheet: Sheet) -> tuple[Any, ...]:
        counts = sheet["total"] is not None
        total = -fraction(sheet["total"]) if counts else Fraction(0)
        place = {HIGH: 0, None: 1, LOW: 2}[sheet["dropped"]]
        marks = [(k, "" if mark is None else mark) for k, mark in sorted(sheet["marks"].items())]
        return (not counts, sheet["why_not"] or "", total, place, marks)

    return sorted(sheets, key=key)


def _table(terms: ReviewTerms, sheets: Sequence[Sheet], first: int, working: Mapping[str, Any], score: str) -> Sheets:
    left_out = _left_out(working)
    places = max((arithmetic.decimals(m) or 0 for s in sheets for m in s["marks"].values() if m is not None), default=0)
    rows = [_row(criterion, sheets, places, left_out, working.get("criteria", {})) for criterion in terms.criteria]
    totals = iter(column([s["total"] for s in sheets if s["total"] is not None], least=1))
    cells = [Cell("—") if s["total"] is None else Cell(next(totals), struck=s["dropped"] is not None) for s in sheets]
    heads = [_("评委{number}").format(number=first + n) for n in range(1, len(sheets) + 1)]
    all_count = all(s["why_not"] is None and s["dropped"] is None for s in sheets)
    return Sheets(tuple(heads), tuple(rows), tuple(cells), tuple(_use(s) for s in sheets), score, all_count)


def _left_out(working: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return which marks were left out by themselves, by criterion and reviewer."""
    notes = {HIGH: _("高"), LOW: _("低")}
    return {
        (criterion, reviewer): notes[end]
        for criterion, ends in working.get("dropped", {}).items()
        for end, reviewers in ends.items()
        for reviewer in reviewers
    }


def _row(
    criterion: Criterion,
    sheets: Sequence[Sheet],
    places: int,
    left_out: Mapping[tuple[str, str], str],
    means: Mapping[str, str],
) -> MarksRow:
    cells = []
    for sheet in sheets:
        mark, note = sheet["marks"].get(criterion.key), left_out.get((criterion.key, sheet["reviewer"]), "")
        text = "—" if mark is None else shown(mark, least=places)
        cells.append(Cell(text, struck=bool(note), note=note))
    mean = arithmetic.rounded(means[criterion.key], 2) if criterion.key in means else "—"
    return MarksRow(criterion.name, percent(criterion.weight), number(criterion.max), tuple(cells), mean)


def _use(sheet: Sheet) -> str:
    words = {
        "self": _("本人所评"),
        "recused": _("回避"),
        "abstained": _("弃评"),
        "incomplete": _("不完整"),
        HIGH: _("去最高"),
        LOW: _("去最低"),
    }
    return words.get(sheet["why_not"] or sheet["dropped"] or "", _("计入"))


def _arithmetic(
    terms: ReviewTerms, sheets: Sequence[Sheet], score: StageScore, shown_score: str, rounding: Rounding
) -> Iterator[Formula]:
    counted = [s for s in sheets if s["total"] is not None]
    if counted and len(terms.criteria) > 1:
        yield Formula(_("合计"), (_example(terms, counted[0], sheets.index(counted[0]) + 1),))
    if score.left == "quorum":
        text = _("有效评分表{counted}份，少于规定的{quorum}份，不计算成绩。")
        yield Formula(_("成绩"), (text.format(**score.working),))
        return
    working = score.working
    by_criterion = working["trimmed"] and terms.panel.trim_level is TrimLevel.CRITERION
    line = _by_criterion(terms, working) if by_criterion else _by_total(counted, working)
    yield Formula(_("成绩"), (line + arithmetic.result(working["mean"], shown_score, rounding),))


def _example(terms: ReviewTerms, sheet: Sheet, place: int) -> str:
    """Return the sum of one sheet, as an example for all."""
    products = [arithmetic.product(c.weight, sheet["marks"][c.key], c.max) for c in terms.criteria]
    text = _("各项权重×得分÷满分之和，如评委{place}：{sum} = {total}")
    return text.format(place=place, sum=arithmetic.addition(products), total=shown(sheet["total"]))


def _by_total(counted: Sequence[Sheet], working: Mapping[str, Any]) -> str:
    kept = [s["total"] for s in counted if s["dropped"] is None]
    return arithmetic.mean(kept, total=working["sum"], value=working["mean"])


def _by_criterion(terms: ReviewTerms, working: Mapping[str, Any]) -> str:
    parts = [f"{percent(c.weight)}×{shown(working['criteria'][c.key])}" for c in terms.criteria]
    return f"{arithmetic.addition(parts)} = {shown(working['mean'])}"
