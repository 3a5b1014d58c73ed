"""A review stage: every sheet without its reviewer, its sum, what was left out and why, and the mean.

Sheets stand from the highest total to the lowest, those that do not count last: an order that says nothing about who
the reviewers are, and that differs from person to person.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from kit.i18n import gettext as _
from reports import arithmetic
from reports.arithmetic import Part, column, fraction, shown
from reports.candidate_result.blocks import Block, Cell, Grid, Head, Lines, Row
from reports.candidate_result.medians import median, medians
from reports.entries import StageScore
from reports.field import Field
from reports.words import number, percent
from rules.policies import Criterion, ReviewTerms, Rounding, StagePolicy, TrimLevel

MOST_SUMMED: Final = 5
"""With more criteria a sum does not fit beside the marks."""
Sheet = Mapping[str, Any]
HIGH, LOW = "high", "low"
NONE: Final = "—"


def blocks(stage: StagePolicy, score: StageScore, field: Field, rounding: Rounding) -> list[Block]:
    """Return the sheets as a grid, with the arithmetic inside it where there is room, else below it."""
    terms: ReviewTerms = stage.terms
    sheets = ordered(score.working["sheets"])
    if not sheets:
        return [Lines(((_("评分表"), _("没有评分表。")),))]
    by_criterion = _trimmed_by_criterion(terms, score)
    summed = len(terms.criteria) <= MOST_SUMMED and not by_criterion
    used = any(s["why_not"] or s["dropped"] for s in sheets)
    heads = tuple(_head(c) for c in terms.criteria)
    total = "" if by_criterion else _("合计")
    rows = [*_sheet_rows(terms, sheets, score, summed=summed), *_below(stage, score, field, rounding, summed=summed)]
    grid = Grid(_("评分表"), heads, tuple(rows), summed, total, used)
    lines = tuple(_lines(stage, sheets, score, rounding, summed=summed))
    return [grid, *([Lines(lines)] if lines else [])]


def trimming(terms: ReviewTerms, score: StageScore) -> str:
    """Return which marks were left out by rule, or that there were too few sheets for it; nothing without a rule."""
    panel, working = terms.panel, score.working
    if "trimmed" not in working or not panel.drop_high + panel.drop_low:
        return ""
    if not working["trimmed"]:
        text = _("有效评分表{counted}份，不足{least}份，不去最高分和最低分")
        return text.format(counted=working["counted"], least=panel.trim_from)
    high = [_("{count}个最高分").format(count=panel.drop_high)] if panel.drop_high else []
    low = [_("{count}个最低分").format(count=panel.drop_low)] if panel.drop_low else []
    text = _("每项去掉{dropped}") if panel.trim_level is TrimLevel.CRITERION else _("去掉{dropped}")
    return text.format(dropped=_("和").join([*high, *low]))


def ordered(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return sheets by total, highest first; equal ones by what was left out, then by their marks."""

    def key(sheet: Sheet) -> tuple[Any, ...]:
        counts = sheet["total"] is not None
        total = -fraction(sheet["total"]) if counts else Fraction(0)
        place = {HIGH: 0, None: 1, LOW: 2}[sheet["dropped"]]
        marks = [(k, "" if mark is None else mark) for k, mark in sorted(sheet["marks"].items())]
        return (not counts, sheet["why_not"] or "", total, place, marks)

    return sorted(sheets, key=key)


def _trimmed_by_criterion(terms: ReviewTerms, score: StageScore) -> bool:
    return bool(score.working.get("trimmed")) and terms.panel.trim_level is TrimLevel.CRITERION


def _head(criterion: Criterion) -> Head:
    text = _("{weight}，满分{most}")
    return Head(criterion.name, text.format(weight=percent(criterion.weight), most=number(criterion.max)))


def _sheet_rows(terms: ReviewTerms, sheets: Sequence[Sheet], score: StageScore, *, summed: bool) -> Iterator[Row]:
    left_out = _left_out(score.working)
    totals = iter(column([s["total"] for s in sheets if s["total"] is not None], least=1))
    hidden = _trimmed_by_criterion(terms, score)
    given = [mark for sheet in sheets for mark in sheet["marks"].values() if mark is not None]
    places = max((arithmetic.decimals(mark) or 0 for mark in given), default=0)
    for n, sheet in enumerate(sheets, 1):
        counts = sheet["total"] is not None
        total = Cell(next(totals), struck=sheet["dropped"] is not None) if counts else Cell(NONE)
        yield Row(
            label=_("评委{number}").format(number=n),
            cells=tuple(_marks(terms, sheet, left_out, places)),
            sum=_sum(terms, sheet) if counts and summed else "",
            total=Cell("") if hidden else total,
            use=_use(sheet, {criterion for criterion, reviewer in left_out if reviewer == sheet["reviewer"]}),
        )


def _marks(terms: ReviewTerms, sheet: Sheet, left_out: Mapping[tuple[str, str], str], places: int) -> Iterator[Cell]:
    for criterion in terms.criteria:
        mark, note = sheet["marks"].get(criterion.key), left_out.get((criterion.key, sheet["reviewer"]), "")
        yield Cell(NONE if mark is None else shown(mark, least=places), struck=bool(note), note=note)


