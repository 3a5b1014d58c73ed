"""Why somebody left at a stage, in a sentence."""

from collections.abc import Callable
from typing import Final

from kit.i18n import gettext as _
from kit.i18n import prose
from kit.jinja import joined
from reports.candidate_result.view import CandidateResult
from reports.entries import StageScore
from reports.words import component, number, word
from rules.policies import StagePolicy
from rules.stages import KINDS


def sentence(view: CandidateResult, stage: StagePolicy, score: StageScore) -> str:
    """Return why the person left at a stage; a reason that is not known here is named as it is."""
    why = REASONS.get(score.left or "", _other)
    return why(view, stage, score)


def _value(view: CandidateResult, stage: StagePolicy, score: StageScore) -> dict[str, str]:
    gate = KINDS[stage.kind].gate(stage)
    return {"measure": component(view.policy, gate), "value": f"{score.components[gate]:f}"}


def _pass_mark(view: CandidateResult, stage: StagePolicy, score: StageScore) -> str:
    text = _("您的{measure}成绩为{value}分，低于{mark}分的合格线，未进入下一环节。")
    said = _value(view, stage, score)
    said["measure"] = said["measure"].removesuffix(_("成绩"))
    return text.format(mark=number(stage.pass_mark), **said)


def _short_list(view: CandidateResult, stage: StagePolicy, score: StageScore) -> str:
    said = {"stage": stage.name, "line": view.line, "seats": view.contest.seats, **_value(view, stage, score)}
    short = view.short_list(stage.key)
    if not view.contest.seats or short is None:
        return _("您的{measure}为{value}分。{line}本轮没有名额，“{stage}”环节之后不产生入围人选。").format(**said)
    text = _("您的{measure}为{value}分。该环节按名额的{times}倍入围，{line}取前{places}名，您列第{place}名，未能入围。")
    text = text.format(times=stage.advance_per_seat, places=short.places, place=short.place, **said)
    return text if short.cut is None else prose(text, _("入围最低分为{cut}分。").format(cut=f"{short.cut:f}"))


def _quorum(_view: CandidateResult, stage: StagePolicy, score: StageScore) -> str:
    text = _("您在“{stage}”环节的有效评分表为{counted}份，少于规定的{quorum}份，不能得出成绩，因此未进入下一环节。")
    text = text.format(stage=stage.name, counted=score.working["counted"], quorum=score.working["quorum"])
    return prose(text, _("这不是对您表现的评价。"))


def _no_result(_view: CandidateResult, stage: StagePolicy, score: StageScore) -> str:
    areas = score.working["exam"]["areas"]
    missing = [word(area) for area in stage.terms.areas if areas[area]["score"] is None]
    text = _("您在“{stage}”环节没有{areas}的考试成绩，因此未进入下一环节。")
    return text.format(stage=stage.name, areas=joined(missing))


def _nothing_to_attend(_view: CandidateResult, stage: StagePolicy, _score: StageScore) -> str:
    text = _("您在“{stage}”环节没有应到的场次，不能得出出勤率，因此未进入下一环节。这不是对您表现的评价。")
    return text.format(stage=stage.name)


def _attendance(_view: CandidateResult, stage: StagePolicy, score: StageScore) -> str:
    attended = score.working["attendance"]
    text = _("您在“{stage}”环节的出勤率为{value}%，低于{least}%的要求，因此未进入下一环节。")
    return text.format(stage=stage.name, value=attended["value"], least=attended["at_least"])


def _other(_view: CandidateResult, stage: StagePolicy, _score: StageScore) -> str:
    return _("您在“{stage}”环节之后未进入下一环节。").format(stage=stage.name)


REASONS: Final[dict[str, Callable[[CandidateResult, StagePolicy, StageScore], str]]] = {
    "pass_mark": _pass_mark,
    "short_list": _short_list,
    "quorum": _quorum,
    "no_result": _no_result,
    "nothing_to_attend": _nothing_to_attend,
    "attendance": _attendance,
}
