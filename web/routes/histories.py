"""The history of a round, a page at a time, in words."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from kit.i18n import say
from kit.jinja import day_time
from models.history import Entry
from queries import histories, panels
from rules import course, deeds
from rules.access import Act
from rules.changes import DEEDS
from rules.policies import Deed
from rules.texts import Text, _
from web.doors import Doors
from web.frames import Frame, framed
from web.intake_desks import BOOKS
from web.visit import Visit

doors: Final = Doors()

SIZE: Final = 100
FACTS: Final[Mapping[str, str]] = {
    "reason": _("理由"),
    "from": _("原来"),
    "to": _("改为"),
    "until": _("截止时间"),
    "new": _("新增"),
    "changed": _("更正"),
    "candidates": _("候选人"),
    "left": _("离开"),
    "letters": _("信件"),
    "seed": _("种子"),
    "each": _("每人的评委数"),
    "sheets": _("评分表"),
    "number": _("编号"),
    "deed": _("操作"),
    "proposed_by": _("提议人"),
    "withdrawn": _("撤回的环节"),
    "title": _("名称"),
    "name": _("名称"),
    "posted_on": _("公示日"),
    "last_day": _("公示截止"),
}
"""What of an entry's detail is shown in words; all of it stands below as it was kept."""


TALLIED: Final[Mapping[str, str]] = {
    "screened": _("审查人数"),
    "eligible": _("符合条件"),
    "applicants": _("报名人数"),
    "admitted": _("进入评审"),
    "ineligible": _("不符合条件"),
    "early": _("报名过早"),
    "late": _("报名过晚"),
    "withdrawn": _("撤回报名"),
    "selected": _("入选"),
    "reserve": _("后备"),
}
"""The same of the entry of a step that was counted: numbers of people."""

REASONS: Final[Mapping[tuple[str, str], str]] = {
    ("clock", "deadline"): _("到期"),
    ("conductor", "deadline"): _("到期"),
}
"""Reasons that nobody typed, by who acted."""

ACTORS: Final[Mapping[str, str]] = {"conductor": _("系统"), "clock": _("系统（到时）")}
"""Who acts when nobody clicks."""


class Line(NamedTuple):
    """An entry as the page shows it."""

    entry: Entry
    actor: str
    deed: str
    subject: str
    facts: list[tuple[str, str]]


@doors.get("/rounds/{code}/history", act=Act.SEE_HISTORY)
def history(visit: Visit, code: str) -> Response:
    """Show who did what, the latest first."""
    frame, query = framed(visit, code), visit.request.query_params
    asked = {"about": query.get("about", "").strip(), "deed": query.get("deed", "")}
    number = query.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and int(number[:6]) > 0 else 1
    chain = frame.the_round.id
    found = histories.part(visit.session, chain=chain, about=asked["about"], deed=asked["deed"], page=page, size=SIZE)
    there = histories.deeds(visit.session, chain=chain)
    visit.saw("history", the_round=frame.the_round, subject=asked["about"])
    return visit.page(
        "history.html",
        frame=frame,
        lines=list(_lines(frame, found)),
        found=found.found,
        page=page,
        pages=max(1, -(-found.found // SIZE)),
        asked=asked,
        deeds=[("", say(Text(_("全部")))), *((deed, _deed(deed)) for deed in there)],
        address=lambda n: "?" + urlencode({**{k: v for k, v in asked.items() if v}, "page": n}),
    )


def _lines(frame: Frame, found: histories.Part) -> Iterator[Line]:
    steps = {s.key: say(Text(s.name)) if s.key.startswith("_") else s.name for s in frame.steps}
    subjects = {e.subject for e in found.entries} - set(steps)
    people = panels.persons(frame.visit.session, staff_nos=subjects)
    for entry in found.entries:
        subject = steps.get(entry.subject, entry.subject)
        if entry.subject in people:
            subject = f"{people[entry.subject].name} {entry.subject}"
        facts = list(_facts(frame, steps, entry, json.loads(entry.detail)))
        actor = say(Text(ACTORS[entry.actor])) if entry.actor in ACTORS else entry.actor
        yield Line(entry, actor, _deed(entry.deed), subject, facts)


def _deed(deed: str) -> str:
    """Return what was done, in words; a table that was taken in by its own name."""
    book, _dot, done = deed.partition(".")
    if done == "taken_in" and book in BOOKS:
        return say(Text(_("录入 {book}"), {"book": Text(BOOKS[book])}))
    return say(deeds.said(deed))


def _facts(
    frame: Frame, steps: Mapping[str, str], entry: Entry, detail: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield what of an entry's detail is shown in words, and how."""
    names = {**FACTS, **TALLIED} if entry.deed == "stage.tallied" else FACTS
    for key, value in detail.items():
        if key not in names or value in (None, "", [], 0):
            continue
        reason = _reason(entry, str(value)) if key == "reason" else None
        yield say(Text(names[key])), say(Text(reason)) if reason else _shown(frame, steps, key, value)


def _reason(entry: Entry, reason: str) -> str | None:
    """Return the words for a reason that nobody typed."""
    if entry.deed == "stage.closed" and entry.subject == course.DECISION and reason == "confirmed":
        return _("已审定")
    return REASONS.get((entry.actor, reason))


def _shown(frame: Frame, steps: Mapping[str, str], key: str, value: Any) -> str:  # noqa: ANN401 - any value of JSON
    if isinstance(value, list):
        return say(Text("{all}", {"all": [steps.get(str(v), str(v)) for v in value]}))
    if key == "deed" and value in set(Deed):
        return say(Text(DEEDS[Deed(value)]))
    if isinstance(value, str) and "T" in value:
        try:
            return day_time(datetime.fromisoformat(value), frame.zone)
        except ValueError:
            return value
    return steps.get(str(value), str(value))
