"""What people bring into the stages: marks with remarks, attendance, examinations. One function a kind of stage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple

from demo.chance import bell, falls, within
from demo.people import Member
from demo.reviewers import Judge, Seat, panels
from demo.wording import ABSTAINED, KIN, remark
from rules.policies import Criterion, ReviewTerms, StagePolicy, TrainingTerms
from rules.records import Assignment, Attendance, ExamScore, Mark

MIDDLE, STEP = 0.70, 0.085
"""The middle of all marks as a share of the highest, and what one deviation of performance adds."""

TENTHS: Final = 10
"""A criterion marked out of ten is marked in halves, one out of a hundred in whole points."""


class Stage(NamedTuple):
    """A stage as it takes place: who is still in it, and who judges."""

    policy: StagePolicy
    candidates: Sequence[Member]
    judges: Sequence[Judge]


def review(stage: Stage, chance: Random) -> dict[str, list[Any]]:
    """Return the panels of a stage and their marks, candidate by candidate and reviewer by reviewer."""
    terms: ReviewTerms = stage.policy.terms
    size = terms.panel.reviewers or len(stage.judges)
    drawn = panels([m.person for m in stage.candidates], stage.judges, size, chance)
    found: dict[str, list[Any]] = {"panels": [], "marks": []}
    for member in stage.candidates:
        panel = drawn[member.person.staff_no]
        found["panels"] += [_assignment(stage, member, seat) for seat in panel]
        found["marks"] += _marks(stage, member, panel, chance)
    return found


def _assignment(stage: Stage, member: Member, seat: Seat) -> Assignment:
    return Assignment(stage.policy.key, member.person.staff_no, seat.judge.reviewer.reviewer_no)


def _marks(stage: Stage, member: Member, panel: Sequence[Seat], chance: Random) -> Iterator[Mark]:
    criteria: Sequence[Criterion] = stage.policy.terms.criteria
    shown = {c.key: member.ability + 0.5 * bell(chance) for c in criteria}
    for seat in panel:
        given = _status(seat, chance)
        for criterion in criteria:
            mark, said = None, given[1]
            if given[0] == "scored":
                mark, said = _mark(criterion, shown[criterion.key] - seat.judge.severity, chance)
            no, reviewer = member.person.staff_no, seat.judge.reviewer.reviewer_no
            yield Mark(stage.policy.key, no, reviewer, criterion.key, mark, given[0], said or None)


def _status(seat: Seat, chance: Random) -> tuple[str, str]:
    """Return a sheet's status and why it is not scored; kinship cannot be seen in any record, it is declared."""
    if seat.conflict:
        return "recused", seat.conflict
    if falls(chance, 0.004):
        return "recused", KIN
    return ("abstained", chance.choice(ABSTAINED)) if falls(chance, 0.012) else ("scored", "")


def _mark(criterion: Criterion, performance: float, chance: Random) -> tuple[Decimal, str]:
    share = within(MIDDLE + STEP * (performance + 0.45 * bell(chance)), 0.3, 1)
    unit = Decimal("0.5") if criterion.max <= TENTHS else Decimal(1)
    mark = int(share * float(criterion.max / unit) + 0.5) * unit
    extreme = not 0.5 < share < 0.95  # noqa: PLR2004 - marks that want a reason
    return mark, remark(criterion.key, share, chance) if extreme or falls(chance, 0.3) else ""


def training(stage: Stage, chance: Random) -> dict[str, list[Any]]:
    """Return attendance and examinations of a stage, candidate by candidate."""
    terms: TrainingTerms = stage.policy.terms
    found: dict[str, list[Any]] = {"attendance": [], "exam": []}
    for member in stage.candidates:
        found["attendance"] += _attendance(member, terms.sessions, chance)
        found["exam"] += _exam(member, terms.areas, chance)
    return found


def _attendance(member: Member, sessions: int, chance: Random) -> Iterator[Attendance]:
    """Yield each session; now and then somebody loses interest."""
    share = 0.4 if falls(chance, 0.06) else 0.03
    for session in range(1, sessions + 1):
        status = "excused" if falls(chance, 0.03) else "absent" if falls(chance, share) else "present"
        if status == "present" and falls(chance, 0.06):
            status = "late"
        yield Attendance(member.person.staff_no, session, status)


def _exam(member: Member, areas: Mapping[str, Decimal], chance: Random) -> Iterator[ExamScore]:
    missed = falls(chance, 0.02)
    for n, area in enumerate(areas):
        score = Decimal(f"{within(77 + 5.5 * member.ability + 6.5 * bell(chance), 20, 100):.1f}")
        yield ExamScore(member.person.staff_no, area, None if missed and n == 0 else score)


ANSWERS: Final[Mapping[str, Callable[[Stage, Random], dict[str, list[Any]]]]] = {"review": review, "training": training}
