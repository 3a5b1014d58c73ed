"""The course of the round: stage by stage, and only who is still in has rows. The law itself says who goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from demo.answers import ANSWERS, Stage
from demo.applications import applications
from demo.chance import stream
from demo.people import Member
from demo.reviewers import Judge
from rules.admission import admit
from rules.policies import Policy, StagePolicy
from rules.records import Evidence, Personnel
from rules.rounds import head_counts
from rules.screening import screen
from rules.seats import allot
from rules.stages import KINDS, pass_gate


def evidence(
    policy: Policy, members: Sequence[Member], personnel: Personnel, judges: Sequence[Judge], seed: int
) -> Evidence:
    """Return everything that came in during the round."""
    applied = applications(members, policy.applications, stream(seed, "applications"))
    found = Evidence(applications=applied, reviewers=[j.reviewer for j in judges])
    eligible = {s.staff_no: s.eligible for s in screen(policy, personnel)}
    still_in = {no for no, outcome in admit(policy, applied, eligible).items() if outcome is None}
    quota = policy.quota
    heads = head_counts(policy, personnel)
    seats = allot(quota.seats, heads, method=quota.method, minimum=quota.minimum, code=policy.code).seats
    for stage in policy.stages:
        candidates = [m for m in members if m.person.staff_no in still_in]
        found = _with_answers(found, stage, candidates, judges, seed)
        still_in = _going_on(policy, stage, found, candidates, seats)
    return found


def _with_answers(
    found: Evidence, stage: StagePolicy, candidates: Sequence[Member], judges: Sequence[Judge], seed: int
) -> Evidence:
    rows = ANSWERS[stage.kind](Stage(stage, candidates, judges), stream(seed, stage.key))
    return replace(found, **{part: [*getattr(found, part), *new] for part, new in rows.items()})


def _going_on(
    policy: Policy, stage: StagePolicy, found: Evidence, candidates: Sequence[Member], seats: Mapping[str, int]
) -> set[str]:
    lines = {m.person.staff_no: m.person.business_line for m in candidates}
    scored = KINDS[stage.kind].score(stage, found, lines, policy.rounding)
    return {no for no, leaves in pass_gate(stage, scored, lines, seats).items() if leaves is None}
