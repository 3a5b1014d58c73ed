"""``jingpin stage …`` and ``jingpin decision …``: open, close, extend, reopen, confirm."""

from typing import Annotated

import typer

from actions import decisions, stages
from cli import changing, conducting, options, show
from cli.outcome import tell_results
from cli.when import local
from clock import ticks
from forms.instants import instant
from kit.i18n import gettext as _
from models.database import reading, transaction
from queries import rounds
from queries import stages as reads
from rules.changes import Change
from rules.policies import Deed
from tasks.terms import terms_of

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("环节：提前开放、截止、延期、重新开放"))
decision = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("审定结果"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="stage")
    root.add_typer(decision, name="decision")


@app.command("open", help=_("在计划时间之前开放一个环节"))
def open_stage(code: options.Code, key: options.Key, by: options.By = "") -> None:
    """Open the step at hand before its planned time."""
    ticks.close_due()
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        stage = reads.by_key(session, the_round=the_round, key=key)
        was_open = stage.state == "open"
        terms = terms_of(the_round, actor=options.actor(by))
        if not was_open:
            stages.open_early(session, stage=stage, the_round=the_round, terms=terms)
    show.line((_("“{name}”早已开放，没有变化") if was_open else _("“{name}”已开放")).format(name=_(stage.name)))
    conducting.hand_over(code)


@app.command(help=_("截止一个环节；之后不能再录入"))
def close(
    code: options.Code, key: options.Key, reason: options.Reason, by: options.By = "", yes: options.Yes = False
) -> None:
    """Close an open step now, after saying who has no result yet."""
    name = _name(code, key)
    changing.carry_out(
        code,
        Change(Deed.CLOSE, reason, stage=key),
        by=by,
        yes=yes,
        done=_("“{name}”已截止").format(name=name),
        already=_("“{name}”早已截止，没有变化").format(name=name),
    )


@app.command(help=_("延长一个环节的截止时间"))
def extend(
    code: options.Code,
    key: options.Key,
    until: Annotated[
        str, typer.Option("--until", metavar="TIME", help=_("新的截止时间，如 2026-10-21T18:00（轮次的时区）"))
    ],
    reason: options.Reason,
    by: options.By = "",
) -> None:
    """Move a step's deadline to a later time."""
    name = _name(code, key)
    with reading() as session:
        zone = rounds.by_code(session, code=code).time_zone
    at = instant(until, zone)
    said = local(at, zone)
    changing.carry_out(
        code,
        Change(Deed.EXTEND, reason, stage=key, until=at),
        by=by,
        yes=True,  # nobody is harmed by more time
        done=_("“{name}”延期到 {until}").format(name=name, until=said),
        already=_("“{name}”的截止时间就是 {until}，没有变化").format(name=name, until=said),
    )


@app.command(help=_("重新开放已截止的环节：其后的结果整体撤回，重新清点"))
def reopen(
    code: options.Code, key: options.Key, reason: options.Reason, by: options.By = "", yes: options.Yes = False
) -> None:
    """Reopen a closed step, after saying who is affected and what will be withdrawn."""
    name = _name(code, key)
    changing.carry_out(
        code,
        Change(Deed.REOPEN, reason, stage=key),
        by=by,
        yes=yes,
        done=_("“{name}”已重新开放").format(name=name),
        already=_("“{name}”正开放着，没有变化").format(name=name),
    )


def _name(code: str, key: str) -> str:
    with reading() as session:
        return _(reads.by_key(session, the_round=rounds.by_code(session, code=code), key=key).name)


@decision.command(help=_("确认综合成绩与名单；人数够了，这一环节就完成"))
def confirm(code: options.Code, by: options.By = "") -> None:
    """Confirm the decision as it stands, and show what was confirmed."""
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        left = decisions.confirm(session, the_round=the_round, terms=terms_of(the_round, actor=options.actor(by)))
    with reading() as session:
        tell_results(session, the_round)
    show.line(_("已确认") if left == 0 else _("已确认；还需 {n} 人").format(n=left))
    conducting.hand_over(code)
