"""``jingpin stage …`` and ``jingpin decision …``: open, close, extend, reopen, confirm."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from actions import decisions, stages
from cli import conducting, options, show
from cli.when import instant, local
from kit.i18n import gettext as _
from models.database import transaction
from models.rounds import Round
from models.stages import Stage
from queries import rounds
from queries import stages as reads
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
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        stage = reads.by_key(session, the_round=the_round, key=key)
        stage = stages.open_early(
            session, stage=stage, the_round=the_round, terms=terms_of(the_round, actor=options.actor(by))
        )
        said = stage.state
    show.line(
        _("“{name}”已开放").format(name=_(stage.name))
        if said != "pending"
        else _("“{name}”还不能开放").format(name=_(stage.name))
    )
    conducting.hand_over(code)


@app.command(help=_("截止一个环节；之后不能再录入"))
def close(code: options.Code, key: options.Key, reason: options.Reason = "", by: options.By = "") -> None:
    """Close an open step now."""
    with transaction() as session:
        the_round, stage = _find(session, code, key)
        mine = stages.close_by_hand(
            session, stage=stage, the_round=the_round, reason=reason, actor=options.actor(by), now=datetime.now(UTC)
        )
    show.line((_("“{name}”已截止") if mine else _("“{name}”早已截止，没有变化")).format(name=_(stage.name)))
    conducting.hand_over(code)


@app.command(help=_("延长一个环节的截止时间"))
def extend(
    code: options.Code,
    key: options.Key,
    until: Annotated[str, typer.Option("--until", help=_("新的截止时间，如 2026-10-21T18:00（轮次的时区）"))],
    reason: options.Reason,
    by: options.By = "",
) -> None:
    """Move a step's deadline."""
    with transaction() as session:
        the_round, stage = _find(session, code, key)
        at = instant(until, the_round.time_zone)
        stages.extend(
            session,
            stage=stage,
            the_round=the_round,
            until=at,
            reason=reason,
            actor=options.actor(by),
            now=datetime.now(UTC),
        )
    show.line(_("“{name}”延期到 {until}").format(name=_(stage.name), until=local(at, the_round.time_zone)))


@app.command(help=_("重新开放已截止的环节：其后的结果整体撤回，重新清点"))
def reopen(
    code: options.Code,
    key: options.Key,
    reason: options.Reason,
    by: options.By = "",
    yes: Annotated[bool, typer.Option("--yes", help=_("不再询问"))] = False,
) -> None:
    """Reopen a closed step, after saying what will be withdrawn."""
    with transaction() as session:
        the_round, stage = _find(session, code, key)
        later = [s for s in reads.of_round(session, round_id=the_round.id) if s.position >= stage.position]
        if not yes:
            names = "、".join(_(s.name) for s in later if s.tallied_at)
            typer.confirm(_("将撤回这些环节的结果：{names}。继续？").format(names=names or _("（没有）")), abort=True)
        terms = terms_of(the_round, actor=options.actor(by))
        stages.reopen(session, stage=stage, the_round=the_round, reason=reason, terms=terms)
    show.line(_("“{name}”已重新开放").format(name=_(stage.name)))
    conducting.hand_over(code)


@decision.command(help=_("确认综合成绩与名单；人数够了，这一环节就完成"))
def confirm(code: options.Code, by: options.By = "") -> None:
    """Confirm the decision as it stands."""
    with transaction() as session:
        the_round = rounds.by_code(session, code=code)
        left = decisions.confirm(session, the_round=the_round, terms=terms_of(the_round, actor=options.actor(by)))
    show.line(_("已确认") if left == 0 else _("已确认；还需 {n} 人").format(n=left))
    conducting.hand_over(code)


def _find(session: decisions.Session, code: str, key: str) -> tuple[Round, Stage]:
    the_round = rounds.by_code(session, code=code)
    return the_round, reads.by_key(session, the_round=the_round, key=key)
