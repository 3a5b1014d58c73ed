"""The public notices: readable by everybody in the intranet, with the paper, a calendar file and a print view."""

import json
from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import Response

from kit.i18n import gettext, language
from kit.settings import settings
from models.documents import Document
from models.rounds import Notice, Round
from models.stages import Stage
from queries import decided, notices, people, results
from queries import stages as standing
from reports.official import announcement, gathering
from reports.official.announcement import Announcement
from reports.official.blocks import Official
from reports.official.contact import contact
from rules import course
from rules.access import Act
from rules.policies import Policy
from rules.records import Person
from rules.texts import Text, _
from web import notice_calendar
from web.doors import Doors
from web.downloads import attachment
from web.faults import NotFoundError, NotSignedInError
from web.own_results import period
from web.visit import Visit

doors: Final = Doors()

PDF: Final = "application/pdf"


class Days(NamedTuple):
    """How far a notice is: its working days, how many are left (today included), and whether objections are heard."""

    all: int
    left: int
    is_open: bool


@doors.get("/notices", act=Act.READ_NOTICES, name="notices")
def list_notices(visit: Visit) -> Response:
    """List the public notices, newest first."""
    _require_open(visit)
    found = notices.published(visit.session)
    shown = [(r, stage, n, _days(visit, r, stage, n)) for r, stage, n in found]
    return visit.page("notices.html", notices=shown, is_open=settings().open_notices)


@doors.get("/notices/{code}", act=Act.READ_NOTICES)
def notice(visit: Visit, code: str) -> Response:
    """Show a notice as the published paper says it."""
    the_round, stage, posted = _published(visit, code)
    policy = visit.policy_of(the_round)
    return visit.page(
        "notice.html",
        the_round=the_round,
        stage=stage,
        posted=posted,
        period=period(posted),
        days=_days(visit, the_round, stage, posted),
        document=_document(visit, the_round, policy, posted),
        contact=contact(policy.organisation),
        has_paper=_paper(visit, the_round, stage) is not None,
    )


def _require_open(visit: Visit) -> None:
    """Let nobody read the notices without signing in where the settings say so.

    :raises NotSignedInError: then.
    """
    if visit.who is None and not settings().open_notices:
        raise NotSignedInError


def _published(visit: Visit, code: str) -> tuple[Round, Stage, Notice]:
    """Return a posted notice.

    :raises NotFoundError: in the same words whether there is no such round, or its result is not public yet.
    """
    _require_open(visit)
    found = notices.published(visit.session, code=code)
    if not found:
        raise NotFoundError(Text(_("没有编号为“{code}”的公示"), {"code": code}))
    return found[0]


def _days(visit: Visit, the_round: Round, stage: Stage, posted: Notice) -> Days:
    today = visit.now.astimezone(ZoneInfo(the_round.time_zone)).date()
    days = [date.fromisoformat(d) for d in json.loads(posted.working_days)]
    is_open = stage.state == "open" and (stage.closes_at is None or visit.now < stage.closes_at)
    return Days(len(days), sum(d >= today for d in days) if is_open else 0, is_open)


def _document(visit: Visit, the_round: Round, policy: Policy, posted: Notice) -> Official:
    """Return the announcement by the same words as the paper: nothing is said here that is not said there."""
    session = visit.session
    selected = [r for r in results.placed(session, round_id=the_round.id) if r.outcome == "selected"]
    numbers = {r.staff_no for r in selected}
    there: list[Person] = people.frozen_part(session, round_id=the_round.id, part="people", only=numbers)
    persons = {p.staff_no: p for p in there}
    final = json.loads(standing.by_key(session, the_round=the_round, key=course.FINAL).working)
    view = Announcement(
        policy=policy,
        chosen=[gathering.chosen(policy, persons[r.staff_no], final=r.final, rank=r.rank) for r in selected],
        period=period(posted),
        issued_on=posted.posted_on,
        level=list(gathering.level_groups(final)),
        vacant=gathering.vacant_seats(final),
    )
    return announcement.document(view, language=language())


def _paper(visit: Visit, the_round: Round, stage: Stage) -> Document | None:
    return notices.document(visit.session, round_id=the_round.id, kind="announcement", version=stage.generation)


@doors.get("/notices/{code}/notice.pdf", act=Act.READ_NOTICES)
def notice_paper(visit: Visit, code: str) -> Response:
    """Fetch the published announcement, and no other document."""
    the_round, stage, _posted = _published(visit, code)
    paper = _paper(visit, the_round, stage)
    if paper is None:
        raise NotFoundError(Text(_("公示文件还在制作，请稍后再来；页面上的内容与它相同")))
    return attachment(decided.content(visit.session, document=paper), name=paper.name, media_type=PDF)


@doors.get("/notices/{code}/notice.ics", act=Act.READ_NOTICES, name="notice_calendar")
def notice_days(visit: Visit, code: str) -> Response:
    """Fetch the notice's days and the last moment for objections as a calendar file."""
    the_round, stage, posted = _published(visit, code)
    address = str(visit.request.url.replace(path=visit.url("notice", code=the_round.code), query=""))
    content = notice_calendar.content(the_round, stage, posted, address=address, now=visit.now)
    name = f"{gettext(_('公示'))} {the_round.code}.ics"
    return attachment(content, name=name, media_type="text/calendar; charset=utf-8")
