"""Verdicts as a mark and a word or value, small enough for a cell."""

from typing import Final

from kit.i18n import gettext
from reports import requirements
from reports.requirements import KPI
from rules.screening import RuleVerdict
from rules.texts import _

SIGNS: Final = {"pass": _("✓"), "relaxed": _("宽"), "fail": _("×"), "unknown": _("？")}
WORDS: Final = {"pass": _("通过"), "relaxed": _("放宽通过"), "fail": _("未通过"), "unknown": _("无法判断")}
UNITS: Final = {
    "grade": _("{value}级"),
    "ratings": _("{value}期"),
    "incidents": _("{value}起"),
    "tenure": _("{value}个月"),
}


def sign(verdict: str) -> str:
    """Return the mark of a verdict: ✓ 宽 × ？."""
    return gettext(SIGNS[verdict])


def word(verdict: str) -> str:
    """Return a verdict in a word: 通过, 放宽通过, 未通过, 无法判断."""
    return gettext(WORDS[verdict])


def value(verdict: RuleVerdict) -> str:
    """Return what a rule saw, with its unit: Ⅱ级, 3期, 0起, 26个月, 0.45; or that there is no record to see."""
    if verdict.value is None or (verdict.verdict == "unknown" and verdict.rule == "incidents"):
        return gettext("缺记录")
    if verdict.rule.startswith(KPI):
        return requirements.value(verdict)
    unit = gettext(UNITS.get(verdict.rule, "{value}"))
    return unit.format(value=verdict.value.removesuffix("级"))


def compact(verdict: RuleVerdict) -> str:
    """Return mark and value: ✓ 26个月, × 1期, 宽14个月; a narrow mark keeps its distance."""
    mark = sign(verdict.verdict)
    return f"{mark} {value(verdict)}" if mark < "\u3000" else mark + value(verdict)


def legend() -> str:
    """Return what the marks mean, in a line."""
    return gettext("　").join(f"{sign(verdict)} {word(verdict)}" for verdict in SIGNS)
