"""Rounds: launch, cancel, finish."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, col, select, update

from actions import documents, history, signals
from models.people import Person
from models.rounds import Round
from models.stages import Stage
from queries import stages
from rules import course
from rules.deadlines import due_at
from rules.policies import Policy
from rules.texts import RuleError, Text, _, enumerated


def launch(
    session: Session,
    *,
    policy: Policy,
    policy_text: bytes,
    actor: str,
    now: datetime,
    mode: str = course.LIVE,
    bundle_sha256: str = "",
    posted_on: date | None = None,
    with_documents: bool = True,
    window: tuple[datetime, datetime] | None = None,
) -> Round:
    """Launch a round under a policy, which freezes it: the round runs under exactly these bytes.

    ``window`` is for replays: when applications were really taken, if not as the policy planned.

    :raises RuleError: when a round of this code exists already, or somebody's business line is not in the policy.
    """
    if session.exec(select(Round.id).where(Round.code == policy.code)).first():
        raise RuleError(Text(_("编号为“{code}”的竞聘轮次已经存在；请在竞聘方案中换一个编号"), {"code": policy.code}))
    _require_lines(session, policy)
    sha256 = documents.keep(session, policy_text)
    the_round = Round(
        code=policy.code,
        title=policy.title,
        mode=mode,
        policy_text=policy_text,
        policy_sha256=sha256,
        bundle_sha256=bundle_sha256,
        time_zone=policy.time_zone,
        posted_on=posted_on,
        with_documents=with_documents,
        launched_at=now.astimezone(UTC),
    )
    session.add(the_round)
    session.flush()
    for position, step in enumerate(course.steps(policy, mode)):
        if window and step.key == course.APPLICATIONS:
            step = step._replace(opens_at=window[0], closes_at=window[1])  # noqa: PLW2901 - the same step, as it was
        due = due_at(step.closes_at, step.grace_hours)
        session.add(Stage(round_id=the_round.id, position=position, due_at=due, **step._asdict()))
    detail: dict[str, object] = {"mode": mode, "title": policy.title, "bundle": bundle_sha256}
    if window:
        detail["window"] = [at.isoformat() for at in window]
    history.record(
        session,
        chain=the_round.id,
        actor=actor,
        deed="round.launched",
        now=now,
        subject=the_round.code,
        detail=detail,
        evidence=sha256,
    )
    signals.leave(session, the_round=the_round, now=now)
    return the_round


def _require_lines(session: Session, policy: Policy) -> None:
    """Refuse people of unknown lines: nobody could say how many seats they compete for."""
    elsewhere = col(Person.business_line).not_in(list(policy.lines))
    query = select(Person.staff_no, Person.business_line).where(Person.active, elsewhere)
    rows = session.exec(query.order_by(Person.staff_no)).all()
    if rows:
        said = {
            "n": len(rows),
            "lines": enumerated(sorted({line for _no, line in rows})),
            "who": enumerated(no for no, _line in rows[:5]),
        }
        raise RuleError(
            Text(_("名册中 {n} 人的业务线（{lines}）不在方案的 lines 中，如 {who}；请补进方案或更正名册"), said)
        )


def cancel(session: Session, *, the_round: Round, reason: str, actor: str, now: datetime) -> bool:
    """Cancel a running round; what was decided and filed stays. Returns whether it was running."""
    history.require_reason(reason)
    return _end(session, the_round, state="cancelled", deed="round.cancelled", reason=reason, actor=actor, now=now)


def restore(session: Session, *, the_round: Round, reason: str, actor: str, now: datetime) -> bool:
    """Let a cancelled round go on where it was; every deadline to come moves by the time that it lay still.

    Returns whether it was cancelled.
    """
    history.require_reason(reason)
    ended_at = the_round.ended_at or now
    mine = update(Round).where(col(Round.id) == the_round.id, col(Round.state) == "cancelled")
    if not session.execute(mine.values(state="running", ended_at=None)).rowcount:  # type: ignore[attr-defined] # an UPDATE counts its rows
        return False
    for stage in stages.locked(session, round_id=the_round.id):
        if stage.state in {"pending", "open"} and stage.kind != "notice":
            _move(stage, now - ended_at)
    detail: dict[str, object] = {"reason": reason, "moved_by_seconds": int((now - ended_at).total_seconds())}
    history.record(session, chain=the_round.id, actor=actor, deed="round.restored", now=now, detail=detail)
    signals.leave(session, the_round=the_round, now=now)
    return True


def _move(stage: Stage, by: timedelta) -> None:
    if stage.state == "pending" and stage.opens_at:
        stage.opens_at += by
    if stage.closes_at:
        stage.closes_at += by
        stage.due_at = due_at(stage.closes_at, stage.grace_hours)


def finish(session: Session, *, the_round: Round, actor: str, now: datetime) -> bool:
    """End a round whose steps are all done. Returns whether it was running."""
    return _end(session, the_round, state="finished", deed="round.finished", reason="", actor=actor, now=now)


def _end(session: Session, the_round: Round, *, state: str, deed: str, reason: str, actor: str, now: datetime) -> bool:
    mine = update(Round).where(col(Round.id) == the_round.id, col(Round.state) == "running")
    if not session.execute(mine.values(state=state, ended_at=now.astimezone(UTC))).rowcount:  # type: ignore[attr-defined] # an UPDATE counts its rows
        return False
    history.record(session, chain=the_round.id, actor=actor, deed=deed, now=now, detail={"reason": reason})
    if state == "cancelled":
        signals.leave(session, the_round=the_round, now=now)
    return True
