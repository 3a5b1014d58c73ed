"""One stage in a candidate's result: the score, and the blocks that show how it was counted, by the stage's kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kit.i18n import gettext as _
from reports.candidate_result import review, training
from reports.candidate_result.blocks import Block, Lines
from reports.candidate_result.view import CandidateResult, ShortList
from reports.entries import StageScore
from reports.field import Field
from reports.words import beside, number
from rules.policies import Rounding, StagePolicy
from rules.stages import KINDS

KIND_BLOCKS: Final[dict[str, Callable[[StagePolicy, StageScore, Field, Rounding], list[Block]]]] = {
    "review": review.blocks,
    "training": training.blocks,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stage as it is shown: the gate in words, whether the person went on, and the calculation."""

    name: str
    gate: str
    went_on: bool
    blocks: tuple[Block, ...]


def parts(view: CandidateResult) -> Iterator[Part]:
    """Return the stages that the person entered, in order."""
    for stage in view.policy.stages:
        score = view.entry.stages.get(stage.key)
        if score is not None:
            blocks = KIND_BLOCKS.get(stage.kind, _plain)(stage, score, view.field, view.policy.rounding)
            if short := view.short_list(stage.key):
                blocks.append(Lines(((_("入围"), _short_listed(view, short)),)))
            yield Part(stage.name, _gate(stage, score), score.left is None, tuple(blocks))


def _gate(stage: StagePolicy, score: StageScore) -> str:
    measured = beside(stage, KINDS[stage.kind].gate(stage))
    text = _("{measured}合格线{mark}") if measured else _("合格线{mark}")
    text = text.format(measured=measured, mark=number(stage.pass_mark))
    texts = [text] if stage.pass_mark else []
    if stage.advance_per_seat is not None:
        texts.append(_("按名额{times}倍入围").format(times=stage.advance_per_seat))
    texts = texts or [_("不设合格线")]
    if stage.kind == "review" and (trimmed := review.trimming(stage.terms, score)):
        texts.append(trimmed)
    return _("，").join(texts)


def _short_listed(view: CandidateResult, short: ShortList) -> str:
    seats = view.contest.seats
    if not seats:
        return _("{line}本轮没有名额，不产生入围人选。").format(line=view.line)
    times = short.places // seats
    text = _("{line}{seats}个名额×{times}＝{places}人，与末位同分的一并入围；{compared}人参加比较。")
    if short.place:
        text = _(
            "{line}{seats}个名额×{times}＝{places}人，与末位同分的一并入围；{compared}人参加比较，您列第{place}名。"
        )
    counts = {"places": short.places, "compared": short.compared, "place": short.place}
    return text.format(line=view.line, seats=seats, times=times, **counts)


def _plain(stage: StagePolicy, score: StageScore, _field: Field, _rounding: Rounding) -> list[Block]:
    """Show a kind of stage that has no blocks of its own yet: nothing beyond its scores."""
    return [Lines(tuple((stage.name, f"{value:f}") for value in score.components.values()))]
