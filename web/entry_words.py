"""What the details of a history's entries are called; whatever is not here stands only below, as it was kept."""

from collections.abc import Mapping
from typing import Final

from rules import hearings
from rules.texts import _

FACTS: Final[Mapping[str, str]] = {
    "arrived_at": _("收到的时间"),
    "reason": _("理由"),
    "why": _("原因"),
    "stage": _("环节"),
    "from": _("原来"),
    "to": _("改为"),
    "until": _("截止时间"),
    "new": _("新增"),
    "changed": _("更正"),
    "reviewer": _("评委"),
    "reviewer_no": _("评委"),
    "by_no": _("接手的评委"),
    "candidate": _("候选人"),
    "staff_no": _("候选人"),
    "candidates": _("候选人"),
    "marks": _("评分"),
    "short": _("评委不足的候选人"),
    "left": _("离开"),
    "letters": _("信件"),
    "seed": _("种子"),
    "each": _("每人的评委数"),
    "sheets": _("评分表"),
    "number": _("编号"),
    "kind": _("种类"),
    "channel": _("方式"),
    "raised_by": _("提出人"),
    "upheld": _("结论"),
    "deed": _("操作"),
    "proposed_by": _("提议人"),
    "withdrawn": _("撤回的环节"),
    "slot": _("材料"),
    "title": _("名称"),
    "name": _("名称"),
    "statement": _("说明"),
    "posted_on": _("公示日"),
    "last_day": _("公示截止"),
}
"""What of an entry's detail is shown in words; all of it stands below as it was kept."""

OF_DEED: Final[Mapping[tuple[str, str], str]] = {
    ("reminders.written", "to"): _("收件人"),
    ("history.signed", "name"): _("签名人"),
    **{
        ("stage.tallied", key): what
        for key, what in {
            "screened": _("审查人数"),
            "eligible": _("符合条件"),
            "applicants": _("报名人数"),
            "admitted": _("进入评审"),
            "ineligible": _("不符合条件"),
            "early": _("报名过早"),
            "late": _("报名过晚"),
            "withdrawn": _("撤回报名"),
            "selected": _("入选"),
            "reserve": _("后备"),
        }.items()
    },
}
"""The same where a deed calls it otherwise; of a step that was counted these are numbers of people."""

UNSAID: Final = frozenset({("document.filed", "kind")})
"""What says nothing beside the rest."""

REASONS: Final[Mapping[str, str]] = {"deadline": _("到期"), "confirmed": _("已审定")}
"""Why a step closed where nobody had to type it."""

CHANNELS: Final[Mapping[str, str]] = {**hearings.CHANNELS, "pages": _("本系统")}
STATUSES: Final[Mapping[str, str]] = {"abstained": _("弃评"), "recused": _("回避")}

MOST: Final = 20
"""So many of a long list are shown."""
