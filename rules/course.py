"""The course of a round: which steps it takes, in which order, and which of them wait for people."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from rules.policies import Policy
from rules.texts import Text, _
from rules.workdays import Calendar, NoticePeriod, notice_period

LIVE, REPLAY, REHEARSAL = "live", "replay", "rehearsal"

SCREENING, APPLICATIONS, FINAL, DECISION, NOTICE, ARCHIVE = (
    "_screening",
    "_applications",
    "_final",
    "_decision",
    "_notice",
    "_archive",
)
"""Keys of the steps that every round has; the underline keeps them apart from the policy's own stage keys."""

NAMES: Final[Mapping[str, str]] = {
    SCREENING: _("资格审查"),
    APPLICATIONS: _("报名"),
    FINAL: _("综合成绩"),
    DECISION: _("审定"),
    NOTICE: _("公示"),
    ARCHIVE: _("任职通知与归档"),
}


STATES: Final[Mapping[str, str]] = {
    "running": _("进行中"),
    "finished": _("已结束"),
    "cancelled": _("已取消"),
    "pending": _("未开始"),
    "open": _("进行中"),
    "closed": _("已截止"),
    "done": _("已完成"),
}
"""The states of rounds and of their steps."""

STOPPED: Final = _("已停止")
"""What a step that is open is called when its round was cancelled."""


def state(step: str, the_round: str) -> str:
    """Return what the state of a step is called in a round of some state."""
    return STOPPED if step == "open" and the_round == "cancelled" else STATES[step]


SPEAK_OF_RESULTS: Final = frozenset({"decision", "notice", "archive"})
"""Kinds of steps in which people act on results: when those are withdrawn, the step begins anew."""


def said(name: str) -> Text | str:
    """Return a step's name for a text: ours is translated, one of the policy stands as it is."""
    return Text(name) if name in NAMES.values() else name


class Step(NamedTuple):
    """One step; ``kind`` is a stage kind of the policy, or the step's own key without the underline."""

    key: str
    name: str
    kind: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grace_hours: int = 0


def steps(policy: Policy, mode: str) -> tuple[Step, ...]:
    """Return the steps of a round in order; a rehearsal screens and shares out seats only."""
    if mode == REHEARSAL:
        return (_step(SCREENING),)
    window = policy.applications
    return (
        _step(SCREENING),
        _step(APPLICATIONS)._replace(opens_at=window.opens_at, closes_at=window.closes_at),
        *(Step(s.key, s.name, s.kind, s.opens_at, s.closes_at, s.grace_hours) for s in policy.stages),
        *(_step(key) for key in (FINAL, DECISION, NOTICE, ARCHIVE)),
    )


def _step(key: str) -> Step:
    return Step(key, NAMES[key], key.removeprefix("_"))


def unattended(kind: str, mode: str) -> bool:
    """Return whether a step goes on by itself: it has no people in it, or a bundle answered for them."""
    return mode != LIVE or kind in {"screening", "final", "archive"}


def last_day_planned(policy: Policy) -> datetime:
    """Return the last instant that the policy names; a replay posts its notice on the working day after it."""
    ends = [s.closes_at for s in policy.stages if s.closes_at]
    return max([policy.applications.closes_at, *ends])


def outcome_after(outcome: str | None, done: Collection[str]) -> str | None:
    """Return what of an outcome is known when only the steps in ``done`` (their keys) are counted."""
    kind, _colon, stage = (outcome or "").partition(":")
    if FINAL in done or (APPLICATIONS in done and kind in {"withdrawn", "early", "late", "ineligible"}):
        return outcome
    return outcome if kind == "eliminated" and stage in done else None


def notice_ends(period: NoticePeriod, zone: ZoneInfo) -> datetime:
    """Return the end of the notice: 24:00 of its last day, in the round's time zone."""
    return datetime.combine(period.last_day + timedelta(days=1), time(), tzinfo=zone)


def notice_expected(after: datetime, policy: Policy, zone: ZoneInfo, calendar: Calendar) -> NoticePeriod:
    """Return the notice if it is posted on the first working day after an instant.

    :raises RuleError: when a year in question has no official calendar.
    """
    terms = policy.notice
    return notice_period(
        next_working_day(after, zone, calendar),
        working_days=terms.working_days,
        count_first_day=terms.count_first_day,
        calendar=calendar,
    )


def next_working_day(after: datetime, zone: ZoneInfo, calendar: Calendar) -> date:
    """Return the first working day after the day of an instant."""
    day = after.astimezone(zone).date() + timedelta(days=1)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day