def _left_out(working: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return which marks were left out by themselves, by criterion and reviewer."""
    notes = {HIGH: _("高"), LOW: _("低")}
    return {
        (criterion, reviewer): notes[end]
        for criterion, ends in working.get("dropped", {}).items()
        for end, reviewers in ends.items()
        for reviewer in reviewers
    }


def _sum(terms: ReviewTerms, sheet: Sheet) -> str:
    return arithmetic.weighted([Part(c.weight, sheet["marks"][c.key], c.max) for c in terms.criteria]) + " = "


def _use(sheet: Sheet, left_out: Collection[str]) -> str:
    """Return whether a sheet counts; ``left_out``: the criteria whose marks do not."""
    words = {
        "self": _("本人所评"),
        "recused": _("回避"),
        "abstained": _("弃评"),
        "incomplete": _("不完整"),
        HIGH: _("去最高"),
        LOW: _("去最低"),
    }
    if why := sheet["why_not"] or sheet["dropped"]:
        return words[why]
    if not left_out:
        return _("计入")
    return _("不计入") if len(left_out) == len(sheet["marks"]) else _("部分计入")


def _below(stage: StagePolicy, score: StageScore, field: Field, rounding: Rounding, *, summed: bool) -> Iterator[Row]:
    """Return the score with its mean, and everyone's medians."""
    terms: ReviewTerms = stage.terms
    means = score.working.get("criteria", {})
    cells = [Cell(arithmetic.rounded(means[c.key], 2) if c.key in means else NONE) for c in terms.criteria]
    value = score.components.get(stage.key)
    total = Cell(NONE if value is None else f"{value:f}")
    text = _mean(score, rounding) if summed and value is not None else ""
    yield Row(_("成绩"), tuple(cells), text, total, kind="score")
    found = medians(field, stage.key, [c.key for c in terms.criteria])
    if any(found):
        cells = [Cell(text or NONE) for text in found]
        yield Row(
            _("全体中位数"),
            tuple(cells),
            "",
            Cell(median(field, stage.key, digits=rounding.digits) or NONE),
            kind="everyone",
        )


def _mean(score: StageScore, rounding: Rounding) -> str:
    """Return the mean of the totals that count, up to the sign before the score."""
    working = score.working
    kept = [s["total"] for s in ordered(working["sheets"]) if s["total"] is not None and s["dropped"] is None]
    exact = shown(working["mean"], least=rounding.digits)
    same = exact == working["value"]
    if len(kept) == 1:
        return "" if same else f"{exact}{arithmetic.sign(rounding)} "
    text = f"({arithmetic.addition(column(kept, least=1))}) ÷ {len(kept)} = "
    return text if same else f"{text}{exact}{arithmetic.sign(rounding)} "


def _lines(
    stage: StagePolicy, sheets: Sequence[Sheet], score: StageScore, rounding: Rounding, *, summed: bool
) -> Iterator[tuple[str, str]]:
    """Return what does not stand in the grid: a quorum that was missed, sums for which there was no room."""
    terms: ReviewTerms = stage.terms
    if score.left == "quorum":
        text = _("有效评分表{counted}份，少于规定的{quorum}份，不计算成绩。")
        yield _("成绩"), text.format(**score.working)
    elif _trimmed_by_criterion(terms, score):
        yield from _by_criterion(terms, sheets, score, rounding)
    elif not summed:
        for n, sheet in enumerate(sheets, 1):
            if sheet["total"] is not None:
                yield _("评委{number}").format(number=n), f"{_sum(terms, sheet)}{shown(sheet['total'])}"
        yield _("成绩"), f"{_mean(score, rounding)}{score.working['value']}"


def _by_criterion(
    terms: ReviewTerms, sheets: Sequence[Sheet], score: StageScore, rounding: Rounding
) -> Iterator[tuple[str, str]]:
    """Return each criterion's mean of the marks that count, and their weighted sum."""
    working, left_out = score.working, _left_out(score.working)
    points = []
    for c in terms.criteria:
        kept = [s["marks"][c.key] for s in sheets if s["total"] is not None and (c.key, s["reviewer"]) not in left_out]
        points.append(_points(c, kept))
        text = f"({arithmetic.addition(column(kept))}) ÷ {len(kept)} × {shown(c.weight)} ÷ {shown(c.max)}"
        yield c.name, f"{text} = {shown(points[-1])}"
    exact = shown(working["mean"], least=rounding.digits)
    sign = "" if exact == working["value"] else f"{arithmetic.sign(rounding)} {working['value']}"
    yield _("成绩"), f"{arithmetic.addition(column(points))} = {exact}{sign}"


def _points(criterion: Criterion, kept: Sequence[str]) -> Fraction:
    total = sum(map(fraction, kept), Fraction(0))
    return total / len(kept) * fraction(Decimal(criterion.weight)) / fraction(criterion.max)
