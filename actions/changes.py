"""What HR may do to a running round: one door for every deed, with its reason, and a second person where asked for."""

import json
from dataclasses import fields, replace
from datetime import datetime

from sqlmodel import Session

from actions import deeds, history
from actions.steps import Terms
from kit.canonical import json_text
from models.changes import Proposal
from models.rounds import Round
from queries import changes
from rules.changes import ALWAYS_TWO, Change
from rules.policies import Deed, Policy
from rules.texts import RuleError, Text, _


def ask(session: Session, *, the_round: Round, change: Change, terms: Terms) -> Proposal | None:
    """Carry a change out; if the policy wants a second person, note it as a proposal instead, and return that.

    A proposal is tried first, so that nobody proposes what cannot be done. One that waits already is not made again.

    :raises RuleError: when there is no reason, or the deed cannot be done now.
    """
    history.require_reason(change.reason)
    if change.deed not in {*terms.policy.second_person, *ALWAYS_TWO}:
        deeds.carry_out(session, the_round=the_round, change=change, terms=terms)
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
        deeds.carry_out(session, the_round=the_round, change=change, terms=terms)
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


def agree(session: Session, *, the_round: Round, number: int, terms: Terms, after: Policy | None = None) -> Proposal:
    """Carry out what another person proposed; ``after`` is what the text of a proposed supplement says.

    :raises RuleError: when it is one's own proposal, or no longer open, or cannot be done any more.
    """
    proposal = _open(session, the_round, number)
    if proposal.proposed_by == terms.actor:
        raise RuleError(Text(_("提议人不能自己同意；请由另一人操作")))
    _decide(session, the_round, proposal, "carried_out", terms)
    change = replace(change_of(proposal), after=after)
    deeds.carry_out(session, the_round=the_round, change=change, terms=terms)
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
    told = {field.name: getattr(change, field.name) for field in fields(change)}
    said = {key: value for key, value in told.items() if value and key not in {"deed", "reason", "after"}}
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
