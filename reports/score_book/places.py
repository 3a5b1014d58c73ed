"""The table of everybody: ranks, every component, the final score, the outcome."""

from collections.abc import Iterable, Iterator
from typing import Final

from kit.i18n import gettext as _
from reports import outcomes
from reports.entries import Entry
from reports.internal.blocks import Body, Cell, Column, Row, Table
from reports.score_book.order import Group
from reports.score_book.reasons import leaving
from reports.score_book.view import ScoreBook
from reports.words import beside, component, percent
from rules.outcomes import WORDS
from rules.policies import Policy

ROOM: Final = 126.0  # millimetres for the columns of all components
WIDEST: Final = 21.0
NONE: Final = "—"
FOUND: Final = {"selected": "strong", "tied": "strong"}


def table(view: ScoreBook, groups: Iterable[Group]) -> Table:
    """Return groups of people, one after the other."""
    bodies = tuple(Body(tuple(_row(view, entry) for entry in group.people), group.title) for group in groups)
    return Table(tuple(_columns(view)), bodies, look="narrow")


def _columns(view: ScoreBook) -> Iterator[Column]:
    yield Column(_("名次"), 10, numeric=True)
    yield Column(_("本线名次"), 14, numeric=True)
    yield Column(_("工号"), 18)
    yield Column(_("姓名"), 22)
    yield Column(_("业务线"), 22)
    width = min(WIDEST, ROOM / max(len(view.components), 1))
    for key in view.components:
        weight = view.policy.final.weights.get(key)
        sub = _("不计入") if weight is None else percent(weight)
        yield Column(_head(view.policy, key), width, numeric=True, sub=sub)
    yield Column(_("综合成绩"), 16, numeric=True, sub="100%")
    yield Column(_("结果"))


def _head(policy: Policy, key: str) -> str:
    """Return a component's name, what it is on a line below its stage."""
    stage = next((s for s in policy.stages if key.startswith(f"{s.key}.")), None)
    return f"{stage.name}\n{beside(stage, key)}" if stage else component(policy, key)


def _row(view: ScoreBook, entry: Entry) -> Row:
    person = entry.person
    own = view.line_ranks.get(person.staff_no)
    ranks = (NONE if rank is None else str(rank) for rank in (entry.rank, own))
    who = (*ranks, person.staff_no, person.name, view.line(entry))
    return (*map(Cell, who), *_scores(view, entry), Cell(_result(view, entry), FOUND.get(entry.outcome, "")))


def _scores(view: ScoreBook, entry: Entry) -> Iterator[Cell]:
    """Return the scores; for somebody who has none, the reason across their columns."""
    if not entry.took_part:
        yield Cell(leaving(view, entry), "soft", span=len(view.components) + 1)
        return
    components = entry.components
    for key in view.components:
        yield Cell(f"{components[key]:f}" if key in components else NONE)
    yield Cell(NONE if entry.final is None else f"{entry.final:f}", "strong")


def _result(view: ScoreBook, entry: Entry) -> str:
    if entry.outcome in WORDS and entry.outcome != "eliminated:final":
        return outcomes.outcome(view.policy, entry.outcome)
    return leaving(view, entry)
