"""What a supplement may still change after a round was launched, without making wrong what was relied on or decided.

Free: who to ask (contact, phone, …) and the ladder of reminders. Stricter only: confirmations, and which deeds need a
second person. Longer only: the notice, before it is posted. Later steps only: the planned window of a step that is not
open yet. Everything else is what people applied under; whoever wants other rules cancels the round and launches anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from rules import course
from rules.policies import ApplicationWindow, Policy, StagePolicy
from rules.texts import Text, _

CONTACT: Final = frozenset({"department", "contact", "phone", "email", "address"})
"""Parts of the organisation that only say whom to ask; its name and the document's number stand on what was issued."""

PENDING: Final = "pending"
NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)

NAMES: Final[Mapping[str, str]] = {
    "version": _("格式版本"),
    "code": _("轮次编号"),
    "title": _("轮次名称"),
    "post": _("竞聘岗位"),
    "as_of": _("资格审查基准日"),
    "lines": _("业务线"),
    "grades": _("职级"),
    "ratings": _("绩效等级"),
    "eligibility": _("资格条件"),
    "quota": _("名额"),
    "applications": _("报名"),
    "stages": _("环节"),
    "final": _("总成绩"),
    "special_channel": _("特殊通道"),
    "rounding": _("舍入规则"),
    "notice": _("公示"),
    "appointment": _("任职"),
    "organisation": _("单位信息"),
    "time_zone": _("时区"),
}


class Standing(NamedTuple):
    """Where a round stands: the state of each step by its key, and whether a notice was ever posted."""

    states: Mapping[str, str]
    posted: bool


class Window(NamedTuple):
    """The planned window of a step."""

    opens_at: datetime | None
    closes_at: datetime | None


def windows(policy: Policy) -> dict[str, Window]:
    """Return the planned windows of the steps for which the policy plans any, by key."""
    own = {stage.key: Window(stage.opens_at, stage.closes_at) for stage in policy.stages}
    return {course.APPLICATIONS: Window(policy.applications.opens_at, policy.applications.closes_at), **own}


def moved(before: Policy, after: Policy) -> dict[str, tuple[Window, Window]]:
    """Return the steps whose planned window differs: as it was and as it will be."""
    old, new = windows(before), windows(after)
    return {key: (old[key], new[key]) for key in old if key in new and old[key] != new[key]}


def refusals(before: Policy, after: Policy, standing: Standing, *, now: datetime) -> list[Text]:
    """Return why a supplement may not change a policy so; nothing when it may."""
    if before == after:
        return [Text(_("补充公告没有改动任何内容"))]
    return [
        *_frozen(before, after),
        *_stricter(before, after, standing),
        *_notice(before, after, standing),
        *_windows(before, after, standing, now),
    ]


def _frozen(before: Policy, after: Policy) -> Iterator[Text]:
    """Yield each part that differs beyond what a supplement may change at all."""
    plain = _without_changeable(before)
    for field in fields(Policy):
        if getattr(plain, field.name) != getattr(_without_changeable(after), field.name):
            text = _("“{what}”是报名所依据的规则，发布之后不能更改；确需更改的，请取消本轮，重新发布")
            yield Text(text, {"what": Text(NAMES[field.name])})


def _without_changeable(policy: Policy) -> Policy:
    nowhen = ApplicationWindow(NEVER, NEVER, policy.applications.materials)
    blank: dict[str, str] = dict.fromkeys(CONTACT, "")
    return replace(
        policy,
        organisation=replace(policy.organisation, **blank),
        reminders=(),
        confirmations=1,
        second_person=(),
        notice=replace(policy.notice, working_days=1),
        applications=nowhen,
        stages=tuple(_undated(stage) for stage in policy.stages),
    )


def _undated(stage: StagePolicy) -> StagePolicy:
    return replace(stage, opens_at=None, closes_at=None)


def _stricter(before: Policy, after: Policy, standing: Standing) -> Iterator[Text]:
    if after.confirmations < before.confirmations:
        yield Text(_("确认结果的人数只能增加，不能减少"))
    if after.confirmations != before.confirmations and standing.states.get(course.DECISION) in {"closed", "done"}:
        yield Text(_("结果已经审定，不能再改确认的人数"))
    if not set(before.second_person) <= set(after.second_person):
        yield Text(_("须第二人同意的操作只能增加，不能减少"))


def _notice(before: Policy, after: Policy, standing: Standing) -> Iterator[Text]:
    if after.notice.working_days == before.notice.working_days:
        return
    if standing.posted:
        yield Text(_("公示已经发布，不能再改公示的天数"))
    elif after.notice.working_days < before.notice.working_days:
        yield Text(_("公示的天数只能延长，不能缩短"))


def _windows(before: Policy, after: Policy, standing: Standing, now: datetime) -> Iterator[Text]:
    names = {course.APPLICATIONS: course.said(course.NAMES[course.APPLICATIONS])}
    names |= {stage.key: stage.name for stage in before.stages}
    for key, (old, new) in moved(before, after).items():
        said = {"name": names[key]}
        if standing.states.get(key) != PENDING:
            yield Text(_("“{name}”已经开始，计划日期不能再由补充公告更改；要改截止时间，请延期"), said)
            continue
        for was, will in zip(old, new, strict=True):
            if was == will:
                continue
            if will is None:
                yield Text(_("“{name}”已公布的日期可以改期，不能取消"), said)
            elif will <= now:
                yield Text(_("“{name}”的新日期已经过去；请填写将来的时间"), said)
        if key == course.APPLICATIONS and _length(after) < _length(before):
            yield Text(_("报名时间可以改期，不能缩短"))


def _length(policy: Policy) -> timedelta:
    window = policy.applications
    return window.closes_at - window.opens_at
