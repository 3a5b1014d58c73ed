"""The command line's own words — usage, help, typing errors — in the language in force.

Typer speaks English only and takes every character for one column wide, so help is written here.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from kit import terminal
from kit.i18n import gettext as _
from kit.i18n import language

WIDTH = 80
Pairs = list[tuple[str, str]]


class Command(TyperCommand):
    """A command whose help is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own types are private
        """Write usage, purpose, arguments and options."""
        formatter.write("\n".join(_help(self, ctx)) + "\n")

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - see above
        """Write how the command is typed."""
        formatter.write(_usage(self, ctx) + "\n")


class Group(TyperGroup):
    """A group of commands whose help is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own types are private
        """Write usage, purpose, options and commands."""
        formatter.write("\n".join(_help(self, ctx)) + "\n")

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - see above
        """Write how the command is typed."""
        formatter.write(_usage(self, ctx) + "\n")


def dress(app: typer.Typer) -> None:
    """Let every command of an application, however deep, speak through the classes here."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance:
            dress(group.typer_instance)


def _help(command: TyperCommand | TyperGroup, ctx: Any) -> Iterator[str]:  # noqa: ANN401 - see above
    yield _usage(command, ctx)
    yield ""
    yield from (f"  {line}" for line in terminal.wrap(_(command.help or ""), WIDTH - 2))
    params: list[Any] = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments: Pairs = [(_named(p), _(p.help or "")) for p in params if p.param_type_name == "argument"]
    options: Pairs = [(_typed(p), _option(p)) for p in params if p.param_type_name == "option"]
    commands: Pairs = []
    if isinstance(command, TyperGroup):
        commands = [(name, _(c.help or "")) for name, c in command.commands.items() if not c.hidden]
    for title, pairs in ((_("参数"), arguments), (_("选项"), options), (_("命令"), commands)):
        if pairs:
            yield from ("", _("{title}：").format(title=title), *terminal.definitions(pairs, width=WIDTH))
    if command.epilog:
        yield from ("", *terminal.wrap(_(command.epilog), WIDTH))


def _usage(command: TyperCommand | TyperGroup, ctx: Any) -> str:  # noqa: ANN401 - see above
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    words = [ctx.command_path, _("[选项]"), *(_named(p) if p.required else f"[{_named(p)}]" for p in arguments)]
    if isinstance(command, TyperGroup):
        words.append(_("命令 …"))
    return _("用法：{words}").format(words=" ".join(words))


def _typed(option: Any) -> str:  # noqa: ANN401 - see above
    names = " / ".join([", ".join(sorted(option.opts, key=len)), *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.metavar or 'TEXT'}"


def _named(argument: Any) -> str:  # noqa: ANN401 - see above
    return argument.metavar or str(argument.name).upper()


def _option(option: Any) -> str:  # noqa: ANN401 - see above
    if "--help" in option.opts:
        return _("显示这份帮助")
    extra = [_("必填")] if option.required else []
    if option.secondary_opts:
        extra.append(_("默认 {value}").format(value=option.opts[0] if option.default else option.secondary_opts[0]))
    elif option.default and not option.is_flag:
        extra.append(_("默认 {value}").format(value=option.default))
    if option.envvar:
        extra.append(_("环境变量 {name}").format(name=option.envvar))
    said = _(option.help or "")
    return _("{said}（{extra}）").format(said=said, extra=_("；").join(extra)) if extra else said


_CHINESE: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"Missing (?:argument|option|parameter) '?(.+?)'?\.(?: .*)?", "缺少 {0}"),
        (r"Missing command\.", "缺少命令"),
        (r"No such command '(.+?)'\. Did you mean (.+)\?", "没有命令“{0}”；是不是要用 {1}？"),
        (r"No such command '(.+?)'\.", "没有命令“{0}”"),
        (r"No such option: (\S+) \(Possible options: (.+)\)", "没有选项 {0}；是不是要用 {1}？"),
        (r"No such option: (\S+)(?: .*)?", "没有选项 {0}"),
        (r"Got unexpected extra arguments? ?\(?s?\)? ?\((.+)\)", "多出了参数：{0}"),
        (r"Option '(.+)' requires .+", "选项 {0} 后面要有值"),
        (r"Option '(.+)' does not take a value\.", "选项 {0} 后面不能有值"),
        (r"Invalid value for '?(.+?)'?: (.+)", "{0} 的值不对：{1}"),
        (r"Input should be a valid integer.*", "应为整数"),
        (r"Input should be a valid number.*", "应为数字"),
        (r"Input should be greater than or equal to (.+)", "应不小于 {0}"),
    )
)
"""What Typer says in English, and the same in Chinese: the other way round than our own catalogue."""


def mistake(error: typer.TyperException) -> list[str]:
    """Return what is wrong with a command line that could not be read, and where to find help."""
    said, ctx = error.format_message(), getattr(error, "ctx", None)
    if ctx is not None and said == ctx.get_help():  # nothing was typed after a group's name
        return [said]
    lines = [_usage(ctx.command, ctx)] if ctx is not None else []
    lines.append(_in_chinese(said) if language() == "zh" else said)
    return [*lines, _("用 {command} --help 查看帮助").format(command=ctx.command_path)] if ctx is not None else lines


def _in_chinese(said: str) -> str:
    for pattern, chinese in _CHINESE:
        if found := pattern.fullmatch(said):
            return chinese.format(*map(_in_chinese, found.groups()))
    return said
