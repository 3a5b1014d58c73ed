"""People of one final score: what was compared, and how far into the chain they were told apart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kit.i18n import gettext as _
from kit.jinja import joined
from reports.entries import Entry
from reports.internal.blocks import Body, Cell, Column, Row, Table
from reports.score_book.view import ScoreBook
from reports.words import component
from rules.ranking import TENURE

Tie = Mapping[str, Any]
Step = Mapping[str, Any]
MOST: Final = 300
"""Rows at most: where very many share a score, only those count whom the comparison gave or cost a seat."""

NAMED: Final = 3
"""As many level people are named beside each other; more are counted."""


def ties(view: ScoreBook) -> Table | None:
    """Return people who share a final score with others, group by group; ``None`` if nobody does."""
    found = _shown(view)
    if not found:
        return None
    bodies, room = [], MOST
    for tie in found:
        bodies.append(_body(view, tie, room))
        room -= len(bodies[-1].rows)
        if not room:
            break
    return Table(tuple(_columns(view)), tuple(bodies), look="narrow")


def more_ties(view: ScoreBook) -> str:
    """Return where the comparisons stand that are not shown, if there are any."""
    everybody = sum(len(tie["people"]) for tie in view.ranking.get("ties", ()))
    if everybody <= MOST:
        return ""
    text = _("成绩相同的共有{count}人，这里只列比较结果影响名额的，最多{most}人；全部比较过程见本文件内附的{name}。")
    return text.format(count=everybody, most=MOST, name="results.json")


def _shown(view: ScoreBook) -> list[Tie]:
    """Return all groups, or, of too many, those in which the comparison decided over a seat or left it open."""
    found: list[Tie] = list(view.ranking.get("ties", ()))
    if sum(len(tie["people"]) for tie in found) <= MOST:
        return found
    return [tie for tie in found if _decided(view, tie)] or found


def _decided(view: ScoreBook, tie: Tie) -> bool:
    outcomes = {view.by_no[no].outcome for no in tie["people"]}
    return len(outcomes) > 1 or "tied" in outcomes


def _columns(view: ScoreBook) -> Iterator[Column]:
    yield Column(_("名次"), 11, numeric=True)
    yield Column(_("工号"), 20)
    yield Column(_("姓名"), 30)
    yield Column(_("业务线"), 28)
    for place, by in enumerate(view.policy.final.tie_break, 1):
        sub = _("第{number}项").format(number=place)
        yield Column(_("入职日期") if by == TENURE else component(view.policy, by), 30, numeric=True, sub=sub)
    yield Column(_("比较结果"))


def _body(view: ScoreBook, tie: Tie, room: int) -> Body:
    people = tie["people"]
    text = _("综合成绩{final}分（{count}人）").format(final=tie["final"], count=len(people))
    return Body(tuple(_row(view, view.by_no[no], tie) for no in people[:room]), text)


def _row(view: ScoreBook, entry: Entry, tie: Tie) -> Row:
    person, steps = entry.person, tie["steps"]
    apart = _apart_at(person.staff_no, steps)
    values = (Cell(_compared(entry, step["by"]), _look(place, apart)) for place, step in enumerate(steps))
    who = (str(entry.rank), person.staff_no, person.name, view.line(entry))
    return (*map(Cell, who), *values, Cell(_told(view, tie, apart, person.staff_no)))


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


def _told(view: ScoreBook, tie: Tie, apart: int | None, no: str) -> str:
    if apart is not None:
        return _("比较“{by}”后分出").format(by=component(view.policy, tie["steps"][apart]["by"]))
    level = _with(no, tie["steps"][-1]) if tie["steps"] else tie["people"]
    if len(level) > NAMED + 1:
        return _("与另外{count}人全部相同，名次并列").format(count=len(level) - 1)
    names = joined([view.by_no[other].person.name for other in level if other != no])
    return _("与{names}全部相同，名次并列").format(names=names)
