"""The public notice: posted when the step opens, over at 24:00 of its last working day."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from actions.steps.base import Step, Terms
from kit.canonical import digest, json_text
from models.rounds import Notice, Round
from models.stages import Stage
from rules import course, workdays
from rules.workdays import NoticePeriod


def post(session: Session, the_round: Round, stage: Stage, terms: Terms) -> dict[str, object]:
    """Count the days of the notice and keep the calendar that they were counted by.

    :raises RuleError: when a year in question has no official calendar.
    """
    posted_on = _posting_day(the_round, terms)
    terms_of_notice = terms.policy.notice
    period = workdays.notice_period(
        posted_on,
        working_days=terms_of_notice.working_days,
        count_first_day=terms_of_notice.count_first_day,
        calendar=terms.calendar,
    )
    notice = Notice(
        round_id=the_round.id,
        generation=stage.generation,
        posted_on=posted_on,
        first_day=period.first_day,
        last_day=period.last_day,
        working_days=json_text(period.working_days),
        calendar=json_text(_kept_calendar(posted_on, period, terms)),
    )
    session.add(notice)
    stage.closes_at = stage.due_at = course.notice_ends(period, ZoneInfo(the_round.time_zone))
    days = {"posted_on": posted_on, "first_day": period.first_day, "last_day": period.last_day}
    return {**days, "calendar": digest(notice.calendar.encode())}


def _posting_day(the_round: Round, terms: Terms) -> date:
    if the_round.posted_on:
        return the_round.posted_on
    zone = ZoneInfo(the_round.time_zone)
    if the_round.mode == course.LIVE:
        return terms.now.astimezone(zone).date()
    return course.next_working_day(course.last_day_planned(terms.policy), zone, terms.calendar)


def _kept_calendar(posted_on: date, period: NoticePeriod, terms: Terms) -> dict[str, object]:
    days = {d.isoformat(): works for d, works in terms.calendar.days.items() if posted_on <= d <= period.last_day}
    return {"source": terms.calendar.source, "days": days}


STEP = Step(opened=post)
