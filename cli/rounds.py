"""``jingpin round …``: launch, list, show, results, cancel."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import conducting, options, show
from cli.links import run_url
from cli.when import local
from forms import policies
from kit.i18n import gettext as _
from kit.i18n import labelled, say
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import books, stages
from queries import rounds as reads
from rules.changes import Change
from rules.course import STATES
from rules.policies import Deed, Policy
from rules.texts import RuleError, Text

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("竞聘轮次：启动、列表、查看、结果、取消、恢复"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="round")


@app.command(help=_("按竞聘方案启动一轮；方案随即冻结"))
def launch(
    policy: Annotated[Path, typer.Argument(metavar="POLICY", help=_("竞聘方案 policy.yaml"))],
    by: options.By = "",
) -> None:
    """Launch a round: the policy is checked completely, then frozen."""
    from actions import rounds  # noqa: PLC0415 - what acts is slow to import, and who only looks does not need it

    text = policy.read_bytes()
    read = policies.read(text, file=policy.name)
    for warning in read.warnings:
        show.note(_("提醒：{what}").format(what=say(warning.whole())))
    _require_future(read.policy)
    with transaction() as session:
        if not books.rows(session, book="people"):
            raise RuleError(Text(_("名册是空的；请先用 jingpin people import 导入人员")))
        the_round = rounds.launch(
            session, policy=read.policy, policy_text=text, actor=options.actor(by), now=datetime.now(UTC)
        )
    show.line(_("已启动 {code}：{title}").format(code=the_round.code, title=the_round.title))
    conducting.hand_over(the_round.code)


def _require_future(policy: Policy) -> None:
    closes_at = policy.applications.closes_at
    if closes_at <= datetime.now(UTC):
        said = {"at": local(closes_at, policy.time_zone)}
        raise RuleError(Text(_("报名截止时间 {at} 已经过去；请在方案中改为将来的时间（往年的数据请用 replay）"), said))


@app.command("list", help=_("列出所有轮次"))
def list_rounds(json: options.Json = False) -> None:
    """List every round with the step at which it stands."""
    with reading() as session:
        rows = [_summary(the_round, stage, plain=json) for the_round, stage in reads.all_rounds(session)]
    columns = {
        "code": _("编号"),
        "title": _("名称"),
        "state": _("状态"),
        "stage": _("当前环节"),
        "closes_at": _("截止"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("还没有任何轮次；用 jingpin round launch 启动"))


def _summary(the_round: Round, stage: Stage | None, *, plain: bool) -> dict[str, Any]:
    running = the_round.state == "running"
    return {
        "code": the_round.code,
        "title": the_round.title,
        "mode": the_round.mode,
        "state": the_round.state if plain else _(STATES[the_round.state]),
        "stage": (_key(stage) if plain else _(stage.name)) if stage and running else None,
        "closes_at": _when(stage.closes_at if stage and running else None, the_round, plain=plain),
        "launched_at": _when(the_round.launched_at, the_round, plain=plain),
        "ended_at": _when(the_round.ended_at, the_round, plain=plain),
    }


def _key(stage: Stage) -> str:
    return stage.key.removeprefix("_")


def _when(at: datetime | None, the_round: Round, *, plain: bool) -> str | None:
    if at is None:
        return None
    return at.isoformat() if plain else local(at, the_round.time_zone)


@app.command("show", help=_("查看一轮：各环节、人数、文档"))
def show_round(code: options.Code, json: options.Json = False) -> None:
    """Show where a round stands."""
    with reading() as session:
        the_round = reads.by_code(session, code=code)
        numbers = reads.numbers(session, round_id=the_round.id)
        steps = [_step(s, the_round, plain=json) for s in stages.of_round(session, round_id=the_round.id)]
        at_hand = stages.current(session, round_id=the_round.id)
    summary = {**_summary(the_round, at_hand, plain=json), **numbers, "policy_sha256": the_round.policy_sha256}
    summary |= {"flow_run_id": the_round.flow_run_id, "prefect_url": run_url(the_round)}
    if json:
        show.as_json({**summary, "stages": steps})
        return
    _print_round(summary, steps)


def _step(stage: Stage, the_round: Round, *, plain: bool) -> dict[str, Any]:
    return {
        "key": _key(stage),
        "name": _(stage.name),
        "kind": stage.kind,
        "state": stage.state if plain else _(STATES[stage.state]),
        "opens_at": _when(stage.opened_at or stage.opens_at, the_round, plain=plain),
        "closes_at": _when(stage.closed_at or stage.closes_at, the_round, plain=plain),
        "generation": stage.generation,
        "blocked": conducting.why_blocked(stage),
    }


def _print_round(summary: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    show.line(f"{summary['code']}  {summary['title']}  {summary['state']}")
    show.line(
        _("筛查 {screened} 人，符合 {eligible} 人；报名 {applied} 人，在轮 {still_in} 人；文档 {documents} 份").format(
            **summary
        )
    )
    show.line(_("方案指纹 {sha}").format(sha=summary["policy_sha256"]))
    if summary["prefect_url"]:
        show.line(_("Prefect {url}").format(url=summary["prefect_url"]))
    columns = {"key": _("环节"), "name": _("名称"), "state": _("状态"), "opens_at": _("开始"), "closes_at": _("截止")}
    show.table(steps, columns=columns, json_wanted=False, empty="")
    for step in steps:
        if step["blocked"]:
            show.problem(labelled(step["name"], step["blocked"]))


@app.command(help=_("查看结果：名额、各去向人数、入选名单；--json 给出每个人的分数和依据"))
def results(code: options.Code, json: options.Json = False) -> None:
    """Show what was decided so far."""
    from cli import outcome  # noqa: PLC0415 - see ``launch``

    with reading() as session:
        the_round = reads.by_code(session, code=code)
        if json:
            show.as_json(outcome.results_of(session, the_round))
        else:
            outcome.tell_results(session, the_round)


@app.command(help=_("恢复已取消的一轮；截止时间按停顿的时长顺延"))
def restore(code: options.Code, reason: options.Reason, by: options.By = "", yes: options.Yes = False) -> None:
    """Let a cancelled round go on."""
    from cli import changing  # noqa: PLC0415 - see ``launch``

    changing.carry_out(
        code,
        Change(Deed.RESTORE, reason),
        by=by,
        yes=yes,
        done=_("已恢复 {code}").format(code=code),
        already=_("{code} 没有取消，没有变化").format(code=code),
    )


@app.command(help=_("取消一轮；已有的记录和文档都保留"))
def cancel(code: options.Code, reason: options.Reason, by: options.By = "", yes: options.Yes = False) -> None:
    """Cancel a running round, after saying who is affected."""
    from cli import changing  # noqa: PLC0415 - see ``launch``

    changing.carry_out(
        code,
        Change(Deed.CANCEL, reason),
        by=by,
        yes=yes,
        done=_("已取消 {code}").format(code=code),
        already=_("{code} 早已结束，没有变化").format(code=code),
    )
