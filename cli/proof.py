"""``jingpin export``, ``verify`` and ``history``: what others need to recount a round, and our own recount."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli import options, show
from cli.when import local
from forms import bundles
from kit.i18n import gettext as _
from kit.i18n import say
from models.database import reading
from models.rounds import Round
from queries import audit, decided, evidence, recount, rounds
from reports import bundles as written
from rules import rounds as law
from rules.texts import RuleError, Text


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("export", help=_("把一轮导出为数据包；重放这个数据包得到同样的结果"))(export)
    root.command("verify", help=_("核对留痕与录入，并从导出的数据包重新计算"))(verify)
    root.command("history", help=_("列出一轮的留痕"))(history)


def export(code: options.Code, out: options.Out) -> None:
    """Write a round as a bundle."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RuleError(Text(_("{out} 已经存在且不是空目录；请换一个目录"), {"out": str(out)}))
    with reading() as session:
        write_bundle(session, rounds.by_code(session, code=code), out)
    show.line(_("已导出到 {out}").format(out=out))


def write_bundle(session: Session, the_round: Round, out: Path) -> None:
    """Write the bundle of a round into a directory."""
    personnel, handed_in = decided.inputs(session, the_round=the_round)
    written.write(
        out,
        policy_text=the_round.policy_text,
        personnel=personnel,
        evidence=handed_in,
        materials=evidence.materials(session, round_id=the_round.id),
        facts=decided.facts(session, the_round=the_round),
    )


def verify(
    code: Annotated[str, typer.Argument(metavar="[ROUND]", help=_("竞聘轮次的编号；不写则核对全部"))] = "",
    json: options.Json = False,
) -> None:
    """Check the history, the books, the kept files, and recount; exit status 1 when anything differs."""
    with reading() as session:
        chosen = [rounds.by_code(session, code=code)] if code else [r for r, _stage in rounds.all_rounds(session)]
        found = {_("名册"): _centre(session)}
        for the_round in chosen:
            found[the_round.code] = _round(session, the_round)
    told = {name: [say(f) for f in findings] for name, findings in found.items()}
    if json:
        show.as_json(told)
    else:
        _tell(told)
    if any(told.values()):
        raise typer.Exit(1)


def _centre(session: Session) -> list[Text]:
    found = audit.chain_findings(session, chain=audit.CENTRE)
    found += audit.book_findings(session, chain=audit.CENTRE, round_id=None)
    return found + audit.file_findings(session)


def _round(session: Session, the_round: Round) -> list[Text]:
    found = audit.chain_findings(session, chain=the_round.id)
    found += audit.book_findings(session, chain=the_round.id, round_id=the_round.id)
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "bundle"
        write_bundle(session, the_round, out)
        bundle = bundles.read(out, rehearse=True)
    decision = law.decide(bundle.policy, bundle.personnel, bundle.evidence)
    return found + recount.findings(session, the_round=the_round, decision=decision)


def _tell(told: dict[str, list[str]]) -> None:
    for name, findings in told.items():
        show.line(f"{'✗' if findings else '✓'} {name}")
        for finding in findings:
            show.line(f"    {finding}")
    n = sum(map(len, told.values()))
    show.line(_("发现 {n} 处不符").format(n=n) if n else _("全部相符：留痕完整，录入未被改动，重新计算结果一致"))


def history(code: options.Code, json: options.Json = False) -> None:
    """List who did what in a round."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        rows = [
            {
                "number": e.number,
                "at": e.at.isoformat() if json else local(e.at, the_round.time_zone),
                "actor": e.actor,
                "deed": e.deed,
                "subject": e.subject,
                "detail": e.detail,
                "hash": e.hash if json else e.hash[:12],
            }
            for e in audit.entries(session, chain=the_round.id)
        ]
    columns = {
        "number": "#",
        "at": _("时间"),
        "actor": _("操作人"),
        "deed": _("事项"),
        "subject": _("对象"),
        "hash": _("指纹"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("没有留痕"))
