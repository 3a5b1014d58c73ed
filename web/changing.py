"""What the pages of deeds and of proposals share: how a deed is asked for, whom it is about, what it would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.jinja import day_time
from queries import previews
from queries.previews import Preview
from rules import course
from rules.changes import Change
from rules.policies import Deed
from rules.texts import _
from web.called import Called
from web.frames import Frame


@dataclass(frozen=True, slots=True)
class Form:
    """What a deed asks for, and how it is explained before anything is typed."""

    asks: tuple[str, ...]
    hint: str
    done: str
    already: str = ""
    harms: bool = False


FORMS: Final[Mapping[Deed, Form]] = {
    Deed.EXTEND: Form(
        ("stage", "until"),
        _("把一个环节的截止时间推后；已经录入的内容不变。"),
        _("“{stage}”已延期到 {until}"),
        _("截止时间就是 {until}，没有变化"),
    ),
    Deed.CLOSE: Form(
        ("stage",),
        _("现在就截止这一环节，随后自动清点；没有评分或成绩的人会在此离开。"),
        _("“{stage}”已截止，随后自动清点"),
        _("“{stage}”早已截止，没有变化"),
        harms=True,
    ),
    Deed.REOPEN: Form(
        ("stage",),
        _("重新开放已截止的环节：它和其后的结果整体撤回，重新清点；已录入的内容保留。"),
        _("“{stage}”已重新开放"),
        _("“{stage}”正开放着，没有变化"),
        harms=True,
    ),
    Deed.REPLACE: Form(
        ("stage", "reviewer_no", "by_no", "staff_no?"),
        _("未完成的评分表改由另一位评委完成；已提交的仍然有效。"),
        _("{reviewer_no} 的评分表已改由 {by_no} 完成"),
    ),
    Deed.HOLD: Form(
        ("staff_no",),
        _("暂缓一位候选人：解除之前不能审定，公示也不结束。随时可以解除。"),
        _("{staff_no} 已暂缓；可以随时解除"),
        _("{staff_no} 早已暂缓，没有变化"),
    ),
    Deed.RELEASE: Form(
        ("staff_no",), _("解除一位候选人的暂缓。"), _("{staff_no} 已解除暂缓"), _("{staff_no} 没有暂缓，没有变化")
    ),
    Deed.WITHDRAW: Form(
        ("staff_no",),
        _("撤回一位候选人的报名；已有的结果整体重新清点，他人的名次可能变化。"),
        _("{staff_no} 已撤回报名，结果随后自动重新清点"),
        harms=True,
    ),
    Deed.CANCEL: Form(
        (),
        _("停止本轮；已有的记录和文档都保留。取消之后可以恢复。"),
        _("本轮已取消；需要时可以恢复"),
        _("本轮早已结束，没有变化"),
        harms=True,
    ),
    Deed.RESTORE: Form(
        (),
        _("恢复已取消的一轮；没有截止的环节，截止时间按停顿的时长顺延。"),
        _("本轮已恢复"),
        _("本轮没有取消，没有变化"),
    ),
    Deed.CORRECT: Form(
        ("stage", "reviewer_no", "staff_no"),
        _("把一份已提交的评分表退回给评委本人更正；重新提交之前原评分仍然有效。任何人都不能直接改分。"),
        _("{reviewer_no} 对 {staff_no} 的评分表已退回更正"),
    ),
}


def effects(frame: Frame, change: Change) -> Preview:
    """Return what a change would do, as of now."""
    terms = frame.visit.terms_of(frame.the_round)
    said = {"the_round": frame.the_round, "change": change, "policy": terms.policy, "calendar": terms.calendar}
    return previews.preview(frame.visit.session, now=terms.now, **said)  # type: ignore[arg-type] # its own names


def about(frame: Frame, change: Change, called: Called | None = None) -> list[tuple[str, object]]:
    """Return what a change is about: names and values for a list of facts; ``called``: names read for many changes."""
    called, found = called or Called(frame, [change.staff_no]), list[tuple[str, object]]()
    if change.title:
        found.append((_("标题"), change.title))
    if change.stage:
        found.append((_("环节"), course.said(frame.step(change.stage).name)))
    if change.until:
        before = frame.step(change.stage).closes_at
        if before:
            found.append((_("现在的截止时间"), day_time(before, frame.zone)))
        found.append((_("新的截止时间"), day_time(change.until, frame.zone)))
    if change.reviewer_no:
        found.append((_("原评委") if change.by_no else _("评委"), called.reviewer(change.reviewer_no)))
    if change.by_no:
        found.append((_("接手的评委"), called.reviewer(change.by_no)))
    if change.staff_no:
        found.append((_("候选人"), called.person(change.staff_no)))
    return [*found, (_("理由"), change.reason)]
