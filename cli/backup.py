"""``jingpin backup`` and ``restore``: the whole database in one file, and back, also into another database system.

Prefect's own database is not in it: our database says where every round stands, and a restored one has its rounds go on
from there.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from cli import show
from kit import dbcopy
from kit.dbcopy import CopyError, Manifest
from kit.i18n import gettext as _
from kit.settings import settings
from models import schema
from models.database import engine, snapshot
from models.tables import metadata
from rules.texts import RuleError, Text

File = Annotated[Path, typer.Argument(metavar="FILE", help=_("备份文件（.zip）"))]


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("backup", help=_("备份全部数据到一个文件；服务运行时也可以做"))(backup)
    root.command("restore", help=_("把备份恢复到一个空的数据目录或数据库"))(restore)


def backup(file: File) -> None:
    """Write the whole database into one file, as of one instant, and read it back."""
    if file.exists():
        raise RuleError(Text(_("{file} 已经存在；请换一个文件名"), {"file": str(file)}))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with snapshot() as connection:
        facts = {"revision": schema.revision(connection), "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        made = dbcopy.dump(connection, metadata, file, facts=facts)
    show.line(_("已备份 {rows} 行、{tables} 张表：{file}").format(rows=made.rows, tables=len(made.tables), file=file))


def restore(file: File) -> None:
    """Lay a backup into an empty database, check every count and hash, then upgrade it to this release."""
    if not file.is_file():
        raise RuleError(Text(_("没有这个文件：{file}"), {"file": str(file)}))
    settings().home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        manifest = dbcopy.read_manifest(file)
        _require_known(manifest)
        with engine().begin() as connection:
            _lay(connection, file, manifest)
    except CopyError as error:
        raise RuleError(Text(_("不能恢复，什么都没有写入：{what}"), {"what": str(error)})) from None
    schema.upgrade(engine(), settings().database_schema)
    show.line(_("已恢复 {rows} 行，行数与校验值全部相符").format(rows=manifest.rows))
    show.line(_("接着运行 jingpin verify 核对，再运行 jingpin serve，各轮次会继续进行"))


def _require_known(manifest: Manifest) -> None:
    if not schema.knows(manifest.facts.get("revision", "")):
        raise RuleError(Text(_("备份来自更新的版本；请用同样或更新版本的程序恢复")))


def _lay(connection: Connection, file: Path, manifest: Manifest) -> None:
    if schema.revision(connection):
        raise CopyError(_("数据库不是空的；请指定一个新的数据目录（--home）或空的数据库"))
    schema.upgrade_on(connection, settings().database_schema, to=manifest.facts["revision"])
    dbcopy.load(connection, file, progress=_tell)
    if manifest.facts["revision"] == schema.newest() and (wrong := dbcopy.differences(connection, metadata, manifest)):
        raise CopyError(_("、").join(wrong))


def _tell(table: str, rows: int) -> None:
    if rows:
        show.note(f"{table}: {rows}")
