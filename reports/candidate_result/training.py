"""A training stage: who was there how often, and the examination area by area."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kit.i18n import gettext as _
from reports import arithmetic
from reports.arithmetic import column, fraction, shown
from reports.candidate_result.blocks import Block, Formula, Pair, Table
from reports.entries import StageScore
from reports.words import percent, word
from rules.policies import Rounding, StagePolicy, TrainingTerms


def blocks(stage: StagePolicy, score: StageScore, rounding: Rounding) -> list[Block]:
    """Return examination and attendance side by side, then the arithmetic of both."""
    attended, written = score.working["attendance"], score.working["exam"]
    return [
        Pair(_exam(written), _attendance(attended)),
        Formula(_("考试成绩"), (_exam_sum(written, rounding),)),
        Formula(_("出勤率"), (_rate(stage, attended, rounding),)),
    ]


def _exam(written: Mapping[str, Any]) -> Table:
    areas: Mapping[str, Mapping[str, Any]] = written["areas"]
    sat = [one["score"] for one in areas.values() if one["score"] is not None]
    scores = iter(column(sat, least=1))
    products = iter(column([_product(one) for one in areas.values() if one["score"] is not None], least=1))
    rows = [
        (
            word(area),
            percent(Decimal(one["weight"])),
            *(("—", "—") if one["score"] is None else (next(scores), next(products))),
        )
        for area, one in areas.items()
    ]
    return Table((_("科目"), _("权重"), _("得分"), _("权重×得分")), tuple(rows))


def _product(area: Mapping[str, Any]) -> Fraction:
    return fraction(area["weight"]) * fraction(area["score"]) / 100


def _attendance(attended: Mapping[str, Any]) -> Table:
    count = {status: int(attended.get(status, 0)) for status in ("present", "late", "excused")}
    due, there = int(attended["due"]), int(attended["there"])
    rows = (
        (_("培训场次"), str(attended["sessions"])),
        (_("经批准请假（不计入应到）"), str(count["excused"])),
        (_("到场（其中迟到{late}次，计为实到）").format(late=count["late"]), str(there)),
        (_("缺席"), str(max(due - there, 0))),
    )
    return Table((_("出勤"), _("次数")), rows)


def _exam_sum(written: Mapping[str, Any], rounding: Rounding) -> str:
    if "exact" not in written:
        return _("有科目没有成绩，不计算。")
    terms = column([_product(one) for one in written["areas"].values()], least=1)
    exact = f"{arithmetic.addition(terms)} = {shown(written['exact'])}"
    return exact + arithmetic.result(written["exact"], written["value"], rounding)


def _rate(stage: StagePolicy, attended: Mapping[str, Any], rounding: Rounding) -> str:
    if "exact" not in attended:
        return _("没有应到的场次，不计算。")
    terms: TrainingTerms = stage.terms
    exact = f"{attended['there']} ÷ {attended['due']} × 100% = {shown(attended['exact'])}%"
    text = exact + arithmetic.result(attended["exact"], attended["value"], rounding)
    if terms.attendance_at_least:
        text += _("（要求不低于{least}%）").format(least=shown(terms.attendance_at_least))
    return text
