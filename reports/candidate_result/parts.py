"""One stage in a candidate's result: the score, and the blocks that show how it was counted, by the stage's kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kit.i18n import gettext as _
from reports.candidate_result import review, training
from reports.candidate_result.blocks import Block, Formula
from reports.candidate_result.view import CandidateResult
from reports.entries import StageScore
from reports.words import component, number
from rules.policies import Rounding, StagePolicy
from rules.stages import KINDS

KIND_BLOCKS: Final[dict[str, Callable[[StagePolicy, StageScore, Rounding], list[Block]]]] = {
    "review": review.blocks,
    "training": training.blocks,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stage as it is shown: scores by name, the gate in words, whether the person went on."""

    name: str
    scores: tuple[tuple[str, str], ...]
    gate: str
    went_on: bool
    blocks: tuple[Block, ...]


def parts(view: CandidateResult) -> Iterator[Part]:
    """Return the stages that the person entered, in order."""
    for stage in view.policy.stages:
        score = view.entry.stages.get(stage.key)
        if score is not None:
            blocks = KIND_BLOCKS.get(stage.kind, _plain)(stage, score, view.policy.rounding)
            went_on = score.left is None
            yield Part(stage.name, tuple(_scores(view, stage, score)), _gate(stage), went_on, tuple(blocks))


def _scores(view: CandidateResult, stage: StagePolicy, score: StageScore) -> Iterator[tuple[str, str]]:
    for key in KINDS[stage.kind].components(stage):
        name = component(view.policy, key).removeprefix(stage.name) or _("成绩")
        value = score.components.get(key)
        yield name, _("无") if value is None else f"{value:f}"


def _gate(stage: StagePolicy) -> str:
    texts = [_("合格线{mark}").format(mark=number(stage.pass_mark))] if stage.pass_mark else [_("不设合格线")]
    if stage.advance_per_seat is not None:
        texts.append(_("按名额{times}倍入围").format(times=stage.advance_per_seat))
    return _("，").join(texts)


def _plain(stage: StagePolicy, score: StageScore, _rounding: Rounding) -> list[Block]:
    """Show a kind of stage that has no blocks of its own yet: nothing beyond its scores."""
    return [Formula(stage.name, tuple(f"{value:f}" for value in score.components.values()))]
