"""What the launch notice says about each stage: one function for each kind of stage."""

from collections.abc import Callable, Sequence
from typing import Final

from kit.i18n import gettext as _
from kit.i18n import prose
from kit.jinja import day_time, joined
from reports.official.blocks import Block, Heading, Paragraph
from reports.words import number, percent, word
from rules.policies import Criterion, Policy, ReviewTerms, StagePolicy, TrainingTerms, TrimLevel


def stage_blocks(policy: Policy, stage: StagePolicy) -> list[Block]:
    """Return the heading of a stage, how it is judged, and who goes on."""
    text = prose(_window(policy, stage), KINDS.get(stage.kind, _nothing_special)(stage), _gate(stage))
    return [Heading(stage.name, level=2), Paragraph(text)]


def _window(policy: Policy, stage: StagePolicy) -> str:
    if stage.opens_at is None or stage.closes_at is None:
        return ""
    opens, closes = (day_time(t, policy.time_zone) for t in (stage.opens_at, stage.closes_at))
    return _("时间为{opens}至{closes}。").format(opens=opens, closes=closes)


def _gate(stage: StagePolicy) -> str:
    return prose(_pass_mark(stage), _short_list(stage))


def _pass_mark(stage: StagePolicy) -> str:
    if not stage.pass_mark:
        return _("本环节不设合格线。")
    text = _("本环节成绩合格线为{mark}分，低于合格线的不再参加后续程序。")
    if stage.kind == "training":
        text = _("考试成绩合格线为{mark}分，低于合格线的不再参加后续程序。")
    return text.format(mark=number(stage.pass_mark))


def _short_list(stage: StagePolicy) -> str:
    if stage.advance_per_seat is None:
        return ""
    text = _("其余人员在各业务线内按本环节成绩从高到低，以该业务线名额的{times}倍确定入围人选，")
    if stage.kind == "training":
        text = _("其余人员在各业务线内按考试成绩从高到低，以该业务线名额的{times}倍确定入围人选，")
    end = _("与末位成绩相同的一并入围，未入围的不再参加后续程序；没有名额的业务线不产生入围人选。")
    return prose(text.format(times=stage.advance_per_seat), end)


def _nothing_special(_stage: StagePolicy) -> str:
    return ""


def _review(stage: StagePolicy) -> str:
    terms: ReviewTerms = stage.terms
    panel = terms.panel
    sheet = _sheet(terms.criteria, panel.reviewers)
    if panel.quorum > 1:
        least = _("有效评分表少于{count}份的，没有本环节成绩，不再参加后续程序。").format(count=panel.quorum)
    else:
        least = _("没有有效评分表的，没有本环节成绩，不再参加后续程序。")
    return prose(sheet, _mean(terms), least)


def _sheet(criteria: Sequence[Criterion], reviewers: int | None) -> str:
    if len(criteria) == 1:
        text = _("评委按“{criterion}”打分，满分{most}分，折算为百分制为评分表总分。")
        if reviewers:
            text = _("{count}名评委按“{criterion}”打分，满分{most}分，折算为百分制为评分表总分。")
        return text.format(count=reviewers, criterion=criteria[0].name, most=number(criteria[0].max))
    alike = {c.max for c in criteria}
    parts = [_part(c, alone=len(alike) > 1) for c in criteria]
    full = _("，各项满分{most}分").format(most=number(criteria[0].max)) if len(alike) == 1 else ""
    text = _("评委按评分表逐项打分，评分项及其权重为{parts}{full}；")
    if reviewers:
        text = _("{count}名评委按评分表逐项打分，评分项及其权重为{parts}{full}；")
    total = _("各项得分除以满分、乘以权重后相加，为评分表总分（百分制）。")
    return prose(text.format(count=reviewers, parts=joined(parts), full=full), total)


def _part(criterion: Criterion, *, alone: bool) -> str:
    text = _("{name}{weight}（满分{most}分）") if alone else _("{name}{weight}")
    return text.format(name=criterion.name, weight=percent(criterion.weight), most=number(criterion.max))


def _mean(terms: ReviewTerms) -> str:
    """Return how the sheets become the score, with or without the highest and lowest."""
    panel = terms.panel
    if not panel.drop_high and not panel.drop_low:
        return _("全部有效评分表总分的平均值为本环节成绩。")
    parts = []
    if panel.drop_high:
        parts.append(_("{count}个最高分").format(count=panel.drop_high))
    if panel.drop_low:
        parts.append(_("{count}个最低分").format(count=panel.drop_low))
    if panel.trim_level is TrimLevel.CRITERION:
        text = _(
            "有效评分表达到{least}份的，每个评分项分别去掉{dropped}（分数相同的只去掉规定的个数），其余得分的平均值按权重相加，为本环节成绩；不足{least}份的，全部有效评分表总分的平均值为本环节成绩。"
        )
    else:
        text = _(
            "有效评分表达到{least}份的，去掉{dropped}（分数相同的只去掉规定的个数），其余评分表总分的平均值为本环节成绩；不足{least}份的，全部有效评分表总分的平均值为本环节成绩。"
        )
    return text.format(least=panel.trim_from, dropped=_("和").join(parts))


def _training(stage: StagePolicy) -> str:
    terms: TrainingTerms = stage.terms
    text = _("培训共{count}次。出勤率为实到次数占应到次数的百分比，迟到计为实到，经批准的请假不计入应到。")
    sentences = [text.format(count=terms.sessions)]
    if terms.attendance_at_least:
        least = number(terms.attendance_at_least)
        sentences.append(_("出勤率低于{least}%的，不再参加后续程序。").format(least=least))
    sentences += [_exam(terms), _("没有应到场次或者没有任一科目成绩的，不再参加后续程序。")]
    return prose(*sentences)


def _exam(terms: TrainingTerms) -> str:
    if len(terms.areas) == 1:
        return _("考试科目为{area}，满分100分。").format(area=word(next(iter(terms.areas))))
    form = _("{name}{weight}")
    parts = [form.format(name=word(area), weight=percent(weight)) for area, weight in terms.areas.items()]
    text = _("考试科目及其权重为{parts}，各科满分100分，按权重相加为考试成绩。")
    return text.format(parts=joined(parts))


KINDS: Final[dict[str, Callable[[StagePolicy], str]]] = {
    "review": _review,
    "training": _training,
}
