"""What HR may do to a running round: one door for every deed, with its reason, and a second person where asked for."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlmodel import Session

from actions import candidates, history, panels, rounds, sheets, stages
from actions.steps import Terms
from kit.canonical import json_text
from models.changes import Proposal
from models.rounds import Round
from models.stages import Stage
from queries import changes
from queries import stages as standing
from rules.changes import ALWAYS_TWO, Change
from rules.policies import Deed
from rules.texts import RuleError, Text, _


def ask(session: Session, *, the_round: Round, change: Change, terms: Terms) -> Proposal | None:
    """Carry a change out; if the policy wants a second person, note it as a proposal instead, and return that.

    A proposal is tried first, so that nobody proposes what cannot be done. One that waits already is not made again.

    :raises RuleError: when there is no reason, or the deed cannot be done now.
    """
    history.require_reason(change.reason)
    if change.deed not in {*terms.policy.second_person, *ALWAYS_TWO}:
        _DEEDS[change.deed](session, the_round, change, terms)
        return None
    return propose(session, the_round=the_round, change=change, terms=terms)


def propose(session: Session, *, the_round: Round, change: Change, terms: Terms) -> Proposal:
    """Note a change as a proposal, whatever the policy says: for those who may ask and not carry out.

    It is tried first. One that waits already is not made again.

    :raises RuleError: when there is no reason, or the deed cannot be done now.
    """
    history.require_reason(change.reason)
    rehearse(session, the_round=the_round, change=change, terms=terms)
    waiting = changes.proposals(session, round_id=the_round.id, only_open=True)
    said = (change.deed.value, json_text(_arguments(change)))
    return next((p for p in waiting if (p.deed, p.arguments) == said), None) or _propose(
        session, the_round, change, terms
    )


def rehearse(session: Session, *, the_round: Round, change: Change, terms: Terms) -> None:
    """Carry a change out and take it back: what cannot be done is refused before anybody is asked.

    :raises RuleError: when the deed cannot be done now.
    """
    trial = session.begin_nested()
    try:
        _DEEDS[change.deed](session, the_round, change, terms)
    finally:
        trial.rollback()


def _propose(session: Session, the_round: Round, change: Change, terms: Terms) -> Proposal:
    proposal = Proposal(
        round_id=the_round.id,
        number=changes.next_number(session, round_id=the_round.id),
        deed=change.deed.value,
        arguments=json_text(_arguments(change)),
        reason=change.reason,
        proposed_by=terms.actor,
        proposed_at=terms.now,
    )
    session.add(proposal)
    _record(session, the_round, proposal, "change.proposed", terms)
    return proposal


def agree(session: Session, *, the_round: Round, number: int, terms: Terms) -> Proposal:
    """Carry out what another person proposed.

    :raises RuleError: when it is one's own proposal, or no longer open, or cannot be done any more.
    """
    proposal = _open(session, the_round, number)
    if proposal.proposed_by == terms.actor:
        raise RuleError(Text(_("提议人不能自己同意；请由另一人操作")))
    _decide(session, the_round, proposal, "carried_out", terms)
    change = change_of(proposal)
    _DEEDS[change.deed](session, the_round, change, terms)
    return proposal


def reject(session: Session, *, the_round: Round, number: int, terms: Terms) -> Proposal:
    """Put a proposal aside; its own proposer may do so too."""
    proposal = _open(session, the_round, number)
    _decide(session, the_round, proposal, "rejected", terms)
    return proposal


def change_of(proposal: Proposal) -> Change:
    """Return what a proposal would do."""
    said = json.loads(proposal.arguments)
    until = datetime.fromisoformat(said["until"]) if said.get("until") else None
    return Change(deed=Deed(proposal.deed), reason=proposal.reason, **{**said, "until": until})


def _arguments(change: Change) -> dict[str, object]:
    said = {key: value for key, value in asdict(change).items() if value and key not in {"deed", "reason"}}
    return {**said, "until": change.until.isoformat()} if change.until else said


def _open(session: Session, the_round: Round, number: int) -> Proposal:
    proposal = changes.proposal(session, round_id=the_round.id, number=number)
    session.refresh(proposal, with_for_update=True)
    if proposal.state != "open":
        raise RuleError(Text(_("第 {number} 号提议已经处理过"), {"number": number}))
    return proposal


def _decide(session: Session, the_round: Round, proposal: Proposal, state: str, terms: Terms) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, terms.actor, terms.now
    session.add(proposal)
    _record(session, the_round, proposal, f"change.{state}", terms)


def _record(session: Session, the_round: Round, proposal: Proposal, deed: str, terms: Terms) -> None:
    detail: dict[str, object] = {
        "number": proposal.number,
        "deed": proposal.deed,
        "arguments": json.loads(proposal.arguments),
        "reason": proposal.reason,
        "proposed_by": proposal.proposed_by,
    }
    history.record(session, chain=the_round.id, actor=terms.actor, deed=deed, now=terms.now, detail=detail)


def _stage(session: Session, the_round: Round, change: Change) -> Stage:
    return standing.by_key(session, the_round=the_round, key=change.stage)


def _extend(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    if change.until is None:
        raise RuleError(Text(_("请给出新的截止时间")))
    stages.extend(
        session,
        stage=_stage(session, the_round, change),
        the_round=the_round,
        until=change.until,
        reason=change.reason,
        actor=terms.actor,
        now=terms.now,
    )


def _close(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    stages.close_by_hand(
        session,
        stage=_stage(session, the_round, change),
        the_round=the_round,
        reason=change.reason,
        actor=terms.actor,
        now=terms.now,
    )


def _reopen(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    stage = _stage(session, the_round, change)
    stages.reopen(session, stage=stage, the_round=the_round, reason=change.reason, terms=terms)


def _replace(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    panels.replace(
        session,
        the_round=the_round,
        stage=_stage(session, the_round, change),
        reviewer_no=change.reviewer_no,
        by_no=change.by_no,
        staff_no=change.staff_no or None,
        reason=change.reason,
        terms=terms,
    )


def _hold(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    candidates.hold(session, the_round=the_round, staff_no=change.staff_no, reason=change.reason, terms=terms)


def _release(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    candidates.release(session, the_round=the_round, staff_no=change.staff_no, reason=change.reason, terms=terms)


def _withdraw(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    candidates.withdraw(session, the_round=the_round, staff_no=change.staff_no, reason=change.reason, terms=terms)


def _cancel(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    rounds.cancel(session, the_round=the_round, reason=change.reason, actor=terms.actor, now=terms.now)


def _restore(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    rounds.restore(session, the_round=the_round, reason=change.reason, actor=terms.actor, now=terms.now)


def _correct(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    sheets.give_back(
        session,
        the_round=the_round,
        stage=change.stage,
        staff_no=change.staff_no,
        reviewer_no=change.reviewer_no,
        reason=change.reason,
        policy=terms.policy,
        actor=terms.actor,
        now=terms.now,
    )


_DEEDS: Final[Mapping[Deed, Callable[[Session, Round, Change, Terms], None]]] = {
    Deed.EXTEND: _extend,
    Deed.CLOSE: _close,
    Deed.REOPEN: _reopen,
    Deed.REPLACE: _replace,
    Deed.HOLD: _hold,
    Deed.RELEASE: _release,
    Deed.WITHDRAW: _withdraw,
    Deed.CANCEL: _cancel,
    Deed.RESTORE: _restore,
    Deed.CORRECT: _correct,
}
