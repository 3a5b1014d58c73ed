"""What a change to a running round would do, in words, before anybody is asked: for pages and the command line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session

from models.rounds import Round
from models.stages import Stage
from queries import changes, effects, panels, stages
from rules import course, outcomes
from rules.changes import Change
from rules.policies import Deed, Policy, ReviewTerms
from rules.texts import Text, _
from rules.workdays import Calendar


class Preview(NamedTuple):
    """Whom a change concerns, and what will move."""

    concerned: list[Text]
    moves: list[Text]


def is_so(session: Session, *, the_round: Round, change: Change) -> bool:
    """Return whether a change was made already: a second click does no harm."""
    stage = _stage(session, the_round, change)
    held = change.staff_no in {h.staff_no for h in changes.on_hold(session, round_id=the_round.id)}
    state = stage.state if stage else ""
    made = {
        Deed.CANCEL: the_round.state != "running",
        Deed.RESTORE: the_round.state != "cancelled",
        Deed.HOLD: held,
        Deed.RELEASE: not held,
        Deed.CLOSE: state in {"closed", "done"},
        Deed.REOPEN: state == "open",
        Deed.EXTEND: stage is not None and stage.closes_at == change.until,
        Deed.SUPPLEMENT: the_round.policy_sha256 == change.policy_after,
    }
    return made.get(change.deed, False)


def preview(
    session: Session, *, the_round: Round, change: Change, policy: Policy, calendar: Calendar, now: datetime
) -> Preview:
    """Return whom a change concerns and what will move; nothing when all steps are done."""
    stage = _stage(session, the_round, change) or stages.current(session, round_id=the_round.id)
    if stage is None:
        return Preview([], [])
    told = change.deed in {Deed.HOLD, Deed.RELEASE, Deed.SUPPLEMENT}  # whom or what it is about stands beside it
    return Preview(
        [] if told else list(_concerned(session, the_round, stage)),
        list(_moves(session, the_round, stage, change, policy, calendar, now)),
    )


def _stage(session: Session, the_round: Round, change: Change) -> Stage | None:
    return stages.by_key(session, the_round=the_round, key=change.stage) if change.stage else None


def _concerned(session: Session, the_round: Round, stage: Stage) -> Iterator[Text]:
    who = effects.concerned(session, the_round=the_round, stage=stage)
    name = course.said(stage.name)
    if who:
        yield Text(_("“{name}”涉及 {n} 人：{who}"), {"name": name, "n": len(who), "who": effects.few(who)})
    else:
        yield Text(_("“{name}”还不涉及任何候选人"), {"name": name})
    if reviewers := effects.reviewers(session, the_round=the_round, stage=stage):
        yield Text(_("涉及评委 {n} 人"), {"n": reviewers})


def _moves(  # noqa: PLR0917 - private, and all of it is one thought
    session: Session, the_round: Round, stage: Stage, change: Change, policy: Policy, calendar: Calendar, now: datetime
) -> Iterator[Text]:
    match change.deed:
        case Deed.CLOSE:
            yield from effects.closing(session, the_round=the_round, stage=stage, policy=policy)
        case Deed.REOPEN:
            yield from effects.withdrawal_of_results(session, the_round=the_round, since=stage)
        case Deed.EXTEND if change.until:
            said = {"the_round": the_round, "stage": stage, "until": change.until, "policy": policy}
            yield from effects.extension(session, calendar=calendar, **said)  # type: ignore[arg-type] # its own names
        case Deed.REPLACE:
            yield from _replacement(session, stage, change, policy)
        case Deed.WITHDRAW:
            yield from _withdrawal(session, the_round, change, policy, now)
        case _:
            yield from map(Text, _MEANS.get(change.deed, ()))


_MEANS: Final[Mapping[Deed, Sequence[str]]] = {
    Deed.HOLD: [_("解除之前不能审定结果，公示也不会结束；各环节照常进行")],
    Deed.RELEASE: [_("此人不再妨碍审定结果和结束公示")],
    Deed.RESTORE: [_("没有截止的环节，截止时间按停顿的时长顺延")],
    Deed.CORRECT: [_("评分表退回评委本人修改；重新提交之前原评分仍然有效，前后的分数都记入留痕")],
    Deed.CANCEL: [_("本轮停止，不再进行；已有的记录和文档都保留")],
    Deed.SUPPLEMENT: [_("发布之后立即生效，不能收回；再要更改，须另发一份")],
}
"""What a change means whatever the round."""


def _replacement(session: Session, stage: Stage, change: Change, policy: Policy) -> Iterator[Text]:
    found = next((s for s in policy.stages if s.key == stage.key), None)
    if found is None or not isinstance(found.terms, ReviewTerms):
        return
    criteria = [c.key for c in found.terms.criteria]
    open_now = panels.open_sheets(session, stage=stage, criteria=criteria).get(change.reviewer_no, ())
    theirs = [no for no in open_now if change.staff_no in {"", no}]
    people, seats = panels.persons(session, staff_nos=theirs), panels.seats(session, round_id=stage.round_id)
    reviewer, by = (effects.called(no, seats) for no in (change.reviewer_no, change.by_no))
    who = effects.few([effects.called(no, people) for no in theirs])
    said = {"reviewer": reviewer, "by": by, "n": len(theirs), "who": who}
    yield Text(_("{reviewer}未完成的 {n} 份评分表改由{by}完成：{who}"), said)


def _withdrawal(session: Session, the_round: Round, change: Change, policy: Policy, now: datetime) -> Iterator[Text]:
    applications = stages.by_key(session, the_round=the_round, key=course.APPLICATIONS)
    yield from effects.withdrawal_of_results(session, the_round=the_round, since=applications)
    moves = effects.moves(session, the_round=the_round, policy=policy, staff_no=change.staff_no, now=now)
    people = panels.persons(session, staff_nos=moves.keys())
    for staff_no, (before, after) in moves.items():
        said = {
            "who": effects.called(staff_no, people),
            "before": outcomes.said(policy, before or ""),
            "after": outcomes.said(policy, after or ""),
        }
        yield Text(_("{who}：由“{before}”变为“{after}”"), said)
