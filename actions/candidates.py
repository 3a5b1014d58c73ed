"""What HR does about one candidate of a running round: withdraw, hold, release."""

from sqlmodel import Session

from actions import books, history, stages
from actions.steps import Terms
from models.changes import Hold
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import changes
from queries import stages as standing
from rules import course
from rules.outcomes import WORDS
from rules.records import Application
from rules.texts import RuleError, Text, _


def withdraw(session: Session, *, the_round: Round, staff_no: str, reason: str, terms: Terms) -> list[Stage]:
    """Take a candidate out of a round: an application of now, withdrawn, and everything counted again as a set.

    The latest application of a person counts, so whoever recounts the bundle comes to the same. Returns the steps that
    are counted again.

    :raises RuleError: when the person does not take part.
    """
    _require_in(session, the_round, staff_no)
    row = Application(staff_no, terms.now, "withdrawn")
    books.take_in(session, book="applications", rows=[row], actor=terms.actor, now=terms.now, the_round=the_round)
    _say(session, the_round, "candidate.withdrawn", staff_no, reason, terms)
    applications = standing.by_key(session, the_round=the_round, key=course.APPLICATIONS)
    return stages.recount(session, since=applications, the_round=the_round, reason=reason, terms=terms)


def hold(session: Session, *, the_round: Round, staff_no: str, reason: str, terms: Terms) -> bool:
    """Put a candidate on hold: nothing is decided, and no notice ends, until it is released. False if so already.

    :raises RuleError: when the person does not take part.
    """
    _require_in(session, the_round, staff_no)
    if _held(session, the_round, staff_no):
        return False
    session.add(Hold(round_id=the_round.id, staff_no=staff_no, reason=reason, held_by=terms.actor, held_at=terms.now))
    _say(session, the_round, "candidate.held", staff_no, reason, terms)
    return True


def release(session: Session, *, the_round: Round, staff_no: str, reason: str, terms: Terms) -> bool:
    """Release a candidate from hold. False if there was nothing to release."""
    held = _held(session, the_round, staff_no)
    if held is None:
        return False
    held.released_by, held.released_at = terms.actor, terms.now
    session.add(held)
    _say(session, the_round, "candidate.released", staff_no, reason, terms)
    return True


def _say(  # noqa: PLR0917 - private, and said in one breath at each call
    session: Session, the_round: Round, deed: str, staff_no: str, reason: str, terms: Terms
) -> None:
    detail: dict[str, object] = {"reason": reason}
    history.record(
        session, chain=the_round.id, actor=terms.actor, deed=deed, now=terms.now, subject=staff_no, detail=detail
    )


def _held(session: Session, the_round: Round, staff_no: str) -> Hold | None:
    return next((h for h in changes.on_hold(session, round_id=the_round.id) if h.staff_no == staff_no), None)


def _require_in(session: Session, the_round: Round, staff_no: str) -> None:
    applications = standing.by_key(session, the_round=the_round, key=course.APPLICATIONS)
    result = session.get(Result, (the_round.id, staff_no))
    if applications.tallied_at is None:
        raise RuleError(Text(_("报名还没有清点；此前的撤回请导入报名表（status 为 withdrawn）")))
    if result is None:
        raise RuleError(Text(_("{staff_no} 没有报名本轮"), {"staff_no": staff_no}))
    if result.outcome in {"withdrawn", "early", "late", "ineligible"}:
        raise RuleError(
            Text(
                _("{staff_no} 没有参加评审（{outcome}）"),
                {"staff_no": staff_no, "outcome": Text(WORDS[result.outcome])},
            )
        )
