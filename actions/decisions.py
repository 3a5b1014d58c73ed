"""The decision on the result: confirmed by as many people as the policy asks for."""

from sqlmodel import Session, col, select

from actions import stages
from actions.steps import Terms
from actions.steps.decision import confirm as add_yes
from models.rounds import Confirmation, Round
from queries import changes, results
from queries import stages as standing
from rules import course
from rules.texts import RuleError, Text, _, enumerated

__all__ = ["Session", "confirm"]


def confirm(session: Session, *, the_round: Round, terms: Terms) -> int:
    """Add the actor's yes to the results as they stand; enough of them close the step.

    A second yes of the same person changes nothing. Returns how many more are needed.

    :raises RuleError: when the round does not stand at its decision.
    """
    stage = standing.by_key(session, the_round=the_round, key=course.DECISION)
    if stage.state == "done":
        return 0
    if stage.state != "open" or the_round.state != "running":
        raise RuleError(Text(_("轮次“{code}”现在不在审定环节"), {"code": the_round.code}))
    if held := changes.on_hold(session, round_id=the_round.id):
        who = enumerated(h.staff_no for h in held)
        raise RuleError(Text(_("候选人 {who} 暂缓处理中，不能审定；请先解除暂缓或撤回其报名"), {"who": who}))
    sha256 = results.fingerprint(session, round_id=the_round.id)
    said_yes = _said_yes(session, the_round, stage.generation, sha256)
    if terms.actor not in said_yes:
        add_yes(session, the_round, stage, terms)
        said_yes.add(terms.actor)
    missing = max(0, terms.policy.confirmations - len(said_yes))
    if not missing:
        stages.close(session, stage=stage, the_round=the_round, reason="confirmed", actor=terms.actor, now=terms.now)
    return missing


def _said_yes(session: Session, the_round: Round, generation: int, sha256: str) -> set[str]:
    query = select(Confirmation.actor).where(
        Confirmation.round_id == the_round.id,
        col(Confirmation.generation) == generation,
        col(Confirmation.results_sha256) == sha256,
    )
    return set(session.exec(query))
