"""The people of the centre: lines, teams, leads, managers; when they came, how far they rose, how able they are."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from demo.chance import bell, falls, stream, weighed
from demo.names import name
from rules.policies import SeatMethod
from rules.records import Person
from rules.seats import allot

LINES: Final = {"phone": 168, "online": 97, "vip": 35}
"""Heads of the three lines in a centre of 300; any other size is shared out like them."""

TEAM: Final = 12
"""People who have one lead."""

TODAY: Final = date(2026, 9, 30)
LEAD, MANAGER, SPECIALIST = "lead", "manager", "specialist"


class Member(NamedTuple):
    """One of the centre. ``ability`` stands in no record and moves all of them: 0 is the middle, 1 is one in six."""

    person: Person
    role: str
    ability: float


class _Start(NamedTuple):
    """What is known before numbers are given out: who came first has the lowest."""

    line: str
    team: int
    role: str
    hired_on: date
    ability: float


def members(people: int, seed: int) -> list[Member]:
    """Return so many people, by staff number."""
    chance, names = stream(seed, "people"), stream(seed, "names")
    heads = allot(people, LINES, method=SeatMethod.LARGEST_REMAINDER, minimum=1, code="").seats
    starts = [start for line, n in heads.items() for start in _line(line, n, chance)]
    starts.sort(key=lambda s: s.hired_on)
    numbers = list(_numbers(len(starts), chance))
    above = _above(starts, numbers)
    return [
        Member(_person(start, no, above[no], name(names), chance), start.role, start.ability)
        for start, no in zip(starts, numbers, strict=True)
    ]


def _line(line: str, heads: int, chance: Random) -> Iterator[_Start]:
    """Yield a line's manager, the lead of each team, and everybody else."""
    teams = max(1, (heads - 1) // TEAM)
    yield _start(line, 0, MANAGER, chance)
    for n in range(heads - 1):
        yield _start(line, n % teams + 1, LEAD if n < teams else SPECIALIST, chance)


def _start(line: str, team: int, role: str, chance: Random) -> _Start:
    """Return one who has stayed for months or years: many leave early, so most have come lately."""
    least, most = {SPECIALIST: (2, 96), LEAD: (40, 130), MANAGER: (80, 160)}[role]
    ability = bell(chance) + {SPECIALIST: 0.0, LEAD: 0.7, MANAGER: 1.0}[role]
    months = least + (most - least) * chance.random() * (0.15 + 0.85 * chance.random())
    return _Start(line, team, role, TODAY - timedelta(days=int(months * 30.44)), ability)


def _numbers(n: int, chance: Random) -> Iterator[str]:
    """Yield staff numbers with gaps where people have left; the leading zeros belong to them."""
    number = 1000
    for _each in range(n):
        number += weighed(chance, {1: 5, 2: 3, 3: 2, 5: 1})
        yield f"{number:06d}"


def _above(starts: Sequence[_Start], numbers: Sequence[str]) -> dict[str, str | None]:
    """Return whom each one reports to: the lead of the team, a lead to the line's manager, a manager to nobody here."""
    leads = {(s.line, s.team): no for s, no in zip(starts, numbers, strict=True) if s.role == LEAD}
    managers = {s.line: no for s, no in zip(starts, numbers, strict=True) if s.role == MANAGER}
    found: dict[str, str | None] = {}
    for start, no in zip(starts, numbers, strict=True):
        over = leads.get((start.line, start.team)) if start.role == SPECIALIST else managers[start.line]
        found[no] = None if start.role == MANAGER else over
    return found


def _person(start: _Start, no: str, manager_no: str | None, called: str, chance: Random) -> Person:
    grade, since = _grade(start, chance)
    return Person(
        staff_no=no,
        name=called,
        business_line=start.line,
        team=f"{start.team}组" if start.team else None,
        grade=f"{grade}级" if start.line == "vip" else grade,  # the VIP desk keeps a list of its own
        hired_on=None if start.role == SPECIALIST and falls(chance, 0.007) else start.hired_on,
        in_grade_since=since,
        manager_no=manager_no,
        email=f"u{no}@xingqiao.example",
    )


def _grade(start: _Start, chance: Random) -> tuple[str, date]:
    """Return the grade and since when: time and ability raise it, the role sets the highest ones."""
    served = (TODAY - start.hired_on).days
    if start.role != SPECIALIST:
        grade = "Ⅳ" if start.role == LEAD else "Ⅴ"
    else:
        merit = served / 30.44 + 9 * start.ability + 6 * bell(chance)
        grade = "Ⅰ" if merit < 14 else "Ⅱ" if merit < 48 else "Ⅲ"  # noqa: PLR2004 - months that a grade takes
    waited = 0 if grade == "Ⅰ" else int(served * (0.3 + 0.5 * chance.random()))
    return grade, start.hired_on + timedelta(days=waited)
