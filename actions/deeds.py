"""What each deed of HR does to a running round; who may do it alone is decided in ``actions.changes``."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlmodel import Session

from actions import candidates, panels, rounds, sheets, stages, supplements
from actions.steps import Terms
from models.documents import Blob
from models.rounds import Round
from models.stages import Stage
from queries import stages as standing
from rules.changes import Change
from rules.policies import Deed
from rules.texts import RuleError, Text, _


def carry_out(session: Session, *, the_round: Round, change: Change, terms: Terms) -> None:
    """Do to a round what a change says.

    :raises RuleError: when it cannot be done now.
    """
    _DEEDS[change.deed](session, the_round, change, terms)


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


def _supplement(session: Session, the_round: Round, change: Change, terms: Terms) -> None:
    if change.after is None:
        raise RuleError(Text(_("补充公告缺少改动后的竞聘方案")))
    if change.policy_before != the_round.policy_sha256:
        raise RuleError(Text(_("此后又发布了另一份补充公告；请按现在的方案重新填写")))
    supplements.publish(
        session,
        the_round=the_round,
        after=change.after,
        policy_text=session.get_one(Blob, change.policy_after).content,
        title=change.title,
        reason=change.reason,
        terms=terms,
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
    Deed.SUPPLEMENT: _supplement,
}
