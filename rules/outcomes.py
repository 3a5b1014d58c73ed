"""What an outcome is called."""

from collections.abc import Mapping
from typing import Final

from rules.policies import Policy
from rules.texts import Text, _

WORDS: Final[Mapping[str, str]] = {
    "selected": _("入选"),
    "reserve": _("后备"),
    "tied": _("待加试"),
    "eliminated:final": _("总成绩未达标"),
    "ineligible": _("不符合资格"),
    "late": _("逾期报名"),
    "early": _("提前报名"),
    "withdrawn": _("撤回报名"),
    "": _("在轮"),
}


def said(policy: Policy, outcome: str) -> Text:
    """Return an outcome in a word or two: 入选, or 止步：材料审核."""
    if outcome in WORDS:
        return Text(WORDS[outcome])
    stage = outcome.removeprefix("eliminated:")
    name = next((s.name for s in policy.stages if s.key == stage), stage)
    return Text(_("止步：{stage}"), {"stage": name})
