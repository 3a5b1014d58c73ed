"""What an outcome is called."""

from typing import Final

from kit.i18n import gettext
from rules.policies import Policy
from rules.texts import _

WORDS: Final = {
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


def outcome(policy: Policy, key: str) -> str:
    """Return an outcome in a word or two: 入选, or 止步：材料审核."""
    if key in WORDS:
        return gettext(WORDS[key])
    stage = key.removeprefix("eliminated:")
    name = next((s.name for s in policy.stages if s.key == stage), stage)
    return gettext("止步：{stage}").format(stage=name)
