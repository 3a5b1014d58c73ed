"""Applications and materials of candidates: when one may apply, hand in, take back; what a file of a slot is called."""

from datetime import datetime
from typing import Final, NamedTuple

from rules.texts import RuleError, Text, _

MOST_VERSIONS: Final = 30
"""Versions of one slot: more are an accident or an attack."""

STATES: Final = {
    "draft": _("草稿，未提交"),
    "handed_in": _("已提交"),
    "superseded": _("已有新版本"),
    "taken_back": _("已撤回"),
    "returned": _("已退回，待修改"),
}


class Step(NamedTuple):
    """A step of the round as it stands: its state, its deadline, and the end of the grace after it."""

    state: str
    closes_at: datetime | None = None
    due_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        """Return whether people may act in the step now, the grace included; the clock may not have come round yet."""
        end = self.due_at or self.closes_at
        return self.state == "open" and (end is None or now <= end)


def file_name(slot: str, kind: str) -> str:
    """Return what a candidate's file is called in the round's bundle: by its slot, with the ending of its kind."""
    return f"{slot}.{kind}"


def require_applications(step: Step, *, opens_at: datetime, now: datetime) -> None:
    """Refuse an application that would count as too early or too late: those after the deadline do, even in the grace.

    :raises RuleError: saying when applications are taken.
    """
    if step.state == "pending" or now < opens_at:
        raise RuleError(Text(_("报名还没有开始")))
    if not step.open_at(now) or (step.closes_at and now > step.closes_at):
        raise RuleError(Text(_("报名已经截止；确有特殊情况的，请联系人力资源")))


def may_hand_in(applications: Step, review: Step | None, *, returned: bool, now: datetime) -> bool:
    """Return whether a slot is open: while applications are; what was returned, until the first stage closes too."""
    if applications.open_at(now):
        return True
    later = review is not None and (review.state == "pending" or review.open_at(now))
    return returned and applications.state != "pending" and later


def require_hand_in(applications: Step, review: Step | None, *, returned: bool, now: datetime) -> None:
    """Refuse files at a wrong time.

    :raises RuleError: saying which.
    """
    if may_hand_in(applications, review, returned=returned, now=now):
        return
    if applications.state == "pending":
        raise RuleError(Text(_("报名还没有开始，还不能提交材料")))
    raise RuleError(Text(_("材料提交已经截止；确需更正的，请联系人力资源退回后再提交")))
