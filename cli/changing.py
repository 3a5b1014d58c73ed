"""What HR does to a running round, from the command line: say whom it concerns, ask, do it or propose it."""

import sys
from datetime import UTC, datetime

import typer
from sqlmodel import Session

from actions import changes, history
from cli import conducting, options, show
from clock import ticks
from kit.i18n import gettext as _
from kit.i18n import say
from models.changes import Proposal
from models.database import reading, transaction
from models.rounds import Round
from queries import previews, rounds
from rules.changes import Change
from rules.texts import RuleError, Text
from tasks.terms import policy_of, terms_of, working_days
from web import supplementing


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
        if previews.is_so(session, the_round=rounds.by_code(session, code=code), change=change):
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
        show.line(proposed(proposal, code))
        return
    show.line(done)
    conducting.hand_over(code)


def proposed(proposal: Proposal, code: str) -> str:
    """Say that a second person is to agree, and how."""
    said = _("方案要求第二人同意：已提出第 {n} 号提议，请另一人运行 jingpin proposal agree {code} {n}")
    return said.format(n=proposal.number, code=code)


def _rehearse(code: str, change: Change, by: str) -> None:
    """Find out whether a change can be made at all, before anybody is asked."""
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        terms = terms_of(the_round, actor=options.actor(by))
        changes.rehearse(session, the_round=the_round, change=change, terms=terms)


def tell_effects(session: Session, the_round: Round, change: Change) -> None:
    """Say whom a change concerns and what will move."""
    policy, calendar = policy_of(the_round), working_days()
    said = previews.preview(
        session, the_round=the_round, change=change, policy=policy, calendar=calendar, now=datetime.now(UTC)
    )
    tell_differences(supplementing.differs(session, change, zone=the_round.time_zone))
    for text in said.concerned:
        show.note(say(text))
    for text in said.moves:
        show.note(f"- {say(text)}")


def tell_differences(rows: supplementing.Rows) -> None:
    """Say what a supplement changes."""
    for place, old, new in rows:
        show.note(_("{place}：由 {old} 改为 {new}").format(place=place, old=old, new=new))
