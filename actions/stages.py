"""A round's steps: open, close, extend, reopen, count. Every change is a compare-and-set on the state."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, update

from actions import documents, history, sheet_saves, signals
from actions.steps import KINDS, Terms
from kit.canonical import json_text
from models.rounds import Round
from models.stages import Stage
from queries import notices, results, stages
from rules import course
from rules.deadlines import due_at
from rules.texts import RuleError, Text, _


def open_next(session: Session, *, stage_id: UUID, terms: Terms, early: bool = False) -> Stage:
    """Open a pending step whose time has come; ``early`` opens it before its planned time.

    Returns the step, opened or as it was. A step that nobody answers (or a bundle did) is closed at once.

    :raises RuleError: when the step cannot be opened, e.g. a notice over days without an official calendar.
    """
    stage, the_round = _of(session, stage_id)
    too_soon = the_round.mode == course.LIVE and stage.opens_at is not None and stage.opens_at > terms.now
    if stage.state == "pending" and the_round.state == "running" and (early or not too_soon):
        _open(session, the_round, stage, terms)
    return stage


def _open(session: Session, the_round: Round, stage: Stage, terms: Terms) -> None:
    moved: dict[str, object] = {}
    if the_round.mode == course.LIVE and stage.opens_at is not None and terms.now < stage.opens_at:
        moved["opens_at"] = terms.now  # what is handed in from now on is not too early
    if not _move(session, stage, "pending", "open", opened_at=terms.now, blocked="", **moved):
        return
    said = KINDS[stage.kind].opened(session, the_round, stage, terms)
    _say(session, the_round, stage, "stage.opened", terms, said)
    if course.unattended(stage.kind, the_round.mode):
        said = KINDS[stage.kind].answered(session, the_round, stage, terms)
        _move(session, stage, "open", "closed", closed_at=terms.now)
        _say(session, the_round, stage, "stage.answered", terms, said)


def open_early(session: Session, *, stage: Stage, the_round: Round, terms: Terms) -> Stage:
    """Open the step at hand before its planned time.

    :raises RuleError: when an earlier step is not done yet, or the round is over.
    """
    _require_running(the_round)
    at_hand = stages.current(session, round_id=the_round.id)
    if at_hand is None or at_hand.id != stage.id:
        current = course.said(at_hand.name) if at_hand else ""
        raise RuleError(
            Text(_("还没有轮到“{name}”，当前环节是“{current}”"), {"name": course.said(stage.name), "current": current})
        )
    open_next(session, stage_id=stage.id, terms=terms, early=True)
    signals.leave(session, the_round=the_round, now=terms.now)
    return stage


def close_by_hand(session: Session, *, stage: Stage, the_round: Round, reason: str, actor: str, now: datetime) -> bool:
    """Close an open step now, before its deadline. Returns whether it was open (a second click does no harm).

    :raises RuleError: for a step that ends by itself: the decision is confirmed, the notice runs its days.
    """
    _require_running(the_round)
    history.require_reason(reason)
    if stage.kind in {"decision", "notice"}:
        raise RuleError(Text(_("“{name}”不能手工截止：审定须经确认，公示须满期"), {"name": course.said(stage.name)}))
    if stage.state == "pending":
        raise RuleError(Text(_("“{name}”还没有开放"), {"name": course.said(stage.name)}))
    return close(session, stage=stage, the_round=the_round, reason=reason, actor=actor, now=now)


def close(session: Session, *, stage: Stage, the_round: Round, reason: str, actor: str, now: datetime) -> bool:
    """Close an open step as of ``now``; people can act no more. Returns whether it was open.

    ``now`` may lie in the past: a deadline that passed while nobody ran the clock closes the step as of the deadline.
    """
    if not _move(session, stage, "open", "closed", closed_at=now):
        return False
    detail: dict[str, object] = {"reason": reason}
    history.record(
        session, chain=the_round.id, actor=actor, deed="stage.closed", now=now, subject=stage.key, detail=detail
    )
    signals.leave(session, the_round=the_round, now=now)
    return True


def close_due(session: Session, *, now: datetime) -> list[Stage]:
    """Close every open step whose deadline has passed; return the ones that *we* closed.

    A notice does not end while an objection is unanswered or somebody is on hold.
    """
    closed = []
    for stage, the_round in stages.due(session, now=now):
        ends = _ends(session, stage, now=now)
        if ends and close(session, stage=stage, the_round=the_round, reason="deadline", actor="clock", now=ends):
            closed.append(stage)
    return closed


def _ends(session: Session, stage: Stage, *, now: datetime) -> datetime | None:
    """Return as of when the clock closes a step that is due; ``None``: it does not.

    A notice that was kept open ends when the last objection is answered and the last candidate released.
    """
    deadline = stage.due_at or now
    if stage.kind == "decision":
        return None
    if stage.kind != "notice":
        return deadline
    stages.locked_one(session, stage_id=stage.id)  # an objection of the last second is in by now, or comes too late
    if notices.kept_open(session, round_id=stage.round_id):
        return None
    return max(filter(None, (deadline, notices.free_since(session, round_id=stage.round_id))))


def extend(
    session: Session, *, stage: Stage, the_round: Round, until: datetime, reason: str, actor: str, now: datetime
) -> None:
    """Move the deadline of a step that is not closed yet to a later time.

    :raises RuleError: when the step is closed already, or ends by itself, or the new deadline is no later one.
    """
    _require_running(the_round)
    history.require_reason(reason)
    if course.unattended(stage.kind, the_round.mode) or stage.kind in {"decision", "notice"}:
        raise RuleError(
            Text(_("“{name}”没有可以延长的期限：它不等人，或依审定和公示的规定结束"), {"name": course.said(stage.name)})
        )
    if stage.state not in {"pending", "open"}:
        said = {"name": course.said(stage.name)}
        raise RuleError(Text(_("“{name}”已经截止，不能延期；如确有必要，请先重新开放"), said))
    if until <= now:
        raise RuleError(Text(_("新的截止时间 {until} 已经过去"), {"until": _local(until, the_round)}))
    before = stage.closes_at
    if before is not None and until <= before:
        late = {"until": _local(until, the_round), "before": _local(before, the_round)}
        raise RuleError(Text(_("新的截止时间 {until} 不晚于现在的 {before}；要提前结束，请截止这一环节"), late))
    set_deadline(stage, until)
    detail: dict[str, object] = {"from": before, "until": until, "reason": reason}
    history.record(
        session, chain=the_round.id, actor=actor, deed="stage.extended", now=now, subject=stage.key, detail=detail
    )


def set_deadline(stage: Stage, closes_at: datetime | None) -> None:
    """Set a step's deadline, and with it the time at which the clock closes it."""
    stage.closes_at, stage.due_at = closes_at, due_at(closes_at, stage.grace_hours)


