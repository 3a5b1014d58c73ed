"""People of one final score: what was compared, and how far into the chain they were told apart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.i18n import gettext as _
from kit.jinja import joined
from reports.entries import Entry
from reports.internal.blocks import Body, Cell, Column, Row, Table
from reports.score_book.view import ScoreBook
from reports.words import component
from rules.ranking import TENURE

Step = Mapping[str, Any]


def ties(view: ScoreBook) -> Table | None:
    """Return everybody who shares a final score with others, group by group; ``None`` if nobody does."""
    found = view.ranking.get("ties", ())
    if not found:
        return None
    return Table(tuple(_columns(view)), tuple(_body(view, tie) for tie in found), look="narrow")


def _columns(view: ScoreBook) -> Iterator[Column]:
    yield Column(_("名次"), 11, numeric=True)
    yield Column(_("工号"), 20)
    yield Column(_("姓名"), 30)
    yield Column(_("业务线"), 28)
    for place, by in enumerate(view.policy.final.tie_break, 1):
        sub = _("第{number}项").format(number=place)
        yield Column(_("入职日期") if by == TENURE else component(view.policy, by), 30, numeric=True, sub=sub)
    yield Column(_("比较结果"))


def _body(view: ScoreBook, tie: Mapping[str, Any]) -> Body:
    people, steps = tie["people"], tie["steps"]
    text = _("综合成绩{final}分（{count}人）").format(final=tie["final"], count=len(people))
    return Body(tuple(_row(view, view.by_no[no], steps) for no in people), text)


def _row(view: ScoreBook, entry: Entry, steps: Sequence[Step]) -> Row:
    person = entry.person
    apart = _apart_at(person.staff_no, steps)
    values = (Cell(_compared(entry, step["by"]), _look(place, apart)) for place, step in enumerate(steps))
    who = (str(entry.rank), person.staff_no, person.name, view.line(entry))
    return (*map(Cell, who), *values, Cell(_told(view, steps, apart, person.staff_no)))


def _look(place: int, apart: int | None) -> str:
    """Return the look of a value: the one that decided stands out, those after it were not needed."""
    if apart is None or place < apart:
        return ""
    return "strong" if place == apart else "soft"


def _apart_at(no: str, steps: Sequence[Step]) -> int | None:
    return next((place for place, step in enumerate(steps) if len(_with(no, step)) == 1), None)


def _with(no: str, step: Step) -> list[str]:
    return next((group for group in step["level"] if no in group), [])


def _compared(entry: Entry, by: str) -> str:
    if by != TENURE:
        return f"{entry.components[by]:f}"
    return entry.person.hired_on.isoformat() if entry.person.hired_on else _("没有记录")


def _told(view: ScoreBook, steps: Sequence[Step], apart: int | None, no: str) -> str:
    if apart is not None:
        by = steps[apart]["by"]
        return _("到“{by}”分出").format(by=component(view.policy, by))
    others = [n for n in (_with(no, steps[-1]) if steps else _of_one_score(view, no)) if n != no]
    names = joined([view.by_no[other].person.name for other in others])
    return _("与{names}全部相同，名次并列").format(names=names)


def _of_one_score(view: ScoreBook, no: str) -> list[str]:
    return next(tie["people"] for tie in view.ranking["ties"] if no in tie["people"])
