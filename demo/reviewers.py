"""Reviewers, how strict each is, whom each must not judge, and who judges whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

from demo.chance import bell
from demo.names import name
from demo.people import LEAD, MANAGER, Member
from rules.conflicts import conflict
from rules.records import Person, Reviewer

FROM_OUTSIDE: Final = 3
"""One in so many comes from another department: quality, operations, training, HR."""


class Judge(NamedTuple):
    """A reviewer. ``severity`` is taken off every mark, in deviations; ``person`` says who of the centre it is."""

    reviewer: Reviewer
    severity: float
    person: Person | None


class Seat(NamedTuple):
    """One reviewer on the panel of one candidate; ``conflict`` says why no mark comes from there."""

    judge: Judge
    conflict: str


def judges(members: Sequence[Member], count: int, chance: Random) -> list[Judge]:
    """Return so many reviewers: managers, leads, and people from outside whom nobody here reports to."""
    inside = [m.person for m in members if m.role == MANAGER]
    leads = [m.person for m in members if m.role == LEAD]
    chance.shuffle(leads)
    wanted = count - count // FROM_OUTSIDE
    chosen = [*inside, *leads][:wanted]
    outside = [None] * (count - len(chosen))
    width = max(2, len(str(count)))
    return [_judge(f"R{n:0{width}d}", person, chance) for n, person in enumerate([*chosen, *outside], 1)]


def _judge(number: str, person: Person | None, chance: Random) -> Judge:
    severity = 0.45 * bell(chance)
    if person is None:
        return Judge(Reviewer(number, name(chance)), severity, None)
    return Judge(Reviewer(number, person.name, person.business_line, person.staff_no), severity, person)


def panels(
    candidates: Sequence[Person], everyone: Sequence[Judge], size: int, chance: Random
) -> Mapping[str, list[Seat]]:
    """Return each candidate's panel: drawn with even load; who has a conflict stands in it and is replaced."""
    load: Counter[str] = Counter()
    found: dict[str, list[Seat]] = {}
    for candidate in candidates:
        drawn = sorted(everyone, key=lambda j: (load[j.reviewer.reviewer_no], chance.random()))
        panel, free = [], 0
        for judge in drawn:
            if free == size:
                break
            against = _conflict(judge, candidate)
            panel.append(Seat(judge, against))
            free += not against
            load[judge.reviewer.reviewer_no] += not against
        found[candidate.staff_no] = sorted(panel, key=lambda s: s.judge.reviewer.reviewer_no)
    return found


def _conflict(judge: Judge, candidate: Person) -> str:
    against = conflict(judge.reviewer.staff_no, judge.person, candidate)
    return against.template.format_map(dict(against.values)) + "，回避" if against else ""
