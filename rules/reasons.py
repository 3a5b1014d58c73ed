"""Why a rule judged as it did, in plain words."""

from collections.abc import Callable
from typing import Any

from rules.eligibility import FAIL, PASS, RELAXED, UNKNOWN, RuleVerdict
from rules.texts import Text, _, enumerated

_SINCE = {"hired_on": _("工龄"), "in_grade_since": _("任现职级")}
"""What tenure is called, by the day that it is counted from."""

WORDS = {PASS: _("通过"), RELAXED: _("通过"), FAIL: _("不通过"), UNKNOWN: _("无法判断")}


def explain(verdict: RuleVerdict) -> Text:
    """Return the reason of a verdict, e.g. 工龄 20 个月，不足 24 个月；持有 CCMP，适用特殊通道 12 个月：通过."""
    rule = verdict.rule.partition(":")[0]
    why = _REASONS[rule](verdict, verdict.facts)
    return Text(_("{why}：{verdict}"), {"why": why, "verdict": Text(WORDS[verdict.verdict])})


def _grade(v: RuleVerdict, _facts: dict[str, Any]) -> Text:
    said = {"value": v.value, "least": v.threshold}
    if v.value is None:
        return Text(_("职级没有记录（要求 {least} 及以上）"), said)
    if v.verdict == UNKNOWN:
        return Text(_("职级“{value}”不在职级序列中（要求 {least} 及以上）"), said)
    return Text(_("职级 {value}，达到 {least}") if v.verdict == PASS else _("职级 {value}，未达到 {least}"), said)


def _ratings(v: RuleVerdict, facts: dict[str, Any]) -> Text:
    skipped = facts.get("skipped", ())
    said = {**facts, "shown": enumerated(f"{s[1]} {s[2]}" for s in v.sources if s[2] and s[1] not in skipped)}
    if v.verdict == PASS:
        return Text(_("连续 {counted} 期绩效在 {at_least} 及以上（{shown}）"), said)
    if facts["why"] == "below":
        return Text(_("{period} 绩效为 {rating}，低于 {at_least}；连续 {counted} 期，要求 {wanted} 期"), said)
    if facts["why"] == "missing":
        return Text(_("{period} 没有绩效记录；此前连续 {counted} 期，要求 {wanted} 期"), said)
    if facts["why"] == "off_scale":
        return Text(_("{period} 绩效“{rating}”不在等级序列中；连续 {counted} 期，要求 {wanted} 期"), said)
    return Text(_("绩效记录只有连续 {counted} 期在 {at_least} 及以上，要求 {wanted} 期"), said)


def _incidents(v: RuleVerdict, facts: dict[str, Any]) -> Text:
    kinds, days = enumerated(facts["severities"]), enumerated(d for d in facts["days"] if d)
    said = {**facts, "kinds": kinds, "shown": days}
    if v.verdict == PASS:
        return Text(_("近 {months} 个月没有 {kinds} 级事故"), said)
    if v.verdict == FAIL:
        return Text(_("近 {months} 个月有 {kinds} 级事故 {n} 起（{shown}）"), said)
    return Text(_("有 {n} 起事故的日期或级别没有记录（要求近 {months} 个月没有 {kinds} 级事故）"), said)


def _tenure(v: RuleVerdict, facts: dict[str, Any]) -> Text:
    keys = list(dict.fromkeys(h[1] for h in facts["held"]))
    said = {**facts, "what": Text(_SINCE[v.sources[0][1]]), "keys": enumerated(keys)}
    if v.verdict == UNKNOWN:
        return Text(_("起算日期没有记录（要求{what}满 {wanted} 个月）"), said)
    if v.verdict == PASS:
        return Text(_("{what} {months} 个月，满 {wanted} 个月"), said)
    if v.verdict == RELAXED:
        return Text(_("{what} {months} 个月，不足 {wanted} 个月；持有 {keys}，适用特殊通道 {relaxed} 个月"), said)
    if keys and facts["relaxed"] is not None:
        return Text(_("{what} {months} 个月，不足 {wanted} 个月；持有 {keys}，也不足特殊通道的 {relaxed} 个月"), said)
    return Text(_("{what} {months} 个月，不足 {wanted} 个月"), said)


def _kpi(v: RuleVerdict, facts: dict[str, Any]) -> Text:
    said = {**facts, "value": v.value, "bounds": v.threshold}
    if v.verdict == UNKNOWN:
        return Text(_("{key} 近 {periods} 期只有 {n} 期数据（要求 {bounds}）"), said)
    if v.verdict == PASS:
        return Text(_("{key} 近 {periods} 期平均 {value}，符合 {bounds}"), said)
    return Text(_("{key} 近 {periods} 期平均 {value}，不符合 {bounds}"), said)


_REASONS: dict[str, Callable[[RuleVerdict, dict[str, Any]], Text]] = {
    "grade": _grade,
    "ratings": _ratings,
    "incidents": _incidents,
    "tenure": _tenure,
    "kpi": _kpi,
}