def tally(session: Session, *, stage_id: UUID, terms: Terms) -> Stage:
    """Count a closed step, once. Running it again changes nothing."""
    stage, the_round = _of(session, stage_id)
    if stage.state == "closed" and the_round.state == "running" and _tallied_by_us(session, stage, terms.now):
        sheet_saves.forget(session, round_id=the_round.id, now=terms.now)
        said = KINDS[stage.kind].tallied(session, the_round, stage, terms)
        _say(session, the_round, stage, "stage.tallied", terms, said)
    return stage


def _tallied_by_us(session: Session, stage: Stage, now: datetime) -> bool:
    mine = update(Stage).where(col(Stage.id) == stage.id, col(Stage.tallied_at).is_(None), col(Stage.state) == "closed")
    won = bool(session.execute(mine.values(tallied_at=now.astimezone(UTC))).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows
    session.refresh(stage)
    return won


def finish(session: Session, *, stage_id: UUID, terms: Terms) -> Stage:
    """Note that a counted step has all of its documents: the next one may open."""
    stage, the_round = _of(session, stage_id)
    if stage.tallied_at is not None and _move(session, stage, "closed", "done"):
        _say(session, the_round, stage, "stage.done", terms, {})
    return stage


def block(session: Session, *, stage_id: UUID, why: Text, terms: Terms) -> Stage:
    """Note why a step cannot go on; the next look tries again."""
    stage, the_round = _of(session, stage_id)
    said = json_text({"template": why.template, "values": dict(why.values)})
    if stage.blocked != said:
        stage.blocked = said
        _say(session, the_round, stage, "stage.blocked", terms, {"why": said})
    return stage


def reopen(session: Session, *, stage: Stage, the_round: Round, reason: str, terms: Terms) -> list[Stage]:
    """Open a closed step again: its results and all later ones are withdrawn as a set, to be counted again.

    What people handed in stays; filed documents stay, later ones become new versions. Later steps that were closed stay
    so: they are counted again by themselves when their turn comes. Returns the withdrawn steps.

    :raises RuleError: when the step is not closed, nobody acts in it, it is the notice, or the round is over.
    """
    _require_running(the_round)
    history.require_reason(reason)
    if stage.kind == "notice":
        raise RuleError(Text(_("公示不能重新开放；结果需要更正的，请重新开放审定或更早的环节，之后重新公示")))
    if stage.state not in {"closed", "done"} or course.unattended(stage.kind, the_round.mode):
        raise RuleError(Text(_("“{name}”没有截止，或无需人员参与，不能重新开放"), {"name": course.said(stage.name)}))
    later = _take_back_from(session, the_round, stage, "stage.reopened", reason, terms)
    stage.state, stage.opened_at, stage.closed_at = "open", terms.now, None
    set_deadline(stage, None)
    signals.leave(session, the_round=the_round, now=terms.now)
    return later


def recount(session: Session, *, since: Stage, the_round: Round, reason: str, terms: Terms) -> list[Stage]:
    """Have everything from a step on counted again, as a set, from what people handed in; nobody need act again.

    A step that is open stays open. A decision or a notice that speaks of the earlier results begins anew.
    """
    _require_running(the_round)
    later = _take_back_from(session, the_round, since, "stage.recounted", reason, terms)
    signals.leave(session, the_round=the_round, now=terms.now)
    return later


def _take_back_from(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, first: Stage, deed: str, reason: str, terms: Terms
) -> list[Stage]:
    """Withdraw the results of a step and all later ones, last first; note what they were."""
    before = documents.keep(session, _results_now(session, the_round))
    later = [s for s in stages.locked(session, round_id=the_round.id) if s.position >= first.position]
    withdrawn = [s for s in later if s.kind in course.SPEAK_OF_RESULTS or s.state in {"closed", "done"}]
    for step in reversed(withdrawn):
        _take_back(session, the_round, step, terms)
    detail: dict[str, object] = {"reason": reason, "withdrawn": [s.key for s in withdrawn]}
    history.record(
        session,
        chain=the_round.id,
        actor=terms.actor,
        deed=deed,
        now=terms.now,
        subject=first.key,
        detail=detail,
        evidence=before,
    )
    return withdrawn


def _take_back(session: Session, the_round: Round, step: Stage, terms: Terms) -> None:
    if step.state == "pending":
        return
    KINDS[step.kind].withdrawn(session, the_round, step, terms)
    step.generation += 1
    step.tallied_at, step.working = None, "{}"
    step.state = "closed"
    if step.kind in course.SPEAK_OF_RESULTS:
        step.state, step.opened_at, step.closed_at = "pending", None, None
        set_deadline(step, None)
    session.flush()


def _results_now(session: Session, the_round: Round) -> bytes:
    rows = [r.model_dump(mode="json") for r in results.of_round(session, round_id=the_round.id)]
    return json_text({"results": rows, "components": results.components(session, round_id=the_round.id)}).encode()


def _of(session: Session, stage_id: UUID) -> tuple[Stage, Round]:
    stage = session.get_one(Stage, stage_id)
    return stage, session.get_one(Round, stage.round_id)


def _move(session: Session, stage: Stage, old: str, new: str, **values: object) -> bool:
    mine = update(Stage).where(col(Stage.id) == stage.id, col(Stage.state) == old)
    won = bool(session.execute(mine.values(state=new, **values)).rowcount)  # type: ignore[attr-defined] # an UPDATE counts its rows
    session.refresh(stage)
    return won


def _say(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, stage: Stage, deed: str, terms: Terms, said: dict[str, object]
) -> None:
    detail = {**said, "generation": stage.generation}
    history.record(
        session, chain=the_round.id, actor=terms.actor, deed=deed, now=terms.now, subject=stage.key, detail=detail
    )


def _local(at: datetime, the_round: Round) -> str:
    return at.astimezone(ZoneInfo(the_round.time_zone)).strftime("%Y-%m-%d %H:%M")


def _require_running(the_round: Round) -> None:
    if the_round.state != "running":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
