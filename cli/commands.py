"""All commands under one roof, and how their errors are told."""

import os
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy.exc import DBAPIError, OperationalError

from cli import grammar, show
from forms.faults import FormError
from kit.i18n import gettext as _
from kit.i18n import say
from kit.settings import SettingsError, settings
from rules.texts import RuleError

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "centre": ("init", "prepare", "settings", "people"),
    "policies": ("policy",),
    "rounds": ("round",),
    "stages": ("stage", "decision"),
    "candidates": ("candidate",),
    "proposals": ("proposal",),
    "supplements": ("supplement",),
    "evidence": ("applications", "reviewers", "marks", "attendance", "exam"),
    "panels": ("panels",),
    "messages": ("messages",),
    "replay": ("replay",),
    "demo": ("demo",),
    "reports": ("report",),
    "proof": ("export", "verify", "history"),
    "backup": ("backup", "restore"),
    "serve": ("serve",),
    "doctor": ("doctor",),
    "worker": ("worker",),
}
"""Our modules and the words that each declares: importing all of them takes longer than most commands run."""

REFUSED, MISTYPED, INTERRUPTED = 1, 2, 130
MOST_LINES = 200
"""As many faults as somebody reads on a screen; a file or a pipe gets all of them."""


def language_wanted() -> str:
    """Return the language that the settings ask for, also when something else in them is wrong."""
    try:
        return settings().language
    except SettingsError:
        return os.environ.get("JINGPIN_LANGUAGE", "zh")


def build(word: str = "") -> typer.Typer:
    """Return the command line interface; only the module that declares ``word``, none for the version, else all.

    Its texts are translated when they are shown.
    """
    app = typer.Typer(
        name="jingpin",
        help=_("内部竞聘：从启动到公示，每一个数字都能复核。"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog=_("全局选项（写在任何位置）：--home 目录（数据目录），--lang zh|en（语言）"),
    )
    app.callback()(_whole)
    wanted = [part for part, words in PARTS.items() if word in words]
    for name in wanted or (() if word == "--version" else PARTS):
        import_module(f"cli.{name}").add_to(app)
    grammar.dress(app)
    return app


def _print_version(*, wanted: bool) -> None:
    if wanted:
        show.line(version("jingpin"))
        raise typer.Exit


def _whole(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda wanted: _print_version(wanted=wanted), is_eager=True, help=_("显示版本")
        ),
    ] = False,
) -> None:
    """Stand above the commands: without this, a single one would take the place of the whole."""


def invoke(arguments: Sequence[str]) -> int:
    """Run one command line; whatever is refused is told in words, without a traceback."""
    try:
        ended = typer.main.get_command(build(*arguments[:1])).main(
            list(arguments), prog_name="jingpin", standalone_mode=False
        )
    except typer.TyperException as error:
        for line in grammar.mistake(error):
            show.note(line)
        return MISTYPED
    except typer.Abort:
        show.problem(_("已放弃，没有任何变化"))
        return REFUSED
    except Exception as error:  # noqa: BLE001 - an operator gets words and a file, never a traceback
        _tell(error)
        return REFUSED
    if ended == INTERRUPTED:
        show.problem(_("已中断；已经提交的内容不会丢失，重新运行即可继续"))
    return ended if isinstance(ended, int) else 0


def _tell(error: Exception) -> None:
    lines = _lines(error)
    shown = lines if len(lines) <= MOST_LINES or not show.err.is_terminal else lines[: MOST_LINES - 1]
    for line in shown:
        show.problem(line)
    if len(shown) < len(lines):
        show.problem(_("另有 {n} 处未列出；把错误输出存入文件可以看到全部").format(n=len(lines) - len(shown)))
    if isinstance(error, FormError):
        show.problem(_("共 {n} 处问题，没有任何变化").format(n=len(error.faults)))


def _lines(error: Exception) -> list[str]:
    match error:
        case FormError():
            return [say(f.whole()) for f in error.faults]
        case RuleError():
            return [say(error.text)]
        case SettingsError():
            return str(error).splitlines()
        case DBAPIError():
            return _database_problem(error)
        case OSError() if error.filename:
            return [show.file_problem(error)]
        case _:
            return [_("出现意外错误：{what}").format(what=f"{type(error).__name__} {error}".strip()), *_kept(error)]


def _database_problem(error: DBAPIError) -> list[str]:
    what = " ".join(str(error.orig).split())
    if isinstance(error, OperationalError):  # not there, busy, full, read-only: nothing that a developer could mend
        return [_("数据库不可用：{what}").format(what=what)]
    return [_("数据库出错：{what}").format(what=what), *_kept(error)]


def _kept(error: Exception) -> list[str]:
    """Keep what a developer needs in a file of the data directory; say where, or nothing if that is impossible too."""
    try:
        folder = settings().home / "errors"
        folder.mkdir(exist_ok=True)
        file: Path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except (OSError, SettingsError):
        return []
    return [_("详情已写入 {file}；报告问题时请附上").format(file=file)]
