"""A training stage: the examination area by area, and who was there how often."""

from collections.abc import Mapping
from typing import Any, Final

from kit.i18n import gettext as _
from kit.i18n import prose
from reports import arithmetic
from reports.arithmetic import Part, shown
from reports.candidate_result.blocks import Block, Cell, Grid, Head, Lines, Row
from reports.candidate_result.medians import median, medians
from reports.entries import StageScore
from reports.field import Field
from reports.words import heading, percent
from rules.policies import Rounding, StagePolicy, TrainingTerms

MOST_SUMMED: Final = 5
FULL_MARK: Final = 100
NONE: Final = "—"


def blocks(stage: StagePolicy, score: StageScore, field: Field, rounding: Rounding) -> list[Block]:
    """Return the examination as a grid with one row, then the attendance."""
    terms: TrainingTerms = stage.terms
    written, attended = score.working["exam"], score.working["attendance"]
    summed = len(terms.areas) <= MOST_SUMMED
    heads = tuple(Head(heading(area), percent(weight)) for area, weight in terms.areas.items())
    rows = [_row(terms, written, rounding, summed=summed), *_field_row(stage, field, rounding)]
    lines = [(_("出勤率"), _rate(terms, attended, rounding))]
    if not summed or "exact" not in written:
        lines.insert(0, (_("考试成绩"), _sum(terms, written, rounding)))
    return [Grid(_("考试"), heads, tuple(rows), summed, _("成绩")), Lines(tuple(lines))]


def _row(terms: TrainingTerms, written: Mapping[str, Any], rounding: Rounding, *, summed: bool) -> Row:
    scores = [written["areas"][area]["score"] for area in terms.areas]
    cells = tuple(Cell(NONE if score is None else shown(score, least=1)) for score in scores)
    done = "exact" in written
    text = _sum(terms, written, rounding).removesuffix(written["value"]) if summed and done else ""
    return Row(_("得分"), cells, text, Cell(written.get("value", NONE)), kind="score")


def _field_row(stage: StagePolicy, field: Field, rounding: Rounding) -> list[Row]:
    found = medians(field, stage.key, list(stage.terms.areas))
    if not any(found):
        return []
    total = median(field, f"{stage.key}.exam", digits=rounding.digits) or NONE
    return [Row(_("全体中位数"), tuple(Cell(text or NONE) for text in found), "", Cell(total), kind="everyone")]


def _sum(terms: TrainingTerms, written: Mapping[str, Any], rounding: Rounding) -> str:
    """Return the weighted sum of the areas, ending in the score."""
    if "exact" not in written:
        return _("有科目没有成绩，不计算。")
    parts = [Part(weight, written["areas"][area]["score"], FULL_MARK) for area, weight in terms.areas.items()]
    exact = shown(written["exact"], least=rounding.digits)
    text = f"{arithmetic.weighted(parts)} = {exact}"
    return text if exact == written["value"] else f"{text}{arithmetic.sign(rounding)} {written['value']}"


def _rate(terms: TrainingTerms, attended: Mapping[str, Any], rounding: Rounding) -> str:
    text = _(
        "共{sessions}次，经批准请假{excused}次不计，应到{due}次；到场{there}次（其中迟到{late}次），缺席{absent}次。"
    )
    due, there = int(attended["due"]), int(attended["there"])
    counts = {status: int(attended.get(status, 0)) for status in ("late", "excused")}
    said = text.format(sessions=attended["sessions"], due=due, there=there, absent=max(due - there, 0), **counts)
    if "exact" not in attended:
        return prose(said, _("没有应到的场次，不计算。"))
    exact = shown(attended["exact"], least=rounding.digits)
    rate = f"{there} ÷ {due} × 100 = {exact}"
    if exact != attended["value"]:
        rate += f"{arithmetic.sign(rounding)} {attended['value']}"
    if terms.attendance_at_least:
        rate += _("（要求不低于{least}）").format(least=shown(terms.attendance_at_least))
    return prose(said, rate)
