"""Stage kind ``training``: attendance of the sessions and an examination by areas."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.policies import Rounding, StagePolicy, TrainingTerms
from rules.records import Evidence
from rules.rounding import rounded
from rules.scoring import Scored, exact


class Training:
    """Score a stage from attendance and examination."""

    name = "training"
    books: tuple[str, ...] = ("attendance", "exam")

    def components(self, stage: StagePolicy) -> tuple[str, ...]:
        """Return attendance and exam."""
        return (f"{stage.key}.attendance", f"{stage.key}.exam")

    def gate(self, stage: StagePolicy) -> str:
        """Return the component that pass mark and short-listing look at: the exam."""
        return f"{stage.key}.exam"

    def score(
        self, stage: StagePolicy, evidence: Evidence, candidates: Collection[str], rounding: Rounding
    ) -> dict[str, Scored]:
        """Score every candidate; nothing to attend, no result in some area or too little attendance: left."""
        sat: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
        for row in evidence.exam:
            sat[row.staff_no][row.area] = row.score
        came: dict[str, Counter[str]] = defaultdict(Counter)
        for visit in evidence.attendance:
            came[visit.staff_no][visit.status] += 1
        return {no: _score(stage, came.get(no, Counter()), sat.get(no, {}), rounding) for no in candidates}


def _score(stage: StagePolicy, came: Counter[str], sat: Mapping[str, Decimal | None], rounding: Rounding) -> Scored:
    terms: TrainingTerms = stage.terms
    attendance, attended = _attendance(terms, came, rounding)
    exam, written = _exam(terms, sat, rounding)
    components = {}
    if attendance is not None:
        components[f"{stage.key}.attendance"] = attendance
    if exam is not None:
        components[f"{stage.key}.exam"] = exam
    left = None
    if attendance is None:
        left = "nothing_to_attend"
    elif exam is None:
        left = "no_result"
    elif attendance < terms.attendance_at_least:
        left = "attendance"
    return Scored(components, {"attendance": attended, "exam": written}, left)


def _attendance(terms: TrainingTerms, came: Counter[str], rounding: Rounding) -> tuple[Decimal | None, dict[str, Any]]:
    due = terms.sessions - came["excused"]
    there = came["present"] + came["late"]
    working: dict[str, Any] = {"sessions": terms.sessions, "due": due, "there": there, **came}
    if due <= 0:
        return None, working
    value = Fraction(100 * there, due)
    score = rounded(value, rounding)
    return score, {
        **working,
        "exact": exact(value),
        "value": exact(score),
        "at_least": exact(terms.attendance_at_least),
    }


def _exam(
    terms: TrainingTerms, sat: Mapping[str, Decimal | None], rounding: Rounding
) -> tuple[Decimal | None, dict[str, Any]]:
    scores = {area: sat.get(area) for area in terms.areas}
    shown = {
        area: {"weight": exact(w), "score": None if (s := scores[area]) is None else exact(s)}
        for area, w in terms.areas.items()
    }
    value = Fraction(0)
    for area, weight in terms.areas.items():
        score = scores[area]
        if score is None:
            return None, {"areas": shown}
        value += Fraction(weight) * Fraction(score) / 100
    result = rounded(value, rounding)
    return result, {"areas": shown, "exact": exact(value), "value": exact(result)}
