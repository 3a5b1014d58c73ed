"""Stage kind ``review``: sheets of a panel, trimmed as the policy says, and their mean."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rules.policies import Criterion, Panel, ReviewTerms, Rounding, StagePolicy, TrimLevel
from rules.records import Evidence, Mark
from rules.rounding import rounded
from rules.scoring import Scored, exact

Sheet = dict[str, Any]
"""``reviewer``, ``marks`` (criterion → text), ``total`` (text) if complete, ``why_not`` it counts, ``dropped``."""

_ALL = Decimal(100)


class Review:
    """Score a stage from its reviewers' sheets."""

    name = "review"
    books: tuple[str, ...] = ("reviewers", "marks")

    def components(self, stage: StagePolicy) -> tuple[str, ...]:
        """Return the one component: the stage's key."""
        return (stage.key,)

    def gate(self, stage: StagePolicy) -> str:
        """Return the component that pass mark and short-listing look at."""
        return stage.key

    def score(
        self, stage: StagePolicy, evidence: Evidence, candidates: Collection[str], rounding: Rounding
    ) -> dict[str, Scored]:
        """Score every candidate; fewer countable sheets than the quorum → left with ``quorum``."""
        terms: ReviewTerms = stage.terms
        themselves = {r.reviewer_no: r.staff_no for r in evidence.reviewers}
        rows: dict[str, dict[str, dict[str, Mark]]] = defaultdict(lambda: defaultdict(dict))
        wanted = set(candidates)
        for mark in evidence.marks:
            if mark.stage == stage.key and mark.staff_no in wanted:
                rows[mark.staff_no][mark.reviewer_no][mark.criterion] = mark
        return {
            no: _score(
                stage.key,
                terms,
                rounding,
                [
                    _Sheet(reviewer, rows[no][reviewer], terms.criteria, own=themselves.get(reviewer) == no)
                    for reviewer in sorted(rows[no])
                ]
                if no in rows
                else [],
            )
            for no in candidates
        }


class _Sheet:
    """One reviewer's marks for one candidate, and whether they count."""

    __slots__ = ("dropped", "marks", "reviewer", "total", "why_not")

    def __init__(self, reviewer: str, rows: Mapping[str, Mark], criteria: Sequence[Criterion], *, own: bool) -> None:
        self.reviewer = reviewer
        self.marks = {key: row.mark for key, row in rows.items()}
        self.dropped: str | None = None
        self.why_not = "self" if own else _why_not(rows, criteria)
        self.total: Fraction | None = None
        if self.why_not is None:
            self.total = sum((_term(c.weight, self.marks[c.key], c.max) for c in criteria), Fraction(0))

    def shown(self) -> Sheet:
        return {
            "reviewer": self.reviewer,
            "marks": {key: None if mark is None else exact(mark) for key, mark in self.marks.items()},
            "total": None if self.total is None else exact(self.total),
            "why_not": self.why_not,
            "dropped": self.dropped,
        }


def _why_not(rows: Mapping[str, Mark], criteria: Sequence[Criterion]) -> str | None:
    statuses = {row.status for row in rows.values()}
    for status in ("recused", "abstained"):
        if status in statuses:
            return status
    if any(c.key not in rows or rows[c.key].mark is None for c in criteria):
        return "incomplete"
    return None


@lru_cache(maxsize=65536)
def _term(weight: Decimal, mark: Decimal, most: Decimal) -> Fraction:
    return Fraction(weight) * Fraction(mark) / Fraction(most)


def _score(key: str, terms: ReviewTerms, rounding: Rounding, sheets: list[_Sheet]) -> Scored:
    counted = [s for s in sheets if s.total is not None]
    panel = terms.panel
    working: dict[str, Any] = {"quorum": panel.quorum, "counted": len(counted)}
    if len(counted) < panel.quorum:
        return Scored({}, {**working, "sheets": [s.shown() for s in sheets]}, "quorum")
    trimmed = panel.drop_high + panel.drop_low > 0 and len(counted) >= panel.trim_from
    trim = panel if trimmed else Panel()
    mean = _by_criterion if trim.trim_level is TrimLevel.CRITERION else _by_total
    value, how = mean(terms.criteria, counted, trim)
    score = rounded(value, rounding)
    working |= {"trimmed": trimmed, "trim_level": panel.trim_level.value, **how}
    working |= {"sheets": [s.shown() for s in sheets], "mean": exact(value), "value": exact(score)}
    return Scored({key: score}, working)


def _by_total(criteria: Sequence[Criterion], sheets: list[_Sheet], trim: Panel) -> tuple[Fraction, dict[str, Any]]:
    """Drop whole sheets; of level ones those that sort last (first) by reviewer number, the sum is the same."""
    ordered = sorted(sheets, key=lambda s: (s.total, s.reviewer))
    low, high = trim.drop_low, len(ordered) - trim.drop_high
    for sheet in ordered[:low]:
        sheet.dropped = "low"
    for sheet in ordered[high:]:
        sheet.dropped = "high"
    kept = ordered[low:high]
    total = sum((s.total for s in kept if s.total is not None), Fraction(0))
    means = {c.key: exact(_mean([_share(s, c) for s in kept])) for c in criteria}
    return total / len(kept), {"sum": exact(total), "n": len(kept), "criteria": means}


def _by_criterion(criteria: Sequence[Criterion], sheets: list[_Sheet], trim: Panel) -> tuple[Fraction, dict[str, Any]]:
    """Drop the highest and lowest marks of each criterion by itself."""
    value, means, dropped = Fraction(0), {}, {}
    low, high = trim.drop_low, len(sheets) - trim.drop_high
    for c in criteria:
        ordered = sorted((_share(s, c), s.reviewer) for s in sheets)
        mean = _mean([share for share, _reviewer in ordered[low:high]])
        value += Fraction(c.weight) * mean / 100
        means[c.key] = exact(mean)
        dropped[c.key] = {"low": [no for _mark, no in ordered[:low]], "high": [no for _mark, no in ordered[high:]]}
    return value, {"n": high - low, "criteria": means, "dropped": dropped}


def _share(sheet: _Sheet, criterion: Criterion) -> Fraction:
    """Return a mark in hundredths of the highest, whatever the criterion weighs."""
    return _term(_ALL, sheet.marks[criterion.key], criterion.max)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
