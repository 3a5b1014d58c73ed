"""A bundle decided by the law alone, as what documents are made of: no database, no conductor."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from forms import bundles, calendar
from kit.canonical import json_text
from reports import candidate_result
from reports.candidate_result import CandidateResult
from reports.entries import Entry, StageScore
from rules import course
from rules.admission import admit
from rules.policies import Policy
from rules.ranking import place
from rules.records import Evidence, Personnel
from rules.rounds import head_counts
from rules.screening import screen
from rules.seats import allot
from rules.stages import KINDS, pass_gate
from rules.workdays import NoticePeriod, notice_period

SAMPLE = Path(__file__).parents[1] / "samples" / "2026q4-supervisor"


@dataclass(frozen=True)
class Decided:
    """A decided round: everyone's entry, the seats and heads of each line, how the seats were given, the notice."""

    policy: Policy
    personnel: Personnel
    evidence: Evidence
    entries: Sequence[Entry]
    seats: Mapping[str, int]
    heads: Mapping[str, int]
    ranking: Mapping[str, Any]
    period: NoticePeriod

    @cached_property
    def views(self) -> dict[str, CandidateResult]:
        """Return everybody's view by staff number."""
        made = candidate_result.views(
            self.policy,
            self.entries,
            seats=self.seats,
            heads=self.heads,
            ranking=self.ranking,
            issued=datetime.combine(self.period.first_day, time(), ZoneInfo(self.policy.time_zone)),
            notice=self.period,
        )
        return {view.entry.person.staff_no: view for view in made}

    def of(self, outcome: str) -> list[Entry]:
        """Return everyone with an outcome."""
        return [entry for entry in self.entries if entry.outcome == outcome]


@cache
def sample() -> Decided:
    """Return the sample, decided once."""
    bundle = bundles.read(SAMPLE)
    return decide(bundle.policy, bundle.personnel, bundle.evidence)


def decide(policy: Policy, personnel: Personnel, evidence: Evidence) -> Decided:
    """Take a round from its records to its results and keep all the arithmetic, as the database would hand it back."""
    screened = {s.staff_no: s for s in screen(policy, personnel)}
    people = {p.staff_no: p for p in personnel.people}
    heads, quota = head_counts(policy, personnel), policy.quota
    seats = allot(quota.seats, heads, method=quota.method, minimum=quota.minimum, code=policy.code).seats
    outcomes = admit(policy, evidence.applications, {no: s.eligible for no, s in screened.items()})
    applied = {a.staff_no: a.applied_at for a in sorted(evidence.applications, key=lambda a: a.applied_at)}
    entries = {
        no: Entry(people[no], outcome or "", applied.get(no), screened.get(no)) for no, outcome in outcomes.items()
    }
    _assess(policy, evidence, entries, seats)
    through = {no: entry.components for no, entry in entries.items() if not entry.outcome}
    placed, ranking = place(policy, people, through, seats, heads)
    for no, one in placed.items():
        entries[no] = replace(
            entries[no], outcome=one.outcome, final=one.final, rank=one.rank, working=_stored(one.working)
        )
    return Decided(policy, personnel, evidence, list(entries.values()), seats, heads, _stored(ranking), _period(policy))


def _assess(policy: Policy, evidence: Evidence, entries: dict[str, Entry], seats: Mapping[str, int]) -> None:
    for stage in policy.stages:
        lines = {no: entry.person.business_line for no, entry in entries.items() if not entry.outcome}
        scored = KINDS[stage.kind].score(stage, evidence, lines, policy.rounding)
        for no, left in pass_gate(stage, scored, lines, seats).items():
            score = StageScore(scored[no].components, _stored(scored[no].working), left)
            outcome = "" if left is None else f"eliminated:{stage.key}"
            entries[no] = replace(entries[no], outcome=outcome, stages={**entries[no].stages, stage.key: score})


def _stored(working: object) -> Any:
    return json.loads(json_text(working))


def _period(policy: Policy) -> NoticePeriod:
    days = calendar.official_calendar()
    posted_on: date = course.next_working_day(course.last_day_planned(policy), ZoneInfo(policy.time_zone), days)
    terms = policy.notice
    return notice_period(
        posted_on, working_days=terms.working_days, count_first_day=terms.count_first_day, calendar=days
    )
