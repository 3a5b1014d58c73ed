"""``jingpin panels …``: who is to score whom, who still has to, and who steps in for somebody who is late."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from actions import panels
from cli import changing, evidence, options, show
from kit.i18n import gettext as _
from kit.i18n import say
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import panels as seated
from queries import rounds, stages
from queries.panels import Seat
from rules.changes import Change
from rules.conflicts import conflict
from rules.policies import Deed, ReviewTerms
from rules.records import Person
from rules.texts import RuleError, Text
from tasks.terms import policy_of

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("评委分组：谁评谁、谁还没有评、由谁替补"))

STATES = {
    "open": _("未完成"),
    "filed": _("已完成"),
    "replaced": _("已改由他人"),
    "left": _("候选人已离开"),
}


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="panels")


app.command("import", help=_("导入评委分组：先检查每一行，有问题就一行也不导入"))(evidence.importer("panels"))


@app.command("list", help=_("列出谁评谁，以及评分表的状态"))
def list_panels(
    code: options.Code,
    stage: Annotated[str, typer.Option("--stage", help=_("只列这一环节"))] = "",
    only_open: Annotated[bool, typer.Option("--open", help=_("只列没有完成的"))] = False,
    json: options.Json = False,
) -> None:
    """List the sheets of the panels, with what speaks against a reviewer."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        wanted = stages.by_key(session, the_round=the_round, key=stage) if stage else None
        rows = [row for row in _rows(session, the_round, wanted) if row["state"] == "open" or not only_open]
    if not json:
        rows = [_in_words(row) for row in rows]
    columns = {
        "stage": _("环节"),
        "staff_no": _("工号"),
        "name": _("候选人"),
        "reviewer_no": _("评委编号"),
        "reviewer": _("评委"),
        "state": _("评分表"),
        "substitute_no": _("替补"),
        "conflict": _("回避"),
    }
    empty = _("没有未完成的评分表") if only_open else _("还没有评委分组；用 jingpin panels import 导入")
    show.table(rows, columns=columns, json_wanted=json, empty=empty)


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    state, stage = STATES[row["state"]], row["stage_name"]
    return {**row, "state": _(state), "stage": _(stage)}


def _rows(session: Session, the_round: Round, wanted: Stage | None) -> Iterator[dict[str, Any]]:
    steps = {s.key: s for s in stages.of_round(session, round_id=the_round.id)}
    states = _States(session, the_round, steps)
    seats = seated.seats(session, round_id=the_round.id)
    assigned = seated.panels(session, round_id=the_round.id, stage=wanted.key if wanted else None)
    numbers = {a.staff_no for a in assigned} | {s.staff_no for s in seats.values() if s.staff_no}
    people = seated.persons(session, staff_nos=numbers)
    for a in sorted(assigned, key=lambda a: (steps[a.stage].position, a.staff_no, a.reviewer_no)):
        seat = seats.get(a.reviewer_no, Seat(a.reviewer_no, "", None, None, None))
        yield {
            "stage": a.stage,
            "stage_name": steps[a.stage].name,
            "staff_no": a.staff_no,
            "name": people[a.staff_no].name if a.staff_no in people else None,
            "reviewer_no": a.reviewer_no,
            "reviewer": seat.name,
            "state": "replaced" if a.status == "replaced" else states.of(a.stage, a.staff_no, a.reviewer_no),
            "substitute_no": seat.substitute_no,
            "conflict": _against(seat, people, a.staff_no),
        }


class _States:
    """Whether a sheet is open, filed, or of a candidate who has left; two questions for each stage."""

    def __init__(self, session: Session, the_round: Round, steps: dict[str, Stage]) -> None:
        self._filed: dict[str, set[tuple[str, str]]] = {}
        self._open: dict[str, dict[str, list[str]]] = {}
        for policy in policy_of(the_round).stages:
            if isinstance(policy.terms, ReviewTerms):
                criteria = [c.key for c in policy.terms.criteria]
                self._filed[policy.key] = seated.filed_sheets(session, stage=steps[policy.key], criteria=criteria)
                self._open[policy.key] = seated.open_sheets(session, stage=steps[policy.key], criteria=criteria)

    def of(self, stage: str, staff_no: str, reviewer_no: str) -> str:
        if (staff_no, reviewer_no) in self._filed[stage]:
            return "filed"
        return "open" if staff_no in self._open[stage].get(reviewer_no, ()) else "left"


def _against(seat: Seat, people: dict[str, Person], staff_no: str) -> str | None:
    if staff_no not in people:
        return None
    reason = conflict(seat.staff_no, people.get(seat.staff_no or ""), people[staff_no])
    return say(reason) if reason else None


@app.command(help=_("更换评委：未完成的评分表改由另一位评委完成，已提交的仍然有效"))
def replace(
    code: options.Code,
    key: options.Key,
    reviewer_no: Annotated[str, typer.Argument(metavar="REVIEWER", help=_("评委编号"))],
    by_no: Annotated[str, typer.Argument(metavar="BY", help=_("接手的评委编号"))],
    reason: options.Reason,
    staff_no: Annotated[str, typer.Option("--candidate", metavar="STAFF_NO", help=_("只换这一位候选人的"))] = "",
    by: options.By = "",
    yes: options.Yes = False,
) -> None:
    """Hand a reviewer's open sheets to another, after saying which."""
    changing.carry_out(
        code,
        Change(Deed.REPLACE, reason, stage=key, reviewer_no=reviewer_no, by_no=by_no, staff_no=staff_no),
        by=by,
        yes=yes,
        done=_("{reviewer} 的评分表已改由 {by} 完成").format(reviewer=reviewer_no, by=by_no),
    )


@app.command(help=_("指定替补：评委逾期时，按竞聘方案由替补完成未完成的评分表"))
def substitute(
    code: options.Code,
    reviewer_no: Annotated[str, typer.Argument(metavar="REVIEWER", help=_("评委编号"))],
    substitute_no: Annotated[str, typer.Argument(metavar="SUBSTITUTE", help=_("替补的评委编号"))] = "",
    none: Annotated[bool, typer.Option("--none", help=_("取消替补"))] = False,
    by: options.By = "",
) -> None:
    """Name who steps in for a reviewer who is late, or nobody."""
    if none == bool(substitute_no):
        raise RuleError(Text(_("请写明替补的评委编号，或用 --none 取消替补")))
    with transaction() as session:
        panels.name_substitute(
            session,
            the_round=rounds.by_code(session, code=code),
            reviewer_no=reviewer_no,
            substitute_no=substitute_no or None,
            actor=options.actor(by),
            now=datetime.now(UTC),
        )
    said = _("评委 {reviewer} 没有替补了") if none else _("评委 {reviewer} 的替补是 {substitute}")
    show.line(said.format(reviewer=reviewer_no, substitute=substitute_no))
