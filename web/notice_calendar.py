"""A public notice as a calendar file: its days, and the last hour for objections."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from kit.i18n import gettext
from kit.jinja import deadline
from models.rounds import Notice, Round
from models.stages import Stage
from rules import course
from rules.texts import _
from web.own_results import period


def content(the_round: Round, stage: Stage, posted: Notice, *, address: str, now: datetime) -> bytes:
    """Return the file; ``address`` is that of the notice's page.

    Instants are in UTC, which every program reads; a zone by its name would need the zone's rules in the file.
    """
    made = Calendar()
    made.add("prodid", "-//jingpin//notice//")
    made.add("version", "2.0")
    for what, event in (("days", _days(the_round, posted)), ("objections", _last_hour(the_round, posted))):
        # A number that stays: a notice that is posted anew replaces the old one.
        event.add("uid", f"{the_round.id}-{what}@jingpin")
        event.add("sequence", stage.generation)
        event.add("dtstamp", (stage.opened_at or now).astimezone(UTC))
        event.add("description", _said(the_round, posted))
        event.add("url", address)
        made.add_component(event)
    return bytes(made.to_ical())


def _days(the_round: Round, posted: Notice) -> Event:
    """Return the notice as whole days, on which nobody counts as busy."""
    days = Event()
    days.add("summary", gettext(_("公示：{title}")).format(title=the_round.title))
    days.add("dtstart", posted.first_day)
    days.add("dtend", posted.last_day + timedelta(days=1))
    days.add("transp", "TRANSPARENT")
    return days


def _last_hour(the_round: Round, posted: Notice) -> Event:
    """Return the last hour for objections, with an alarm a day before."""
    title, ends = gettext(_("异议截止：{title}")).format(title=the_round.title), _ends(the_round, posted)
    last, alarm = Event(), Alarm()
    last.add("summary", title)
    last.add("dtstart", ends - timedelta(hours=1))
    last.add("dtend", ends)
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(days=-1))
    last.add_component(alarm)
    return last


def _ends(the_round: Round, posted: Notice) -> datetime:
    return course.notice_ends(period(posted), ZoneInfo(the_round.time_zone)).astimezone(UTC)


def _said(the_round: Round, posted: Notice) -> str:
    text = gettext(_("公示共 {n} 个工作日，异议受理到 {until}。"))
    until = deadline(_ends(the_round, posted), the_round.time_zone)
    return text.format(n=len(period(posted).working_days), until=until)
