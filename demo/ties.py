"""Two people level exactly at the cut: chance alone would make the demonstration wait for years."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from rules.policies import Policy, StagePolicy, TrainingTerms
from rules.ranking import final_score
from rules.records import Evidence, ExamScore, Personnel
from rules.rounds import PersonResult, decide
from rules.stages import KINDS

STEP = Decimal("0.1")


def level_at_the_cut(policy: Policy, personnel: Personnel, evidence: Evidence, line: str) -> Evidence:
    """Raise one paper of the first who misses a seat of a line until the chain must decide about the line's last seat.

    Unchanged where no marking of one paper can do it, or nobody misses a seat.
    """
    own = {p.staff_no for p in personnel.people if p.business_line == line}
    ranked = sorted(
        (r for r in decide(policy, personnel, evidence).results.values() if r.rank and r.staff_no in own),
        key=lambda r: r.rank or 0,
    )
    selected = [r for r in ranked if r.outcome == "selected"]
    missed = next((r for r in ranked if r.outcome == "reserve"), None)
    stage = next((s for s in policy.stages if isinstance(s.terms, TrainingTerms)), None)
    if not selected or missed is None or stage is None:
        return evidence
    papers = [e for e in evidence.exam if e.staff_no == missed.staff_no]
    for raised in _raised(papers):
        if _final(policy, stage, missed, replace(evidence, exam=raised)) == selected[-1].final:
            better = {e.area: e for e in raised}
            exam = [better[e.area] if e.staff_no == missed.staff_no else e for e in evidence.exam]
            return replace(evidence, exam=exam)
    return evidence


def _raised(papers: Sequence[ExamScore]) -> Iterator[list[ExamScore]]:
    """Yield one person's papers with one of them better, a tenth at a time."""
    for n, paper in enumerate(papers):
        score = paper.score
        while score is not None and (score := score + STEP) <= Decimal(100):
            yield [*papers[:n], paper._replace(score=score), *papers[n + 1 :]]


def _final(policy: Policy, stage: StagePolicy, result: PersonResult, evidence: Evidence) -> Decimal:
    again = KINDS[stage.kind].score(stage, evidence, [result.staff_no], policy.rounding)[result.staff_no]
    return final_score(policy, {**result.components, **again.components})[0]
