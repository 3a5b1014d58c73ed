"""What HR does to a running round, from the command line: say whom it concerns, ask, do it or propose it."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import typer
from sqlmodel import Session

from actions import changes, history
from actions.changes import Change
from cli import conducting, options, show
from clock import ticks
from kit.i18n import gettext as _
from kit.i18n import say
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import changes as held_now
from queries import effects, panels, rounds, stages
from reports import outcomes
from rules import course
from rules.policies import Deed, ReviewTerms
from rules.texts import RuleError, Text
from tasks.terms import policy_of, terms_of, working_days


def sure(question: str, *, yes: bool) -> None:
    """Ask before harm is done.

    :raises RuleError: when nobody can answer: the input is no terminal, and ``--yes`` was not given.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise RuleError(Text(_("这一步需要确认，而输入不是终端；看过上面的影响后，请加 --yes")))
    typer.confirm(question, abort=True)


def carry_out(code: str, change: Change, *, by: str, yes: bool, done: str, already: str = "") -> None:
    """Carry a change out, or propose it if the policy wants a second person; ``already``: nothing is left to do."""
    history.require_reason(change.reason)
    ticks.close_due()
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        stage = stages.by_key(session, the_round=the_round, key=change.stage) if change.stage else None
        if _is_so(session, the_round, stage, change):
            show.line(already)
            return
    _rehearse(code, change, by)
    with reading() as session:
        tell_effects(session, rounds.by_code(session, code=code), change)
    sure(_("确定？"), yes=yes)
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        terms = terms_of(the_round, actor=options.actor(by))
        proposal = changes.ask(session, the_round=the_round, change=change, terms=terms)
    if proposal:
        said = _("方案要求第二人同意：已提出第 {n} 号提议，请另一人运行 jingpin proposal agree {code} {n}")
        show.line(said.format(n=proposal.number, code=code))
        return
    show.line(done)
    conducting.hand_over(code)


def _rehearse(code: str, change: Change, by: str) -> None:
    """Find out whether a change can be made at all, before anybody is asked."""
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        terms = terms_of(the_round, actor=options.actor(by))
        changes.rehearse(session, the_round=the_round, change=change, terms=terms)


def tell_effects(session: Session, the_round: Round, change: Change) -> None:
    """Say whom a change concerns and what will move."""
    stage = stages.by_key(session, the_round=the_round, key=change.stage) if change.stage else None
    for line in _effects(session, the_round, stage, change):
        show.note(line)


def _is_so(session: Session, the_round: Round, stage: Stage | None, change: Change) -> bool:
    """Return whether the change was made already: a second click does no harm."""
    held = change.staff_no in {h.staff_no for h in held_now.on_hold(session, round_id=the_round.id)}
    state = stage.state if stage else ""
    made = {
        Deed.CANCEL: the_round.state != "running",
        Deed.RESTORE: the_round.state != "cancelled",
        Deed.HOLD: held,
        Deed.RELEASE: not held,
        Deed.CLOSE: state in {"closed", "done"},
        Deed.REOPEN: state == "open",
        Deed.EXTEND: stage is not None and stage.closes_at == change.until,
    }
    return made.get(change.deed, False)


def _effects(session: Session, the_round: Round, stage: Stage | None, change: Change) -> Iterator[str]:
    if stage is None:
        stage = stages.current(session, round_id=the_round.id)
    if stage is None:
        return
    who = effects.concerned(session, the_round=the_round, stage=stage)
    reviewers = effects.reviewers(session, the_round=the_round, stage=stage)
    said = _("“{name}”涉及 {n} 人：{who}") if who else _("“{name}”还不涉及任何候选人")
    yield said.format(name=_(stage.name), n=len(who), who=say(effects.few(who)))
    if reviewers:
        yield _("涉及评委 {n} 人").format(n=reviewers)
    for text in _says(session, the_round, stage, change):
        yield f"- {say(text)}"


def _says(session: Session, the_round: Round, stage: Stage, change: Change) -> Iterator[Text]:
    policy = policy_of(the_round)
    match change.deed:
        case Deed.CLOSE:
            yield from effects.closing(session, the_round=the_round, stage=stage, policy=policy)
        case Deed.REOPEN:
            yield from effects.withdrawal_of_results(session, the_round=the_round, since=stage)
        case Deed.EXTEND if change.until:
            yield from effects.extension(
                session,
                the_round=the_round,
                stage=stage,
                until=change.until,
                policy=policy,
                calendar=working_days(),
            )
        case Deed.REPLACE:
            yield from _replacement(session, the_round, stage, change)
        case Deed.WITHDRAW:
            yield from _withdrawal(session, the_round, change)
        case Deed.HOLD:
            yield Text(_("解除之前不能审定结果，公示也不会结束；各环节照常进行"))
        case Deed.RESTORE:
            yield Text(_("没有截止的环节，截止时间按停顿的时长顺延"))
        case Deed.CANCEL:
            yield Text(_("本轮停止，不再进行；已有的记录和文档都保留"))


def _replacement(session: Session, the_round: Round, stage: Stage, change: Change) -> Iterator[Text]:
    found = next((s for s in policy_of(the_round).stages if s.key == stage.key), None)
    if found is None or not isinstance(found.terms, ReviewTerms):
        return
    criteria = [c.key for c in found.terms.criteria]
    open_now = panels.open_sheets(session, stage=stage, criteria=criteria).get(change.reviewer_no, ())
    theirs = [no for no in open_now if change.staff_no in {"", no}]
    said = {"reviewer": change.reviewer_no, "by": change.by_no, "n": len(theirs), "who": effects.few(theirs)}
    yield Text(_("{reviewer} 未完成的 {n} 份评分表改由 {by} 完成：{who}"), said)


def _withdrawal(session: Session, the_round: Round, change: Change) -> Iterator[Text]:
    applications = stages.by_key(session, the_round=the_round, key=course.APPLICATIONS)
    yield from effects.withdrawal_of_results(session, the_round=the_round, since=applications)
    policy = policy_of(the_round)
    moves = effects.moves(session, the_round=the_round, policy=policy, staff_no=change.staff_no, now=datetime.now(UTC))
    for staff_no, (before, after) in moves.items():
        said = {
            "staff_no": staff_no,
            "before": outcomes.outcome(policy, before or ""),
            "after": outcomes.outcome(policy, after or ""),
        }
        yield Text(_("{staff_no} 将由“{before}”变为“{after}”"), said)
