"""The conditions of entry as sentences, one for each rule of eligibility, and the special channel."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kit.i18n import gettext as _
from kit.jinja import day, joined
from reports.words import word
from rules.dates import months_back
from rules.policies import CertificateKey, Eligibility, HonourKey, KpiRule, Policy, SpecialChannel


def conditions(policy: Policy) -> list[str]:
    """Return a sentence for each rule, without number and final mark."""
    return list(_sentences(policy, policy.eligibility))


def _sentences(policy: Policy, rules: Eligibility) -> Iterator[str]:
    if rule := rules.grade:
        text = _("职级在{least}级及以上（职级由低到高依次为{scale}）")
        yield text.format(least=rule.at_least.removesuffix("级"), scale=joined(policy.grades))
    if ratings := rules.ratings:
        text = _("最近连续{count}个考核周期的绩效等级均在{least}及以上（等级由低到高依次为{scale}）")
        sentence = text.format(count=ratings.consecutive, least=ratings.at_least, scale=joined(policy.ratings))
        if ratings.neutral:
            text = _("，等级为{neutral}的周期（休假等）不计入、也不视为中断")
            sentence += text.format(neutral=joined(ratings.neutral))
        yield sentence
    if incidents := rules.incidents:
        text = _("自{since}至{until}（{months}个月内）没有发生{kinds}服务事故")
        since = months_back(policy.as_of, incidents.within_months) + timedelta(days=1)
        kinds = _("或").join(word(kind) for kind in incidents.none_of)
        yield text.format(since=day(since), until=day(policy.as_of), months=incidents.within_months, kinds=kinds)
    if tenure := rules.tenure:
        yield _tenure(tenure.counted_from).format(months=tenure.months)
    for kpi in rules.kpis:
        yield _kpi(kpi)


def _tenure(counted_from: str) -> str:
    if counted_from == "in_grade_since":
        return _("任现职级满{months}个月")
    return _("工龄（自入职之日起计算）满{months}个月")


def _kpi(rule: KpiRule) -> str:
    bounds = []
    if rule.at_most is not None:
        bounds.append(_("不高于{value}").format(value=f"{rule.at_most:f}"))
    if rule.at_least is not None:
        bounds.append(_("不低于{value}").format(value=f"{rule.at_least:f}"))
    text = (
        _("最近{periods}个统计周期的{kpi}平均值{bounds}") if rule.periods > 1 else _("最近1个统计周期的{kpi}{bounds}")
    )
    return text.format(periods=rule.periods, kpi=word(rule.key), bounds=_("、").join(bounds))


def special_channel(policy: Policy) -> list[str]:
    """Return the special channel as paragraphs; none if the policy has none or there is no tenure to relax."""
    channel, tenure = policy.special_channel, policy.eligibility.tenure
    if channel is None or tenure is None:
        return []
    keys = list(_keys(policy.as_of, channel))
    if tenure.counted_from == "in_grade_since":
        intro = _("符合下列任一情形的，任现职级时间的要求放宽为满{relaxed}个月：")
        only = _("特殊通道只放宽任现职级时间一项，其他条件一律不放宽。")
    else:
        intro = _("符合下列任一情形的，工龄的要求放宽为满{relaxed}个月：")
        only = _("特殊通道只放宽工龄一项，其他条件一律不放宽。")
    return [intro.format(relaxed=channel.tenure_months), *numbered(keys), only]


def numbered(texts: Sequence[str]) -> list[str]:
    """Return the items of a list with their numbers and final marks: 1.甲； 2.乙。."""
    ends = [_("；").rstrip()] * (len(texts) - 1) + [_("。")]
    form = _("{number}.{text}")
    return [form.format(number=n, text=text) + end for n, (text, end) in enumerate(zip(texts, ends, strict=False), 1)]


def _keys(as_of: date, channel: SpecialChannel) -> Iterator[str]:
    for key in channel.any_of:
        match key:
            case HonourKey(honour=honour, within_months=None):
                yield _("曾获“{honour}”称号").format(honour=honour)
            case HonourKey(honour=honour, within_months=int(months)):
                since = day(months_back(as_of, months))
                yield _("在{since}至{until}期间获得“{honour}”称号").format(since=since, until=day(as_of), honour=honour)
            case CertificateKey(certificate=certificate):
                yield _("持有在{until}有效的{certificate}证书").format(until=day(as_of), certificate=certificate)
