"""How the final score is made and how people are chosen, in sentences."""

from kit.i18n import gettext as _
from kit.i18n import prose
from reports import words
from reports.words import component, number, percent
from rules.policies import Policy


def formula(policy: Policy) -> str:
    """Return the weighted sum: 实战模拟×60%＋跨部门轮岗×40%."""
    form, weights = _("{part}×{weight}"), policy.final.weights
    return _("＋").join(form.format(part=component(policy, key), weight=percent(w)) for key, w in weights.items())


def rounding(policy: Policy) -> str:
    """Return which scores are rounded, and how."""
    text = _("各环节成绩和综合成绩均{manner}；综合成绩以取位后的各项成绩计算。")
    return text.format(manner=words.rounding(policy.rounding))


def choice(policy: Policy) -> str:
    """Return the final pass mark, and how people are chosen."""
    text = ""
    if policy.final.pass_mark:
        text = _("综合成绩合格线为{mark}分，低于合格线的不予任用。").format(mark=number(policy.final.pass_mark))
    return prose(text, _("合格人员按综合成绩从高到低排名，各业务线在名额内从高到低确定人选，其余合格人员列入后备。"))


def ties(policy: Policy) -> str:
    """Return how people of one final score are told apart, and what happens to those who are not."""
    chain_of = [_tie_step(policy, key) for key in policy.final.tie_break]
    end = _("并列人数超过剩余名额的，相应名额保留，通过加试确定人选。年龄、性别和工号顺序不作为排名依据。")
    if not chain_of:
        return prose(_("综合成绩相同的，名次并列；"), end)
    text = _("综合成绩相同的，依次比较{chain}；仍然相同的，名次并列；")
    return prose(text.format(chain=_("、").join(chain_of)), end)


def _tie_step(policy: Policy, key: str) -> str:
    return _("工龄（入职早者优先）") if key == "tenure" else _("{part}（高者优先）").format(part=component(policy, key))
