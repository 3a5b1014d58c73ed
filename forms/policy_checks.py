"""What must agree across the parts of a policy. Each check looks at what can be read, whatever else is wrong."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from forms.findings import Findings
from forms.shape_records import Check
from forms.shape_values import whole
from forms.shapes import quietly
from forms.stages import TENURE, components
from forms.yaml_nodes import Map, Node, Scalar, get, items, text_of
from rules.scales import Scale, grade_key, rating_key
from rules.texts import Text, _, enumerated

COUNT: Final = whole(0, 100_000)
SCALES: Final = {"grades": _("职级"), "ratings": _("绩效等级")}


def _steps(node: Map, key: str) -> list[str] | None:
    """Return the steps of a scale, ``None`` when not all of them can be read."""
    texts = [text_of(item) for item in items(get(node, key))]
    return [t for t in texts if t is not None] if texts and None not in texts else None


def _off_scale(at: Node | None, steps: list[str] | None, spelling: Callable[[str], str]) -> bool:
    text = text_of(at)
    return text is not None and steps is not None and Scale(steps, spelling).rank(text) is None


def check_scales(node: Map, found: Findings) -> None:
    """Note a grade or a rating that is not on its scale."""
    for rule, key, spelling in (("grade", "grades", grade_key), ("ratings", "ratings", rating_key)):
        at, steps = get(node, "eligibility", rule, "at_least"), _steps(node, key)
        if at and steps and _off_scale(at, steps, spelling):
            text = Text(_("不在{scale}之中；应为 {names}"), {"scale": Text(SCALES[key]), "names": enumerated(steps)})
            found.fault(text, at, value=text_of(at))


def check_neutral(node: Map, found: Findings) -> None:
    """Warn of leave that would count against somebody, and of codes that are both neutral and a step."""
    rule, steps = get(node, "eligibility", "ratings"), _steps(node, "ratings")
    neutral = items(get(rule, "neutral"))
    if rule and not neutral:
        found.warn(Text(_("没有写跳过的代码（neutral）：请写上休假等期间的代码；休假不得对任何人不利")), rule)
    for code in neutral:
        if steps and text_of(code) and not _off_scale(code, steps, rating_key):
            text = Text(_("既是绩效等级，又是跳过的代码：这样的期会跳过，不计也不扣"))
            found.warn(text, code, value=text_of(code))


def check_minimum(node: Map, found: Findings) -> None:
    """Note minimum seats that together exceed the seats."""
    lines, at = get(node, "lines"), get(node, "quota", "minimum")
    seats, minimum = quietly(COUNT, get(node, "quota", "seats")), quietly(COUNT, at)
    if isinstance(lines, Map) and at and minimum and seats is not None and minimum * len(lines.entries) > seats:
        text = _("{lines} 条业务线每条至少 {minimum} 个，共 {all} 个，超过名额 {seats} 个；应不超过名额")
        n = len(lines.entries)
        found.fault(Text(text, {"lines": n, "minimum": minimum, "all": n * minimum, "seats": seats}), at)


def check_training(node: Map, found: Findings) -> None:
    """Note a second training stage."""
    training = [stage for stage in items(get(node, "stages")) if text_of(get(stage, "kind")) == "training"]
    for stage in training[1:]:
        found.fault(Text(_("最多一个培训环节；前面已有")), get(stage, "kind") or stage)


def check_components(node: Map, found: Findings) -> None:
    """Note weights and tie-breaks of components that no stage produces."""
    produced = [components(stage) for stage in items(get(node, "stages"))]
    if not produced or None in produced:
        return  # a stage that cannot be read may be the one that produces it
    names = list(chain.from_iterable(p for p in produced if p))
    for at in _weighed(node):
        if at.text not in names:
            found.fault(_no_such(names), at, value=at.text)
    for item in items(get(node, "final", "tie_break")):
        text = text_of(item)
        if text is not None and text not in {*names, TENURE}:
            found.fault(_no_such([*names, TENURE]), item, value=text)


def _weighed(node: Map) -> Iterator[Scalar]:
    weights = get(node, "final", "weights")
    if isinstance(weights, Map):
        yield from (entry.key for entry in weights.entries.values())


def check_rung(node: Map, found: Findings) -> None:
    """Note a rung that says both or neither of before and after, or that replaces people before they are late."""
    before, after = get(node, "before_hours"), get(node, "after_hours")
    if (before is None) == (after is None):
        found.fault(Text(_("“截止前几小时”（before_hours）和“截止后几小时”（after_hours）应写且只写一个")), node)
    if before is not None:
        for item in items(get(node, "to")):
            if text_of(item) == "substitute":
                found.fault(Text(_("截止之前不能改由替补完成；请改为截止之后几小时")), item, value="substitute")


def check_ladder(node: Map, found: Findings) -> None:
    """Warn of a rung after the deadline that no stage's grace reaches: the step is closed by then."""
    graces = [quietly(COUNT, get(stage, "grace_hours")) or 0 for stage in items(get(node, "stages"))]
    longest = max(graces, default=0)
    for rung in items(get(node, "reminders")):
        at = get(rung, "after_hours")
        hours = quietly(COUNT, at)
        if at and hours is not None and hours >= longest:
            text = Text(_("最长的宽限期是 {longest} 小时，这一步永远不会发生"), {"longest": longest})
            found.warn(text, at, value=text_of(at))


def _no_such(names: list[str]) -> Text:
    return Text(_("没有环节产生这一成绩；应为 {names}"), {"names": enumerated(names)})


ALL: Final[tuple[Check, ...]] = (
    check_scales,
    check_neutral,
    check_minimum,
    check_training,
    check_components,
    check_ladder,
)
