"""``jingpin export``, ``verify`` and ``history``: what others need to recount a round, and our own recount."""

import json as texts
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli import options, show
from cli.when import local
from kit.i18n import gettext as _
from kit.i18n import say
from models.history import Entry
from queries import audit, rounds, stages
from rules import deeds
from rules.texts import RuleError, Text
from web import proof
from web.proof import Check

DIRECTORY: Final = "directory"


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("export", help=_("把一轮导出为数据包；重放这个数据包得到同样的结果"))(export)
    root.command("verify", help=_("核对留痕、录入和存档，并从导出的数据包重新计算"))(verify)
    root.command("history", help=_("列出一轮（或人员名册）的留痕"))(history)


def export(code: options.Code, out: options.Out) -> None:
    """Write a round as a bundle, whole or not at all."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RuleError(Text(_("{out} 已经存在且不是空目录；请换一个目录"), {"out": str(out)}))
    with proof.as_of_now() as session:
        the_round = rounds.by_code(session, code=code)
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as directory:
            made = Path(directory) / "bundle"
            proof.write_bundle(session, the_round, made)
            made.replace(out)
    show.line(_("已导出到 {out}").format(out=out))


def verify(
    code: Annotated[str, typer.Argument(metavar="ROUND", help=_("竞聘轮次的编号；不写则核对全部"))] = "",
    json: options.Json = False,
) -> None:
    """Check the history, the books, the kept files, and recount; exit status 1 when anything differs."""
    with proof.as_of_now() as session:
        chosen = [rounds.by_code(session, code=code)] if code else [r for r, _stage in rounds.all_rounds(session)]
        found = {DIRECTORY: _findings(proof.centre(session))}
        for the_round in chosen:
            found[the_round.code] = _findings(proof.of_round(session, the_round))
    told = {name: [say(f) for f in findings] for name, findings in found.items()}
    if json:
        findings = [{"of": name, "what": what} for name, said in told.items() for what in said]
        show.as_json({"ok": not findings, "checked": list(told), "findings": findings})
    else:
        _tell(told)
    if any(told.values()):
        raise typer.Exit(1)


def _findings(checks: list[Check]) -> list[Text]:
    return [finding for check in checks for finding in check.findings]


def _tell(told: dict[str, list[str]]) -> None:
    for name, findings in told.items():
        of = _("名册与存档") if name == DIRECTORY else name
        show.line(f"{'✗' if findings else '✓'} {of}")
        for finding in findings:
            show.line(f"    {finding}")
    n = sum(map(len, told.values()))
    show.line(_("发现 {n} 处不符").format(n=n) if n else _("全部相符：留痕完整，录入未被改动，重新计算结果一致"))


def history(
    code: Annotated[str, typer.Argument(metavar="ROUND", help=_("竞聘轮次的编号；不写则列出人员名册的留痕"))] = "",
    json: options.Json = False,
) -> None:
    """List who did what in a round, or to the directory."""
    with proof.as_of_now() as session:
        the_round = rounds.by_code(session, code=code) if code else None
        names = {s.key: s.name for s in stages.of_round(session, round_id=the_round.id)} if the_round else {}
        chain = the_round.id if the_round else audit.CENTRE
        zone = the_round.time_zone if the_round else "Asia/Shanghai"
        rows = [_row(e, names, zone, plain=json) for e in audit.entries(session, chain=chain)]
    columns = {
        "number": "#",
        "at": _("时间"),
        "actor": _("操作人"),
        "deed": _("事项"),
        "subject": _("对象"),
        "reason": _("理由"),
        "hash": _("指纹"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("没有留痕"))


def _row(entry: Entry, names: dict[str, str], zone: str, *, plain: bool) -> dict[str, Any]:
    detail = texts.loads(entry.detail)
    if plain:
        said = entry.model_dump(exclude={"chain"})
        return {**said, "at": entry.at.isoformat(timespec="microseconds"), "detail": detail}
    subject = _(names[entry.subject]) if entry.subject in names else entry.subject or detail.get("name", "")
    return {
        "number": entry.number,
        "at": local(entry.at, zone),
        "actor": entry.actor,
        "deed": say(deeds.said(entry.deed)),
        "subject": subject,
        "reason": detail.get("reason", ""),
        "hash": entry.hash[:12],
    }
