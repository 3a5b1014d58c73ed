"""Invented rounds at the edges: as many people, lines, reviewers and criteria as a test wants, decided by the law."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from forms import policies
from rules.policies import Policy
from rules.records import Application, Evidence, Mark, Person, Personnel, Reviewer
from tests.reports.decided import Decided, decide

APPLIED = datetime(2026, 10, 13, 1, 0, tzinfo=UTC)

POLICY = """\
version: 1
code: T-1
title: 测试轮次内部竞聘
post: {{code: P, name: 主管, track: management}}
as_of: '2026-09-30'
lines: {lines}
grades: [Ⅰ, Ⅱ]
ratings: [C, B]
eligibility:
  grade: {{at_least: Ⅱ}}
  tenure: {{counted_from: hired_on, months: 24}}
quota: {{seats: {seats}, by: business_line, method: {method}, minimum: {minimum}, unused: {unused}}}
applications:
  opens_at: '2026-10-12T09:00:00+08:00'
  closes_at: '2026-10-16T18:00:00+08:00'
  materials: [case_summary]
stages:
- key: interview
  name: 结构化面试
  kind: review
  pass_mark: 60
  panel: {{reviewers: 3, quorum: 1, drop_high: {drop}, drop_low: {drop}, trim_from: 5, trim_level: {trim_level}}}
  criteria:
{criteria}
final:
  weights: {{interview: 100}}
  tie_break: [{tie_break}]
"""

MarkOf = Callable[[int, int, int], str]
"""The mark of a person for a criterion by a reviewer, each counted from 0."""


def _same(_person: int, _criterion: int, _reviewer: int) -> str:
    return "8"


@dataclass
class Wanted:
    """What a round should be like; everybody is eligible and applied unless said otherwise."""

    people: int = 6
    lines: Sequence[str] = ("电话客服", "在线客服")
    seats: int = 2
    method: str = "sainte_lague"
    minimum: int = 0
    unused: str = "void"
    reviewers: int = 3
    criteria: int = 1
    drop: int = 0
    trim_level: str = "total"
    tie_break: str = ""
    mark: MarkOf = _same
    names: Mapping[int, str] = field(default_factory=dict)
    grade: str = "Ⅱ"
    applied: bool = True


def policy(wanted: Wanted) -> Policy:
    """Return the policy of such a round."""
    weights = _weights(wanted.criteria)
    criteria = [
        f"  - {{key: c{n}, name: 评分项{n + 1}, weight: {weight}, max: 10}}" for n, weight in enumerate(weights)
    ]
    text = POLICY.format(
        lines="{" + ", ".join(f"l{n}: {name}" for n, name in enumerate(wanted.lines)) + "}",
        seats=wanted.seats,
        method=wanted.method,
        minimum=wanted.minimum,
        unused=wanted.unused,
        drop=wanted.drop,
        trim_level=wanted.trim_level,
        criteria="\n".join(criteria),
        tie_break=wanted.tie_break,
    )
    return policies.read(text).policy


def _weights(count: int) -> list[int]:
    each = 100 // count
    return [*[each] * (count - 1), 100 - each * (count - 1)]


def personnel(wanted: Wanted) -> Personnel:
    """Return the people, dealt to the lines in turn."""
    return Personnel(
        people=[
            Person(
                f"{n:05d}",
                wanted.names.get(n, f"人员{n}"),
                f"l{n % len(wanted.lines)}",
                "一组",
                wanted.grade,
                date(2020, 1, 1 + n % 28),
            )
            for n in range(wanted.people)
        ]
    )


def evidence(wanted: Wanted) -> Evidence:
    """Return what was handed in and judged."""
    if not wanted.applied:
        return Evidence()
    numbers = range(wanted.people)
    return Evidence(
        applications=[Application(f"{n:05d}", APPLIED, "submitted") for n in numbers],
        reviewers=[Reviewer(f"R{r + 1:02d}", f"评委{r + 1}") for r in range(wanted.reviewers)],
        marks=[
            Mark("interview", f"{n:05d}", f"R{r + 1:02d}", f"c{c}", Decimal(wanted.mark(n, c, r)), "scored")
            for n in numbers
            for r in range(wanted.reviewers)
            for c in range(wanted.criteria)
        ],
    )


def a_round(**wanted: object) -> Decided:
    """Return a decided round as it is wanted."""
    like = replace(Wanted(), **wanted)  # type: ignore[arg-type] # the fields of Wanted, by name
    return decide(policy(like), personnel(like), evidence(like))
