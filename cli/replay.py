"""``jingpin replay``: a bundle through the same flow, actions and rules as a live round."""

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session

from actions import books, materials, people, rounds
from cli import conducting, options, show
from cli.outcome import tell_outcome, write_out
from forms import bundles
from forms.bundles import Bundle
from kit.i18n import gettext as _
from kit.i18n import say
from kit.settings import FILE_NAME, settings
from models import database, schema
from models.database import engine, reading, transaction
from models.rounds import Round
from queries import rounds as reads
from rules import course
from rules.texts import RuleError, Text

MARKER = "replay.txt"
"""Stands in a directory that a replay made, with the hash of the bundle."""

PARTS = ("applications", "reviewers", "panels", "marks", "attendance", "exam")
ACTOR = "replay"


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("replay", help=_("重放数据包：用同样的流程和规则得出结果和文档"))(replay)


def replay(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help=_("数据包：目录或 zip"))],
    out: options.Out,
    rehearse: Annotated[bool, typer.Option("--rehearse", help=_("只做资格审查和名额分配"))] = False,
    documents: Annotated[bool, typer.Option(help=_("制作 PDF 和 XLSX 文档"))] = True,
) -> None:
    """Replay a bundle into a fresh database under ``out``; one that was interrupted goes on where it was."""
    read = bundles.read(bundle, rehearse=rehearse)
    for fault in (*read.warnings, *read.notes):
        show.note(_("提醒：{what}").format(what=say(fault.whole())))
    mode = course.REHEARSAL if rehearse else course.REPLAY
    finished = carry_out(read, out, mode=mode, with_documents=documents)
    if not finished:
        raise typer.Exit(1)


def carry_out(bundle: Bundle, out: Path, *, mode: str, with_documents: bool) -> bool:
    """Take a bundle through a whole round under ``out``, tell the outcome, return whether the round came to its end."""
    the_round = run(bundle, out, mode=mode, with_documents=with_documents)
    with reading() as session:
        tell_outcome(session, the_round, out)
    return the_round.state == "finished"


def run(bundle: Bundle, out: Path, *, mode: str, with_documents: bool) -> Round:
    """Take a bundle through a whole round under ``out``, as far as it goes, and write what came of it."""
    _claim(out, bundle)
    code = bundle.policy.code
    try:
        _take_home(out)
        round_id = _take_in(bundle, mode=mode, with_documents=with_documents)
    except BaseException:
        if not (out / "jingpin.db").exists():
            _leave(out)
        raise
    conducting.go_on(code, progress=True)
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        write_out(session, the_round, out)
    return the_round


def _claim(out: Path, bundle: Bundle) -> None:
    """Make the directory ours, or find that it is: an interrupted replay of the same bundle goes on."""
    marker = out / MARKER
    if marker.exists():
        if marker.read_text().strip() != bundle.sha256:
            raise RuleError(Text(_("{out} 里是另一个数据包的重放；请换一个目录"), {"out": str(out)}))
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RuleError(Text(_("{out} 已经存在且不是空目录；请换一个目录"), {"out": str(out)}))
    out.mkdir(parents=True, exist_ok=True)
    marker.write_text(bundle.sha256 + "\n")


def _leave(out: Path) -> None:
    database.forget()
    shutil.rmtree(out, ignore_errors=True)


def _take_home(out: Path) -> None:
    """Make ``out`` this process's data directory; on PostgreSQL, with a schema of its own."""
    os.environ["JINGPIN_HOME"] = str(out.absolute())
    settings.cache_clear()
    if settings().database_url.startswith("postgres") and not settings().database_schema:
        name = f"replay_{os.urandom(6).hex()}"
        (out / FILE_NAME).write_text(f'database_schema = "{name}"\n')
        settings.cache_clear()
    schema.upgrade(engine(), settings().database_schema)


def _take_in(bundle: Bundle, *, mode: str, with_documents: bool) -> UUID:
    """Take the whole bundle in, in one transaction; a second time changes nothing."""
    with transaction() as session:
        known = reads.find(session, code=bundle.policy.code)
        if known:
            return known.id
        return take_in(session, bundle, mode=mode, with_documents=with_documents, now=datetime.now(UTC)).id


def take_in(session: Session, bundle: Bundle, *, mode: str, with_documents: bool, now: datetime) -> Round:
    """Take the whole bundle into a database: its people, a round of its policy, and what it is decided from."""
    people.take_in(session, personnel=bundle.personnel, actor=ACTOR, now=now)
    the_round = _launch(session, bundle, mode=mode, with_documents=with_documents, now=now)
    for part in PARTS:
        rows = getattr(bundle.evidence, part)
        books.take_in(session, book=part, rows=rows, actor=ACTOR, now=now, the_round=the_round)
    materials.take_in(session, the_round=the_round, materials=bundle.materials, actor=ACTOR, now=now)
    return the_round


def _launch(session: Session, bundle: Bundle, *, mode: str, with_documents: bool, now: datetime) -> Round:
    posted_on = bundle.facts.get("posted_on")
    return rounds.launch(
        session,
        policy=bundle.policy,
        policy_text=bundle.policy_text,
        actor=ACTOR,
        now=now,
        mode=mode,
        bundle_sha256=bundle.sha256,
        posted_on=date.fromisoformat(posted_on) if posted_on else None,
        with_documents=with_documents,
        window=bundles.window_of(bundle.facts) if mode == course.REPLAY else None,
    )
