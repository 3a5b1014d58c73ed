"""``jingpin proposal …``: what one person proposed and another must agree to."""

import json as jsons
from typing import Annotated, Any

import typer

from actions import changes
from cli import changing, conducting, options, show
from cli.when import local
from kit.i18n import gettext as _
from models.changes import Proposal
from models.database import reading, transaction
from models.rounds import Round
from queries import changes as reads
from queries import rounds
from rules.changes import DEEDS, PROPOSALS
from rules.policies import Deed
from tasks.terms import terms_of
from web import supplementing

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("须第二人同意的操作：列表、同意、否决"))

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help=_("提议的编号"))]


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="proposal")


@app.command("list", help=_("列出一轮的提议"))
def list_proposals(code: options.Code, json: options.Json = False) -> None:
    """List the proposals of a round."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        rows = [_row(p, the_round, plain=json) for p in reads.proposals(session, round_id=the_round.id)]
    columns = {
        "number": "#",
        "deed": _("操作"),
        "about": _("对象"),
        "reason": _("理由"),
        "proposed_by": _("提议人"),
        "proposed_at": _("时间"),
        "state": _("状态"),
        "decided_by": _("决定人"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("没有提议"))


def _row(proposal: Proposal, the_round: Round, *, plain: bool) -> dict[str, Any]:
    arguments = jsons.loads(proposal.arguments)
    about = [str(value) for key, value in arguments.items() if not key.startswith("policy_")]
    return {
        "number": proposal.number,
        "deed": proposal.deed if plain else _(DEEDS[Deed(proposal.deed)]),
        "about": arguments if plain else " ".join(about),
        "reason": proposal.reason,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at if plain else local(proposal.proposed_at, the_round.time_zone),
        "state": proposal.state if plain else _(PROPOSALS[proposal.state]),
        "decided_by": proposal.decided_by,
    }


@app.command(help=_("同意一项提议，随即执行；提议人自己不能同意"))
def agree(code: options.Code, number: Number, by: options.By = "", yes: options.Yes = False) -> None:
    """Carry out what another person proposed, after saying once more whom it concerns."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        proposal = reads.proposal(session, round_id=the_round.id, number=number)
        change = changes.change_of(proposal)
        after = supplementing.after(session, change)
        if proposal.state == "open":
            changing.tell_effects(session, the_round, change)
    changing.sure(_("确定？"), yes=yes)
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        terms = terms_of(the_round, actor=options.actor(by))
        changes.agree(session, the_round=the_round, number=number, terms=terms, after=after)
    show.line(_("第 {n} 号提议已执行：{deed}").format(n=number, deed=_(DEEDS[Deed(proposal.deed)])))
    conducting.hand_over(code)


@app.command(help=_("否决一项提议；什么都不会改变"))
def reject(code: options.Code, number: Number, by: options.By = "") -> None:
    """Put a proposal aside."""
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        changes.reject(session, the_round=the_round, number=number, terms=terms_of(the_round, actor=options.actor(by)))
    show.line(_("第 {n} 号提议已否决").format(n=number))
