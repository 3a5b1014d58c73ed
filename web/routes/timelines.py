"""A round over time, as a picture and as a table: plan against what was."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Response

from forms import in_force
from models.stages import Stage
from reports.charts import timeline as charts
from reports.charts.timeline import Span
from rules import course
from rules.access import Act
from rules.texts import RuleError
from web.doors import Doors
from web.frames import Frame, framed
from web.visit import Visit

doors: Final = Doors()


@doors.get("/rounds/{code}/timeline", act=Act.SEE_ROUND)
def timeline(visit: Visit, code: str) -> Response:
    """Show a round over time."""
    frame = framed(visit, code)
    spans = [_span(frame, step) for step in frame.steps]
    zone = ZoneInfo(frame.zone)
    drawn = charts.timeline(spans, now=visit.now, zone=zone, is_working=_is_working)
    return visit.page("timeline.html", frame=frame, spans=spans, drawn=drawn, LABEL=charts.LABEL, WIDTH=charts.WIDTH)


def _is_working(day: date) -> bool | None:
    try:
        return in_force.working_days().is_working(day)
    except RuleError:
        return None


def _span(frame: Frame, step: Stage) -> Span:
    """Return a step's plan as the policy had it, and what became of it; the notice is expected after all the rest."""
    found = frame.terms_of(step)
    begin, end = (found.opens_at, found.closes_at) if found else (None, None)
    if step.key == course.APPLICATIONS:
        begin, end = frame.policy.applications.opens_at, frame.policy.applications.closes_at
    elif step.key == course.NOTICE:
        begin, end = _notice(frame)
    return Span(step.name, begin, end, step.opened_at, None if step.state == "open" else step.closed_at)


def _notice(frame: Frame) -> tuple[datetime | None, datetime | None]:
    zone = ZoneInfo(frame.zone)
    try:
        last = course.last_day_planned(frame.policy)
        period = course.notice_expected(last, frame.policy, zone, in_force.working_days())
    except RuleError:
        return None, None
    first = period.first_day
    return datetime(first.year, first.month, first.day, tzinfo=zone), course.notice_ends(period, zone)
