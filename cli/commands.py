"""All commands under one roof, and how their errors are told."""

from collections.abc import Sequence

import typer
from rich.markup import escape
from sqlalchemy.exc import OperationalError, ProgrammingError

from cli import show
from forms.faults import FormError
from kit.i18n import gettext as _
from kit.i18n import say
from kit.settings import SettingsError
from rules.texts import RuleError

REFUSED, INTERRUPTED = 1, 130


def build() -> typer.Typer:
    """Return the whole command line interface, in the language in force."""
    from cli import backup, centre, evidence, policies, proof, replay, reports, rounds, serve, stages  # noqa: PLC0415 - texts are translated at import

    app = typer.Typer(
        name="jingpin",
        help=_("内部竞聘：从启动到公示，每一个数字都能复核。"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        epilog=_("全局选项（写在任何位置）：--home 目录（数据目录），--lang zh|en（语言）"),
    )
    for part in (centre, policies, rounds, stages, evidence, replay, reports, proof, backup, serve):
        part.add_to(app)
    return app


def invoke(arguments: Sequence[str]) -> int:
    """Run one command line; whatever is refused is told in words, without a traceback."""
    try:
        typer.main.get_command(build()).main(list(arguments), prog_name="jingpin")
    except SystemExit as ended:  # how a command line ends, also when it was wrong itself (2)
        return ended.code if isinstance(ended.code, int) else REFUSED
    except KeyboardInterrupt:
        show.problem(_("已中断；已经提交的内容不会丢失，重新运行即可继续"))
        return INTERRUPTED
    except (FormError, RuleError, SettingsError, OSError, OperationalError, ProgrammingError) as error:
        for line in _lines(error):
            show.problem(escape(line))
        return REFUSED
    return 0


def _lines(error: Exception) -> list[str]:
    match error:
        case FormError():
            return [
                *(say(f.whole()) for f in error.faults),
                _("共 {n} 处问题，什么都没有导入").format(n=len(error.faults)),
            ]
        case RuleError():
            return [say(error.text)]
        case OperationalError() | ProgrammingError():
            return [_("数据库不可用或尚未初始化（先运行 jingpin init）：{what}").format(what=str(error.orig).strip())]
        case OSError() if error.filename:
            return [_("无法读写 {file}：{what}").format(file=error.filename, what=error.strerror)]
        case _:
            return [str(error)]
