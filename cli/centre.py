"""``jingpin init``, ``prepare``, ``settings`` and ``people …``: the centre and its directory."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from actions import people
from actions.books import ChangeError
from cli import intake, options, show
from kit.i18n import gettext as _
from kit.settings import listed, settings
from models import schema
from models.database import engine, reading, transaction
from queries import books

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("人员名册：导入、列表"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("init", help=_("建立或升级数据库；给第一位系统管理员一个一次性链接"))(init)
    root.command("prepare", help=_("准备可重建的缓存：精简字体、Prefect 的空数据库"))(prepare)
    root.command("settings", help=_("列出全部设置及其含义"))(print_settings)
    root.add_typer(app, name="people")


def init(
    login: Annotated[str, typer.Option("--login", help=_("系统管理员的登录名；默认 admin"), show_default=False)] = "",
    name: Annotated[str, typer.Option("--name", help=_("系统管理员的姓名"), show_default=False)] = "",
    again: Annotated[
        bool, typer.Option("--again", help=_("系统管理员进不来时：再给一个链接，并重置第二重验证"))
    ] = False,
    by: options.By = "",
) -> None:
    """Make or upgrade data directory and database, and give the first administrator a way in."""
    from cli import first  # noqa: PLC0415 - what keeps passwords is slow to import, and only this command needs it

    now = settings()
    now.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    schema.upgrade(engine(), now.database_schema)
    show.line(_("数据目录 {home}").format(home=now.home))
    show.line(_("数据库 {url} 已就绪").format(url=engine().url.render_as_string(hide_password=True)))
    first.give_way_in(login=login, name=name, again=again, actor=options.actor(by))


def prepare() -> None:
    """Make the caches, so that the first round need not."""
    from kit import fonts, prefect_template  # noqa: PLC0415 - slow to import, and only this command needs them

    cache = settings().cache
    cache.mkdir(parents=True, exist_ok=True)
    made = fonts.prepare(cache, settings().fonts, tell=show.note)
    show.line(_("字体：{names}").format(names=_("、").join(sorted(set(made.families.values())))))
    show.line(_("Prefect 的空数据库：{path}").format(path=prefect_template.build_template(cache)))


def print_settings(json: options.Json = False) -> None:
    """List all settings with their values and meanings."""
    rows = [{**row, "meaning": _(str(meaning))} for row in listed() for meaning in (row["meaning"],)]
    columns = {"name": _("变量"), "value": _("现值"), "meaning": _("含义")}
    show.table(rows, columns=columns, json_wanted=json, empty="")


@app.command("import", help=_("导入人员和记录：目录、zip，或单个 CSV/XLSX"))
def import_people(
    path: Annotated[Path, typer.Argument(metavar="PATH", help=_("目录、zip，或单个 CSV/XLSX 文件"))],
    table: Annotated[
        str, typer.Option("--table", help=_("单个文件是哪一张表：people、ratings、incidents…；默认按文件名"))
    ] = "",
    good_rows: options.GoodRows = False,
    faults_to: options.FaultsTo = None,
    change: options.Change = None,
    full: Annotated[bool, typer.Option("--full", help=_("这是完整名册：不在其中的人记为离职"))] = False,
    by: options.By = "",
) -> None:
    """Take people and their records into the directory."""
    intake.check_faults_to(faults_to, path)
    actor, now = options.actor(by), datetime.now(UTC)
    with transaction() as session:
        known = {p.staff_no for p in books.rows(session, book="people", everyone=True)}
        handed = intake.read_personnel(path, table=table, known_people=known)
        intake.settle(handed, good_rows=good_rows, faults_to=faults_to)
        personnel = intake.personnel_of(handed)
        if full:
            intake.require_whole_directory(handed)
        try:
            taken = people.take_in(session, personnel=personnel, actor=actor, now=now, change_reason=change)
        except ChangeError as error:
            raise intake.refused_changes(error, handed, faults_to=faults_to) from None
        gone = []
        if full:
            staying = [p.staff_no for p in personnel.people]
            gone = people.leave(session, staying=staying, actor=actor, now=now)
    for one in handed:
        intake.tell(one.book, taken[one.book])
    if gone:
        show.line(_("记为离职 {n} 人").format(n=len(gone)))


@app.command("list", help=_("列出在职人员"))
def list_people(json: options.Json = False) -> None:
    """List the people who are here."""
    with reading() as session:
        rows = [p._asdict() for p in books.rows(session, book="people")]
    columns = {
        "staff_no": _("工号"),
        "name": _("姓名"),
        "business_line": _("业务线"),
        "team": _("班组"),
        "grade": _("职级"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("名册是空的；用 jingpin people import 导入"))
