"""What a stage of kind ``review`` says besides what every stage says: its panel and its criteria."""

from typing import Final

from forms.findings import Findings
from forms.shape_groups import ListOf
from forms.shape_records import Field, Record
from forms.shape_values import member, name, number, whole, words
from forms.shapes import Shape, quietly
from forms.stage_forms import StageForm
from forms.weights import WEIGHT, check_sum
from forms.yaml_nodes import Map, get, items, text_of
from rules.policies import Anchor, Criterion, Panel, ReviewTerms, TrimLevel
from rules.texts import Text, _

COUNT: Final = whole(1, 999)
DROP: Final = whole(0, 999)
EVEN_FROM: Final = 4
"""Reviewers from which an even panel is worth a word; pairs of hosts are usual."""


def _check_trimming(node: Map, found: Findings) -> None:
    plain = Panel()
    high, low = _set(node, "drop_high", DROP, plain.drop_high), _set(node, "drop_low", DROP, plain.drop_low)
    first = _set(node, "trim_from", COUNT, plain.trim_from)
    reviewers = quietly(COUNT, get(node, "reviewers"))
    at = get(node, "drop_high") or get(node, "drop_low") or get(node, "trim_from") or node
    if high is None or low is None or first is None:
        return
    if high + low >= first:
        text = _("共去掉 {drop} 张，而满 {first} 张才去：去掉的张数应少于 {first}")
        found.fault(Text(text, {"drop": high + low, "first": first}), at)
    elif reviewers and high + low and reviewers < first:
        text = _("评委计划 {reviewers} 人，而满 {first} 张才去：不会去掉最高分和最低分")
        found.warn(Text(text, {"reviewers": reviewers, "first": first}), at)


def _set(node: Map, key: str, shape: Shape[int], otherwise: int) -> int | None:
    return quietly(shape, node.entries[key].value) if key in node.entries else otherwise


def _check_numbers(node: Map, found: Findings) -> None:
    reviewers, quorum = quietly(COUNT, get(node, "reviewers")), quietly(COUNT, get(node, "quorum"))
    if reviewers and quorum and quorum > reviewers:
        text = _("最少评分表 {quorum} 张，多于计划的评委 {reviewers} 人：将无人能过此环节")
        found.warn(Text(text, {"quorum": quorum, "reviewers": reviewers}), node)
    if reviewers and reviewers >= EVEN_FROM and reviewers % 2 == 0:
        found.warn(Text(_("评委 {n} 人为偶数；通常为单数，5 人或 7 人"), {"n": reviewers}), node)


def _check_weights(node: Map, found: Findings) -> None:
    if criteria := get(node, "criteria"):
        check_sum([get(item, "weight") for item in items(criteria)], criteria, found)


def _check_scale(node: Map, found: Findings) -> None:
    """Look whether the steps lead to the highest mark, and the anchors stand on the scale."""
    most, step = quietly(MOST, get(node, "max")), quietly(STEP, get(node, "step"))
    if most is not None and step is not None and most % step:
        text = _("满分 {max} 不是步长 {step} 的整数倍")
        found.fault(Text(text, {"max": f"{most:f}", "step": f"{step:f}"}), get(node, "step") or node)
    for anchor in items(get(node, "anchors")):
        at = quietly(AT, get(anchor, "at"))
        if at is not None and most is not None and at > most:
            found.fault(Text(_("参照分 {at} 超过满分 {max}"), {"at": f"{at:f}", "max": f"{most:f}"}), anchor)


MOST: Final = number(0, 1000, above=True)
STEP: Final = number(0, 1000, above=True)
AT: Final = number(0, 1000)

ANCHOR: Final = Record(
    {
        "at": Field(AT, _("参照分")),
        "says": Field(words(200), _("表现说明"), about=_("得这个分的表现是什么样")),
    },
    Anchor,
)

CRITERION: Final = Record(
    {
        "key": Field(name(), _("评分项键"), about=_("marks.csv 里的 criterion")),
        "name": Field(words(60), _("评分项名称")),
        "weight": Field(WEIGHT, _("权重（%）"), about=_("同一环节各评分项的权重之和恰好为 100")),
        "max": Field(MOST, _("满分")),
        "step": Field(STEP, _("步长"), needed=False, about=_("评分只能是步长的整数倍，如 0.5；默认最多两位小数")),
        "anchors": Field(
            ListOf(ANCHOR, least=0, identity=lambda node: text_of(get(node, "at"))),
            _("参照"),
            needed=False,
            about=_("几分是什么表现，显示在评分表上"),
        ),
    },
    Criterion,
    (_check_scale,),
)

PANEL: Final = Record(
    {
        "reviewers": Field(COUNT, _("计划评委人数"), about=_("只是计划，不限制评分表张数")),
        "quorum": Field(COUNT, _("最少评分表张数"), needed=False, about=_("默认 1")),
        "drop_high": Field(DROP, _("去掉最高分的张数"), needed=False, about=_("默认 0")),
        "drop_low": Field(DROP, _("去掉最低分的张数"), needed=False, about=_("默认 0")),
        "trim_from": Field(COUNT, _("满多少张才去最高最低分"), needed=False, about=_("默认 5")),
        "trim_level": Field(
            member(TrimLevel), _("去分层次"), needed=False, about=_("total：按总分（默认）；criterion：按每个评分项")
        ),
    },
    Panel,
    (_check_trimming, _check_numbers),
)


def _terms(*, criteria: tuple[Criterion, ...], panel: Panel | None = None) -> ReviewTerms:
    return ReviewTerms(panel or Panel(), criteria)


FORM: Final = StageForm(
    kind="review",
    title=_("评审：评委按评分项打分"),
    fields={
        "panel": Field(PANEL, _("评委组"), needed=False),
        "criteria": Field(ListOf(CRITERION, identity=lambda node: text_of(get(node, "key"))), _("评分项")),
    },
    make=_terms,
    checks=(_check_weights,),
)
