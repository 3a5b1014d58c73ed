"""What the launch notice says about each stage: one function for each kind of stage."""

from collections.abc import Callable, Sequence
from typing import Final

from kit.i18n import gettext as _
from kit.jinja import day_time
from reports.official.blocks import Block, Heading, Paragraph, Table
from reports.words import number, percent, word
from rules.policies import Panel, Policy, ReviewTerms, StagePolicy, TrainingTerms, TrimLevel

HUNDRED: Final = "100%"


def stage_blocks(policy: Policy, stage: StagePolicy) -> list[Block]:
    """Return the heading of a stage, how it is judged, and who goes on."""
    describe = KINDS.get(stage.kind, _nothing_special)
    texts, tables = describe(stage)
    whole = _window(policy, stage) + "".join(texts) + _gate(stage)
    return [Heading(stage.name, level=2), *([Paragraph(whole)] if whole else []), *tables]


def _window(policy: Policy, stage: StagePolicy) -> str:
    if stage.opens_at is None or stage.closes_at is None:
        return ""
    opens, closes = (day_time(t, policy.time_zone) for t in (stage.opens_at, stage.closes_at))
    return _("时间为{opens}至{closes}。").format(opens=opens, closes=closes)


def _gate(stage: StagePolicy) -> str:
    measure = _("考试成绩") if stage.kind == "training" else _("本环节成绩")
    text = _("本环节不设合格线。")
    if stage.pass_mark:
        text = _("{measure}合格线为{mark}分，低于合格线的不进入下一环节。").format(
            measure=measure, mark=number(stage.pass_mark)
        )
    if stage.advance_per_seat is not None:
        text += _(
            "其余人员在各业务线内按{measure}从高到低，以该业务线名额的{times}倍确定进入下一环节的人选，与末位成绩相同的一并进入；没有名额的业务线不产生人选。"
        ).format(measure=measure, times=stage.advance_per_seat)
    return text


def _nothing_special(_stage: StagePolicy) -> tuple[list[str], list[Table]]:
    return [], []


def _review(stage: StagePolicy) -> tuple[list[str], list[Table]]:
    terms: ReviewTerms = stage.terms
    rows = [(c.name, number(c.max), percent(c.weight)) for c in terms.criteria]
    table = Table(
        _("{stage}评分项").format(stage=stage.name),
        (_("评分项"), _("满分"), _("权重")),
        rows,
        (50, 25, 25),
        (_("合计"), "—", HUNDRED),
    )
    return [_sheet(terms.criteria), *_panel(terms.panel)], [table]


def _sheet(criteria: Sequence[object]) -> str:
    if len(criteria) == 1:
        return _("评委按评分表打分，评分表总分折算为百分制。")
    return _("评委按评分表逐项打分，各项得分除以该项满分、乘以权重后相加，为评分表总分（百分制）。")


def _panel(panel: Panel) -> list[str]:
    texts = []
    if panel.reviewers is not None:
        texts.append(_("评委{count}名。").format(count=panel.reviewers))
    texts.append(_trimming(panel))
    if panel.quorum > 1:
        texts.append(_("有效评分表少于{count}份的，没有本环节成绩，不进入下一环节。").format(count=panel.quorum))
    else:
        texts.append(_("没有有效评分表的，没有本环节成绩，不进入下一环节。"))
    return texts


def _trimming(panel: Panel) -> str:
    if not panel.drop_high and not panel.drop_low:
        return _("全部有效评分表总分的平均值为本环节成绩。")
    parts = []
    if panel.drop_high:
        parts.append(_("{count}个最高分").format(count=panel.drop_high))
    if panel.drop_low:
        parts.append(_("{count}个最低分").format(count=panel.drop_low))
    each = panel.trim_level is TrimLevel.CRITERION
    text = (
        _("有效评分表达到{least}份的，每个评分项分别去掉{dropped}；")
        if each
        else _("有效评分表达到{least}份的，去掉{dropped}；")
    )
    rest = _("分数相同的只去掉规定的个数，其余取平均值为本环节成绩；不足{least}份的不去分。")
    return (text + rest).format(least=panel.trim_from, dropped=_("和").join(parts))


def _training(stage: StagePolicy) -> tuple[list[str], list[Table]]:
    terms: TrainingTerms = stage.terms
    texts = [
        _("培训共{count}次。出勤率为实到次数占应到次数的百分比，迟到计为实到，经批准的请假不计入应到。").format(
            count=terms.sessions
        )
    ]
    if terms.attendance_at_least:
        least = number(terms.attendance_at_least)
        texts.append(_("出勤率低于{least}%的，不进入下一环节。").format(least=least))
    texts.append(
        _("考试分{count}个科目，各科满分100分，按权重相加为考试成绩；缺考任一科目的，不进入下一环节。").format(
            count=len(terms.areas)
        )
    )
    rows = [(word(area), "100", percent(weight)) for area, weight in terms.areas.items()]
    head, total = (_("科目"), _("满分"), _("权重")), (_("合计"), "—", HUNDRED)
    return texts, [Table(_("{stage}考试科目").format(stage=stage.name), head, rows, (50, 25, 25), total)]


KINDS: Final[dict[str, Callable[[StagePolicy], tuple[list[str], list[Table]]]]] = {
    "review": _review,
    "training": _training,
}
