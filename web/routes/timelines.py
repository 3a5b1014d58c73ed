"""A round over time, as a picture and as a table: plan against what was."""

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response

from forms import in_force
from models.stages import Stage
from reports.charts import timeline as charts
from reports.charts.timeline import Span
from rules import course
from rules.access import Act
from rules.texts import RuleError, Text
from web.doors import Doors
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()

Plan = tuple[datetime | None, datetime | None]
"""From when to when something is planned."""


@doors.get("/rounds/{code}/timeline", act=Act.SEE_ROUND)
def timeline(visit: Visit, code: str) -> Response:
    """Show a round over time."""
    frame = framed(visit, code)
    notice, trouble = _notice(frame)
    spans = [_span(frame, step, notice) for step in frame.steps]
    zone = ZoneInfo(frame.zone)
    drawn = charts.timeline(spans, now=visit.now, zone=zone, is_working=_is_working)
    named: dict[str, Any] = {"NOTICE": course.NAMES[course.NOTICE], "WIDTH": charts.WIDTH}
    return visit.page("timeline.html", frame=frame, spans=spans, drawn=drawn, trouble=trouble, **named)


def _is_working(day: date) -> bool | None:
    try:
        return in_force.working_days().is_working(day)
    except RuleError:
        return None


def _span(frame: Frame, step: Stage, notice: Plan) -> Span:
    """Return a step's plan as the policy had it, and what became of it."""
    found = frame.terms_of(step)
    begin, end = (found.opens_at, found.closes_at) if found else (None, None)
    if step.key == course.APPLICATIONS:
        begin, end = frame.policy.applications.opens_at, frame.policy.applications.closes_at
    elif step.key == course.NOTICE:
        begin, end = notice
    return Span(step.name, begin, end, step.opened_at, None if step.state == "open" else step.closed_at)


def _notice(frame: Frame) -> tuple[Plan, Text | None]:
    """Return when the notice is expected, after all the rest; or why that cannot be told."""
    zone = ZoneInfo(frame.zone)
    try:
        last = course.last_day_planned(frame.policy)
        period = course.notice_expected(last, frame.policy, zone, in_force.working_days())
    except RuleError as error:
        return (None, None), error.text
    first = period.first_day
    return (datetime(first.year, first.month, first.day, tzinfo=zone), course.notice_ends(period, zone)), None
