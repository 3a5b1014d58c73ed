"""Numbered supplements to a frozen policy: a later change that everybody can read, and that ``verify`` can check."""

from sqlmodel import Session, col, select, update

from actions import documents, history, signals
from actions.stages import set_deadline
from actions.steps import Terms
from models.drafts import Supplement
from models.rounds import Notice, Round
from queries import drafts, stages
from rules import supplements as law
from rules.policies import Policy
from rules.retelling import SUPPLEMENTED
from rules.supplements import Standing
from rules.texts import RuleError, Text, _


def standing(session: Session, *, the_round: Round) -> Standing:
    """Return where a round stands, as far as a supplement must know."""
    steps = stages.of_round(session, round_id=the_round.id)
    posted = session.exec(select(Notice.generation).where(Notice.round_id == the_round.id)).first() is not None
    return Standing({step.key: step.state for step in steps}, posted)


def publish(
    session: Session, *, the_round: Round, after: Policy, policy_text: bytes, title: str, reason: str, terms: Terms
) -> Supplement:
    """Let a round run under a changed policy from now on; planned dates of steps to come move in the steps as well.

    ``terms.policy`` is the policy in force so far.

    :raises RuleError: when the change is one that a supplement may not make, or somebody published one meanwhile.
    """
    if the_round.state != "running" or the_round.mode != "live":
        raise RuleError(Text(_("竞聘轮次“{code}”已经结束或取消"), {"code": the_round.code}))
    history.require_reason(reason)
    if not title.strip():
        raise RuleError(Text(_("请写明补充公告的标题")))
    steps = stages.locked(session, round_id=the_round.id)  # nobody opens a step while its dates move
    refused = law.refusals(terms.policy, after, standing(session, the_round=the_round), now=terms.now)
    if refused:
        raise RuleError(Text("{all}", {"all": refused}))
    before, sha256 = the_round.policy_sha256, documents.keep(session, policy_text)
    mine = update(Round).where(col(Round.id) == the_round.id, col(Round.policy_sha256) == before)
    if not session.execute(mine.values(policy_text=policy_text, policy_sha256=sha256)).rowcount:  # type: ignore[attr-defined] # an UPDATE counts its rows
        raise RuleError(Text(_("别人刚刚发布了另一份补充公告；请重新打开，核对后再发布")))
    session.refresh(the_round)
    changed = law.moved(terms.policy, after)
    for step in steps:
        if step.key in changed:
            step.opens_at = changed[step.key][1].opens_at
            set_deadline(step, changed[step.key][1].closes_at)
            session.add(step)
    made = Supplement(
        round_id=the_round.id,
        number=len(drafts.supplements(session, round_id=the_round.id)) + 1,
        title=title.strip()[:200],
        reason=reason.strip(),
        policy_before=before,
        policy_after=sha256,
        made_by=terms.actor,
        made_at=terms.now,
    )
    session.add(made)
    _say(session, made, changed, terms)
    signals.leave(session, the_round=the_round, now=terms.now)
    return made


def _say(session: Session, made: Supplement, changed: dict[str, tuple[law.Window, law.Window]], terms: Terms) -> None:
    detail: dict[str, object] = {
        "number": made.number,
        "title": made.title,
        "reason": made.reason,
        "before": made.policy_before,
        "windows": {key: [list(old), list(new)] for key, (old, new) in changed.items()},
    }
    history.record(
        session,
        chain=made.round_id,
        actor=terms.actor,
        deed=SUPPLEMENTED,
        now=terms.now,
        subject=str(made.number),
        detail=detail,
        evidence=made.policy_after,
    )
