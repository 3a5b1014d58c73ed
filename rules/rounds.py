"""A whole round, decided purely: for rehearsal, preview, recount and tests.

The same pieces are carried out one by one, with the database in between, by ``actions.steps``.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rules.admission import admit
from rules.policies import Policy
from rules.ranking import place
from rules.records import Evidence, Person, Personnel
from rules.screening import Screened, explain, screen
from rules.seats import Allotment, allot
from rules.stages import KINDS, pass_gate

Counted = tuple[str | None, dict[str, Any]]
"""Why a candidate left at a stage, if so, and how the stage was counted."""


@dataclass(slots=True)
class PersonResult:
    """One applicant's result; ``outcome`` is ``None`` only while the round is under way.

    ``stages`` and ``working`` hold the arithmetic: of each stage that the person was in, and of the final score.
    """

    staff_no: str
    components: dict[str, Decimal] = field(default_factory=dict)
    final: Decimal | None = None
    rank: int | None = None
    outcome: str | None = None
    stages: dict[str, Counted] = field(default_factory=dict)
    working: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that was decided in a round; ``heads`` are those of each line, ``working`` how places were given."""

    screened: list[Screened]
    allotment: Allotment
    results: dict[str, PersonResult]
    heads: dict[str, int] = field(default_factory=dict)
    working: dict[str, Any] = field(default_factory=dict)


def head_counts(policy: Policy, personnel: Personnel) -> dict[str, int]:
    """Return how many people each line of the policy has."""
    counts = Counter(p.business_line for p in personnel.people)
    return {line: counts[line] for line in policy.lines}


def decide(policy: Policy, personnel: Personnel, evidence: Evidence) -> Decision:
    """Take a round from its records to its results."""
    screened = list(screen(policy, personnel))
    heads = head_counts(policy, personnel)
    quota = policy.quota
    allotment = allot(quota.seats, heads, method=quota.method, minimum=quota.minimum, code=policy.code)
    admitted = admit(policy, evidence.applications, {s.staff_no: s.eligible for s in screened})
    results = {no: PersonResult(no, outcome=outcome) for no, outcome in admitted.items()}
    people = {p.staff_no: p for p in personnel.people}
    _assess(policy, people, evidence, allotment, results)
    working = _finish(policy, people, heads, allotment, results)
    return Decision(screened, allotment, results, heads, working)


def _assess(
    policy: Policy,
    people: dict[str, Person],
    evidence: Evidence,
    allotment: Allotment,
    results: dict[str, PersonResult],
) -> None:
    for stage in policy.stages:
        lines = {no: people[no].business_line for no, r in results.items() if r.outcome is None}
        scored = KINDS[stage.kind].score(stage, evidence, lines, policy.rounding)
        for no, leave in pass_gate(stage, scored, lines, allotment.seats).items():
            results[no].components |= scored[no].components
            results[no].stages[stage.key] = (leave, scored[no].working)
            if leave is not None:
                results[no].outcome = f"eliminated:{stage.key}"


def _finish(
    policy: Policy,
    people: dict[str, Person],
    heads: dict[str, int],
    allotment: Allotment,
    results: dict[str, PersonResult],
) -> dict[str, Any]:
    through = {no: r.components for no, r in results.items() if r.outcome is None}
    placed, working = place(policy, people, through, allotment.seats, heads)
    for no, one in placed.items():
        results[no].final, results[no].rank, results[no].outcome = one.final, one.rank, one.outcome
        results[no].working = one.working
    return working


def results_json(policy: Policy, decision: Decision) -> dict[str, Any]:
    """Return the decision in the shape of a bundle's expected.json, with values, thresholds, sources and reasons."""
    return {
        "code": policy.code,
        "screening": [_screening_json(s) for s in sorted(decision.screened, key=lambda s: s.staff_no)],
        "quota": dict(decision.allotment.seats),
        "results": [_result_json(decision.results[no]) for no in sorted(decision.results)],
    }


def _screening_json(s: Screened) -> dict[str, Any]:
    return {
        "staff_no": s.staff_no,
        "eligible": s.eligible,
        "channel": s.channel,
        "verdicts": {v.rule: v.verdict for v in s.verdicts},
        "details": {
            v.rule: {
                "value": v.value,
                "threshold": v.threshold,
                "sources": [list(source) for source in v.sources],
                "reason": _plain(explain(v)),
            }
            for v in s.verdicts
        },
        "qualifies_on": s.qualifies_on.isoformat() if s.qualifies_on else None,
    }


def _plain(text: Any) -> str:  # noqa: ANN401 - a Text or what its places hold
    if hasattr(text, "template"):
        return str(text.template.format_map({k: _plain(v) for k, v in text.values.items()}))
    return "；".join(map(_plain, text)) if isinstance(text, list | tuple) else str(text)


def _result_json(result: PersonResult) -> dict[str, Any]:
    return {
        "staff_no": result.staff_no,
        "components": {key: format(value, "f") for key, value in sorted(result.components.items())},
        "final": None if result.final is None else format(result.final, "f"),
        "rank": result.rank,
        "outcome": result.outcome,
    }
