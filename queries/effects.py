"""What a change to a running round would do, before it is done: whom it concerns, what moves, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from kit.jinja import day
from models.marks import Assignment, Mark
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import books, decided, results, stages
from queries import evidence as evidence_now
from rules import course
from rules import rounds as law
from rules.policies import Policy
from rules.records import Application, Evidence, Personnel
from rules.stages import KINDS
from rules.texts import RuleError, Text, _, enumerated
from rules.workdays import Calendar

FEW = 8
"""So many people are named before they are counted only."""

WITHOUT_RESULT = {"quorum", "no_result", "nothing_to_attend"}
"""Reasons of the law for leaving that come from what is missing, not from what was scored."""


class Named(Protocol):
    """Somebody who has a name."""

    @property
    def name(self) -> str: ...  # noqa: D102 - a protocol's attribute


def reviewers(session: Session, *, the_round: Round, stage: Stage) -> int:
    """Return how many reviewers have to do with a step: assigned to it, or having scored at it."""
    assigned = select(Assignment.reviewer_no).where(
        Assignment.round_id == the_round.id, Assignment.stage == stage.key, Assignment.status == "assigned"
    )
    scored = select(Mark.reviewer_no).where(Mark.round_id == the_round.id, Mark.stage == stage.key)
    return len({*session.exec(assigned), *session.exec(scored.distinct())})


def concerned(session: Session, *, the_round: Round, stage: Stage) -> list[Text | str]:
    """Return who has to do with a step: who applied so far, or who was in when the step began."""
    people_then, _evidence = decided.inputs(session, the_round=the_round)
    if stage.position <= _position(session, the_round, course.APPLICATIONS):
        rows = books.rows(session, book="applications", round_id=the_round.id)
        numbers = {row.staff_no for row in rows}
    else:
        since = min(stage.position, _position(session, the_round, course.FINAL))  # what follows speaks of who got there
        theirs = select(Result.staff_no).where(Result.round_id == the_round.id)
        in_then = or_(col(Result.decided_at).is_(None), col(Result.decided_at) >= since)
        numbers = set(session.exec(theirs.where(in_then)))
    persons = {p.staff_no: p for p in people_then.people}
    return [called(no, persons) for no in persons if no in numbers]


def _position(session: Session, the_round: Round, key: str) -> int:
    return next((s.position for s in stages.of_round(session, round_id=the_round.id) if s.key == key), -1)


def closing(session: Session, *, the_round: Round, stage: Stage, policy: Policy) -> Iterator[Text]:
    """Say what closing a step now would mean: whoever has no result in it yet leaves."""
    found = next((s for s in policy.stages if s.key == stage.key), None)
    if found is None:
        return
    persons = {p.staff_no: p for p in decided.inputs(session, the_round=the_round)[0].people}
    still_in = [no for no in results.still_in(session, round_id=the_round.id) if no in persons]
    handed_in = evidence_now.of_stage(session, round_id=the_round.id, stage=found)
    scored = KINDS[stage.kind].score(found, handed_in, still_in, policy.rounding)
    if without := [no for no in still_in if scored[no].left in WITHOUT_RESULT]:
        who = [called(no, persons) for no in without]
        yield Text(_("{n} 人的评分或成绩还不齐，现在截止将在此离开：{who}"), {"n": len(who), "who": few(who)})


def few(names: Sequence[object]) -> Text:
    """Return the first of some names, and a mark that there are more if that is not all."""
    shown = enumerated(names[:FEW])
    return shown if len(names) <= FEW else Text(_("{names}……"), {"names": shown})


def called(number: str, names: Mapping[str, Named]) -> Text | str:
    """Return somebody by name and number; a number that nobody has stands as it is."""
    if number not in names:
        return number
    return Text(_("{name}（{staff_no}）"), {"name": names[number].name, "staff_no": number})


def extension(
    session: Session, *, the_round: Round, stage: Stage, until: datetime, policy: Policy, calendar: Calendar
) -> Iterator[Text]:
    """Say what a later deadline pushes: steps planned to begin before it, and the public notice."""
    later = [s for s in stages.of_round(session, round_id=the_round.id) if s.position > stage.position]
    for step in later:
        if step.closes_at and step.closes_at <= until:
            yield Text(_("“{name}”原计划在此之前截止，请一并延期"), {"name": course.said(step.name)})
        elif step.opens_at and step.opens_at < until:
            yield Text(_("“{name}”原计划在此之前开放，将推迟到前一环节清点之后"), {"name": course.said(step.name)})
    yield from _notice(the_round, [stage, *later], stage, until, policy, calendar)


def _notice(  # noqa: PLR0917 - private, and all of it is one thought
    the_round: Round, steps: Sequence[Stage], moved: Stage, until: datetime, policy: Policy, calendar: Calendar
) -> Iterator[Text]:
    before = [s.closes_at for s in steps if s.closes_at]
    after = [until if s.id == moved.id else s.closes_at for s in steps if s.closes_at or s.id == moved.id]
    zone = ZoneInfo(the_round.time_zone)
    try:
        new = course.notice_expected(max(a for a in after if a), policy, zone, calendar).last_day
        old = course.notice_expected(max(before), policy, zone, calendar).last_day if before else None
    except RuleError as error:
        yield error.text
        return
    if old is None or old == new:
        yield Text(_("公示预计至 {new}"), {"new": day(new)})
    else:
        yield Text(_("公示预计由 {old} 顺延至 {new}"), {"old": day(old), "new": day(new)})


def withdrawal_of_results(session: Session, *, the_round: Round, since: Stage) -> Iterator[Text]:
    """Say which counted results are withdrawn when a step is opened or counted again."""
    later = [s for s in stages.of_round(session, round_id=the_round.id) if s.position >= since.position]
    if counted := [course.said(s.name) for s in later if s.tallied_at]:
        yield Text(_("这些环节的结果整体撤回，重新清点：{names}"), {"names": counted})
    if any(s.kind == "decision" and s.state == "done" for s in later):
        yield Text(_("审定作废，须重新确认"))
    if any(s.kind == "notice" and s.state != "pending" for s in later):
        yield Text(_("已发布的公示作废，审定之后重新公示"))


def moves(
    session: Session, *, the_round: Round, policy: Policy, staff_no: str, now: datetime
) -> dict[str, tuple[str | None, str | None]]:
    """Return whose standing changes, from what to what, if a candidate withdraws now; without the candidate's own."""
    personnel, evidence = decided.inputs(session, the_round=the_round)
    policy = decided.in_force(session, the_round=the_round, policy=policy)
    counted = [s.key for s in stages.of_round(session, round_id=the_round.id) if s.tallied_at]
    without = [*evidence.applications, Application(staff_no, now, "withdrawn")]
    before = _standing(policy, personnel, evidence, counted)
    after = _standing(policy, personnel, replace(evidence, applications=without), counted)
    return {
        no: (before.get(no), after.get(no))
        for no in sorted({*before, *after})
        if no != staff_no and before.get(no) != after.get(no)
    }


def _standing(
    policy: Policy, personnel: Personnel, evidence: Evidence, counted: Sequence[str]
) -> Mapping[str, str | None]:
    decision = law.decide(policy, personnel, evidence)
    return {no: course.outcome_after(r.outcome, counted) for no, r in decision.results.items()}
