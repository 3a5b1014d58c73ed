"""What HR may do to a running round: one change as a value, and what the deeds are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rules.policies import Deed, Policy
from rules.texts import _

DEEDS: Final[Mapping[Deed, str]] = {
    Deed.EXTEND: _("延期"),
    Deed.CLOSE: _("提前截止"),
    Deed.REOPEN: _("重新开放"),
    Deed.REPLACE: _("更换评委"),
    Deed.HOLD: _("暂缓候选人"),
    Deed.RELEASE: _("解除暂缓"),
    Deed.WITHDRAW: _("撤回候选人"),
    Deed.CANCEL: _("取消轮次"),
    Deed.RESTORE: _("恢复轮次"),
    Deed.CORRECT: _("更正评分表"),
    Deed.SUPPLEMENT: _("发布补充公告"),
}

ALWAYS_TWO: Final = frozenset({Deed.CORRECT})
"""Deeds that nobody does alone, whatever the policy says: a filed score is never changed by one person."""

PROPOSALS: Final[Mapping[str, str]] = {"open": _("待同意"), "carried_out": _("已执行"), "rejected": _("已否决")}
"""The states of a proposal that waits for a second person."""


@dataclass(frozen=True, slots=True)
class Change:
    """A deed with its reason and with what it needs; what a deed does not need stays empty.

    A supplement needs its title and two policies by the SHA-256 of their text: the one that it was written against,
    and the one that it puts in force, which is ``after`` as well, as values.
    """

    deed: Deed
    reason: str
    stage: str = ""
    staff_no: str = ""
    reviewer_no: str = ""
    by_no: str = ""
    until: datetime | None = None
    title: str = ""
    policy_before: str = ""
    policy_after: str = ""
    after: Policy | None = None
