"""What keys and settings of a policy are called in documents."""

from decimal import Decimal
from typing import Final

from kit.i18n import gettext
from rules.policies import Policy, Rounding, RoundingMode, SeatMethod, StagePolicy


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


# Keys that policies commonly use; any other key is shown as it is.
KNOWN: Final = {
    "management": _("管理序列"),
    "expert": _("专家序列"),
    "case_summary": _("案例总结"),
    "improvement_plan": _("改进方案"),
    "product": _("产品与服务"),
    "communication": _("沟通理论"),
    "policy": _("政策与合规"),
    "systems": _("系统操作"),
    "complaint_rate": _("投诉率"),
    "csat": _("客户满意度"),
    "satisfaction": _("客户满意度"),
    "aht": _("平均处理时长"),
    "handling_time": _("平均处理时长"),
    "fcr": _("一次解决率"),
    "first_contact_resolution": _("一次解决率"),
    "minor": _("一般"),
    "major": _("重大"),
    "tenure": _("工龄"),
    "attendance": _("出勤率"),
    "exam": _("考试成绩"),
}
RECORDS: Final = {
    "people": _("人员名册"),
    "ratings": _("绩效记录"),
    "incidents": _("事故记录"),
    "kpis": _("指标记录"),
    "honours": _("荣誉记录"),
    "certificates": _("证书记录"),
}
COLUMNS: Final = {"grade": _("职级"), "hired_on": _("入职日期"), "in_grade_since": _("任现职级日期")}
METHODS: Final = {
    SeatMethod.SAINTE_LAGUE: _("圣拉古法"),
    SeatMethod.DHONDT: _("洪德法"),
    SeatMethod.LARGEST_REMAINDER: _("最大余数法"),
}
ROUNDINGS: Final = {
    RoundingMode.HALF_UP: _("保留{digits}位小数，其后一位四舍五入"),
    RoundingMode.TRUNCATE: _("保留{digits}位小数，其后各位舍去"),
}
TO_WHOLE: Final = {RoundingMode.HALF_UP: _("四舍五入取整数"), RoundingMode.TRUNCATE: _("舍去小数取整数")}


def word(key: str) -> str:
    """Return what a key is called, or the key itself."""
    return gettext(KNOWN[key]) if key in KNOWN else key


def heading(key: str) -> str:
    """Return what a key is called at the head of a row or column: languages that have capitals begin with one."""
    text = word(key)
    return text[:1].upper() + text[1:] if key in KNOWN else text


def component(policy: Policy, key: str) -> str:
    """Return what a component is called: 实战模拟, 理论强化培训考试成绩, 工龄."""
    for stage in policy.stages:
        if key == stage.key:
            return stage.name
        if key.startswith(f"{stage.key}."):
            return gettext("{stage}{part}").format(stage=stage.name, part=beside(stage, key))
    return word(key)


def beside(stage: StagePolicy, key: str) -> str:
    """Return what a component is called beside its stage's name: 考试成绩; nothing for the stage's own score."""
    return "" if key == stage.key else word(key.removeprefix(f"{stage.key}."))


def rounding(rule: Rounding) -> str:
    """Return how scores are rounded: 保留2位小数，其后一位四舍五入."""
    manner = ROUNDINGS if rule.digits else TO_WHOLE
    return gettext(manner[rule.mode]).format(digits=rule.digits)


def number(value: Decimal) -> str:
    """Return a number of the policy without idle zeros: 60, 37.5; 0.60 as it was written stays with ``f``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """Return a weight: 30%."""
    return f"{number(value)}%"
