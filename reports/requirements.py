"""The rules of eligibility in a few words, and why a verdict was what it was, for tables."""

import re
from collections.abc import Sequence
from typing import Final, cast

from kit.i18n import gettext as _
from kit.i18n import labelled, say
from kit.jinja import joined
from reports.arithmetic import shown
from reports.words import COLUMNS, RECORDS, heading, word
from rules.policies import KpiRule, Policy
from rules.reasons import explain
from rules.screening import RuleVerdict
from rules.texts import Text

BESIDE_CHINESE: Final = re.compile(r"(?<=[\u3000-\u9fff]) | (?=[\u4e00-\u9fff])")
ROWS_AT_END: Final = re.compile(r"（[^（）]*）$| \([^()]*\)$")
KPI: Final = "kpi:"


def rules_of(policy: Policy) -> list[str]:
    """Return the keys of the policy's rules, in the order in which verdicts come."""
    rules = policy.eligibility
    present = {
        "grade": rules.grade,
        "ratings": rules.ratings,
        "incidents": rules.incidents,
        "tenure": rules.tenure,
    }
    return [key for key, rule in present.items() if rule] + [KPI + rule.key for rule in rules.kpis]


def rule_name(rule: str) -> str:
    """Return what a rule is called: 职级, 绩效, 事故, 工龄, 投诉率."""
    if rule.startswith(KPI):
        return heading(rule.removeprefix(KPI))
    names = {"grade": _("职级"), "ratings": _("绩效"), "incidents": _("服务事故"), "tenure": _("工龄")}
    return names.get(rule, rule)


def requirement(policy: Policy, rule: str) -> str:
    """Return what a rule asks for, in a few words."""
    rules = policy.eligibility
    if rule == "grade" and rules.grade:
        return _("{least}级及以上").format(least=rules.grade.at_least.removesuffix("级"))
    if rule == "ratings" and rules.ratings:
        text = _("最近连续{count}期{least}及以上")
        return text.format(count=rules.ratings.consecutive, least=rules.ratings.at_least)
    if rule == "incidents" and rules.incidents:
        kinds = _("或").join(word(kind) for kind in rules.incidents.none_of)
        return _("近{months}个月无{kinds}事故").format(months=rules.incidents.within_months, kinds=kinds)
    if rule == "tenure" and rules.tenure:
        return _tenure(policy, rules.tenure.months)
    return next((_kpi(kpi) for kpi in rules.kpis if KPI + kpi.key == rule), "")


def _tenure(policy: Policy, months: int) -> str:
    if policy.special_channel is None:
        return _("满{months}个月").format(months=months)
    text = _("满{months}个月（特殊通道{relaxed}个月）")
    return text.format(months=months, relaxed=policy.special_channel.tenure_months)


def _kpi(rule: KpiRule) -> str:
    bounds = [f"{sign}{bound:f}" for sign, bound in (("≤", rule.at_most), ("≥", rule.at_least)) if bound is not None]
    return _("近{periods}期平均{bounds}").format(periods=rule.periods, bounds=joined(bounds))


def reason(verdict: RuleVerdict) -> str:
    """Return why a verdict was reached, in words for people: keys by their names, no endless fractions."""
    why = cast("Text", explain(verdict).values["why"])
    values: dict[str, object] = {**why.values}
    if verdict.rule.startswith(KPI):
        values |= {"key": heading(verdict.rule.removeprefix(KPI)), "value": value(verdict)}
    if "severities" in values:
        values["kinds"] = joined([word(kind) for kind in cast("list[str]", values["severities"])])
    return BESIDE_CHINESE.sub("", say(Text(why.template, values)))


def brief(verdict: RuleVerdict) -> str:
    """Return why a verdict was reached without the rows at the end, for where ``source`` stands beside it."""
    return ROWS_AT_END.sub("", reason(verdict)) if verdict.sources else reason(verdict)


def source(verdict: RuleVerdict) -> str:
    """Return which records a verdict rests on: 绩效记录：2026H1 S、2025H2 A."""
    found: dict[str, list[str]] = {}
    for table, *row in verdict.sources:
        found.setdefault(table, []).append(_row(table, row))
    if not found:
        found = {_table_of(verdict.rule): [_("无相应记录")]}
    return _("；").join(labelled(_(RECORDS.get(table, table)), joined(rows)) for table, rows in found.items())


def _table_of(rule: str) -> str:
    return "kpis" if rule.startswith(KPI) else rule if rule in RECORDS else "people"


def _row(table: str, row: Sequence[str]) -> str:
    """Return one source row in a few words; an empty cell says that it is empty."""
    first, *rest = row
    last = rest[-1] if rest else ""
    if table == "people":
        empty = _("空缺")
        return f"{_(COLUMNS.get(first, first))} {last or empty}"
    if table == "incidents":
        return " ".join((first or _("日期空缺"), word(last) if last else _("级别空缺")))
    if table == "certificates":
        until = _("有效至{day}").format(day=last) if last else _("长期有效")
        return f"{first} {rest[0]} {until}"
    return " ".join((first, last or _("无")))


def value(verdict: RuleVerdict) -> str:
    """Return the value that a rule saw, short enough for a cell; nothing if there was none."""
    if verdict.value is None:
        return ""
    return shown(verdict.value) if verdict.rule.startswith(KPI) else verdict.value


def names(rules: Sequence[str]) -> str:
    """Return rules as an enumeration of their names."""
    return joined([rule_name(rule) for rule in rules])
