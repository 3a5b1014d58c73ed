"""``jingpin export``, ``verify`` and ``history``: what others need to recount a round, and our own recount."""

import json as texts
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlmodel import Session

from cli import options, show
from cli.when import local
from forms import bundles
from forms.faults import FormError
from kit.i18n import gettext as _
from kit.i18n import say
from models.database import snapshot
from models.history import Entry
from models.rounds import Round
from queries import audit, decided, evidence, recount, retold, rounds, stages
from reports import bundles as written
from rules import deeds
from rules import rounds as law
from rules.texts import RuleError, Text
from tasks.terms import policy_of

DIRECTORY: Final = "directory"


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("export", help=_("把一轮导出为数据包；重放这个数据包得到同样的结果"))(export)
    root.command("verify", help=_("核对留痕、录入和存档，并从导出的数据包重新计算"))(verify)
    root.command("history", help=_("列出一轮（或人员名册）的留痕"))(history)


@contextmanager
def _as_of_now() -> Iterator[Session]:
    """Open a session that sees the database as of one instant, however long the reading takes."""
    with snapshot() as connection, Session(connection) as session:
        yield session


def export(code: options.Code, out: options.Out) -> None:
    """Write a round as a bundle, whole or not at all."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RuleError(Text(_("{out} 已经存在且不是空目录；请换一个目录"), {"out": str(out)}))
    with _as_of_now() as session:
        the_round = rounds.by_code(session, code=code)
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as directory:
            made = Path(directory) / "bundle"
            write_bundle(session, the_round, made)
            made.replace(out)
    show.line(_("已导出到 {out}").format(out=out))


def write_bundle(session: Session, the_round: Round, out: Path) -> None:
    """Write the bundle of a round into a directory."""
    policy = policy_of(the_round)
    personnel, handed_in = decided.inputs(session, the_round=the_round)
    written.write(
        out,
        policy_text=the_round.policy_text,
        personnel=personnel,
        evidence=handed_in,
        materials=evidence.materials(session, round_id=the_round.id),
        facts=decided.facts(session, the_round=the_round, policy=policy),
    )


def verify(
    code: Annotated[str, typer.Argument(metavar="ROUND", help=_("竞聘轮次的编号；不写则核对全部"))] = "",
    json: options.Json = False,
) -> None:
    """Check the history, the books, the kept files, and recount; exit status 1 when anything differs."""
    with _as_of_now() as session:
        chosen = [rounds.by_code(session, code=code)] if code else [r for r, _stage in rounds.all_rounds(session)]
        found = {DIRECTORY: _centre(session)}
        for the_round in chosen:
            found[the_round.code] = _round(session, the_round)
    told = {name: [say(f) for f in findings] for name, findings in found.items()}
    if json:
        findings = [{"of": name, "what": what} for name, said in told.items() for what in said]
        show.as_json({"ok": not findings, "checked": list(told), "findings": findings})
    else:
        _tell(told)
    if any(told.values()):
        raise typer.Exit(1)


def _centre(session: Session) -> list[Text]:
    return [
        *_looked(_("名册的留痕"), lambda: audit.chain_findings(session, chain=audit.CENTRE)),
        *_looked(_("名册"), lambda: audit.book_findings(session, chain=audit.CENTRE, round_id=None)),
        *_looked(_("存档文件"), lambda: audit.file_findings(session)),
    ]


def _round(session: Session, the_round: Round) -> list[Text]:
    chain = the_round.id
    return [
        *_looked(_("留痕"), lambda: audit.chain_findings(session, chain=chain)),
        *_looked(_("录入的内容"), lambda: audit.book_findings(session, chain=chain, round_id=chain)),
        *_looked(
            _("环节、文档和审定"),
            lambda: retold.findings(session, the_round=the_round, policy=policy_of(the_round)),
        ),
        *_looked(_("重新计算的结果"), lambda: _recounted(session, the_round)),
    ]


def _looked(what: str, look: Callable[[], list[Text]]) -> list[Text]:
    """Return what a check found; one that fails over what was tampered with says so, and the others go on."""
    try:
        return look()
    except FormError as error:
        return [Text(_("导出的数据包读不回来：{what}"), {"what": fault.whole()}) for fault in error.faults]
    except Exception as error:  # noqa: BLE001 - changed rows provoke whatever there is
        why = str(error) or type(error).__name__
        return [Text(_("{what}无法核对，数据已损坏：{why}"), {"what": Text(what), "why": why})]


def _recounted(session: Session, the_round: Round) -> list[Text]:
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "bundle"
        write_bundle(session, the_round, out)
        bundle = bundles.read(out, rehearse=True)
    policy = decided.in_force(session, the_round=the_round, policy=bundle.policy)
    decision = law.decide(policy, bundle.personnel, bundle.evidence)
    return recount.findings(session, the_round=the_round, decision=decision)


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
    with _as_of_now() as session:
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
