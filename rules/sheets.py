"""Score sheets while they are filled in: the total so far, the steps offered as buttons, whose turn is next."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Final, NamedTuple

from rules.policies import Criterion, Rounding
from rules.records import Person
from rules.rounding import rounded
from rules.texts import Text, _

DECIMALS: Final = 2
"""Most decimals of a mark where the policy names no step."""

FEW_STEPS: Final = 10
"""So many steps are all offered as buttons; of more, the usual ones."""

USUAL: Final = (60, 70, 75, 80, 85, 90, 95, 100)
"""The usual marks in percent of the highest: nearly all marks lie here, and any other can be typed."""


class State(StrEnum):
    """Where a sheet stands for its reviewer."""

    OPEN = "open"
    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"


STATES: Final[Mapping[State, str]] = {
    State.OPEN: _("未开始"),
    State.DRAFT: _("草稿"),
    State.FILED: _("已提交"),
    State.RETURNED: _("待更正"),
}

STATUSES: Final[Mapping[str, str]] = {"scored": _("已评分"), "abstained": _("弃评"), "recused": _("回避")}
"""What a filed sheet says."""


class Written(NamedTuple):
    """What a reviewer wrote for one criterion, as typed."""

    mark: str = ""
    comment: str = ""


class Place(NamedTuple):
    """One sheet in its reviewer's own list: whose it is, where it stands, how many of this candidate's are filed."""

    staff_no: str
    state: State
    filed: int = 0


def total(marks: Mapping[str, Decimal], criteria: Sequence[Criterion], rounding: Rounding) -> Decimal:
    """Return the total of what is marked so far, 0–100, by the arithmetic by which the stage is counted."""
    parts = (Fraction(c.weight) * Fraction(marks[c.key]) / Fraction(c.max) for c in criteria if c.key in marks)
    return rounded(sum(parts, Fraction(0)), rounding)


def steps(criterion: Criterion) -> tuple[Decimal, ...]:
    """Return the marks that are offered as buttons, lowest first."""
    most = criterion.max
    unit = criterion.step or (Decimal(1) if most <= FEW_STEPS // 2 and most == int(most) else None)
    if unit is not None and most / unit <= FEW_STEPS:
        return tuple(_short(unit * n) for n in range(int(most / unit) + 1))
    smallest = criterion.step or Decimal(1).scaleb(-DECIMALS)
    usual = (most * percent / 100 // smallest * smallest for percent in USUAL)
    return tuple(dict.fromkeys(map(_short, usual)))


def _short(mark: Decimal) -> Decimal:
    """Return a mark without needless zeros behind the point: 7.50 as 7.5, 100.00 as 100."""
    return Decimal(int(mark)) if mark == int(mark) else mark.normalize()


def own_order(staff_nos: Iterable[str], *, seed: str) -> list[str]:
    """Return candidates in an order of the reviewer's own: nobody is scored first, or last, by everybody."""
    return sorted(staff_nos, key=lambda no: sha256(f"{seed}:{no}".encode()).hexdigest())


def next_one(places: Sequence[Place], *, after: str = "") -> str | None:
    """Return whose sheet comes next: that of the fewest filed sheets, then the reviewer's own order; never the same."""
    waiting = [p for p in places if p.state is not State.FILED and p.staff_no != after]
    return min(waiting, key=lambda p: p.filed).staff_no if waiting else None


def named_in(statement: str, person: Person) -> Text | None:
    """Return a warning if a reviewer's declaration of interest speaks of a candidate."""
    if person.name in statement or (person.staff_no.isdigit() and person.staff_no in statement):
        return Text(_("您的申报中提到“{name}”：如有利害关系，请回避"), {"name": person.name})
    return None
