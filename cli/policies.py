"""``jingpin policy …``: check a policy, print the JSON Schema for editors."""

from pathlib import Path
from typing import Annotated

import typer

from cli import options, show
from forms import policies, policy_schema
from kit.i18n import gettext as _
from kit.i18n import say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("竞聘方案：检查、JSON Schema"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="policy")


@app.command(help=_("检查竞聘方案，一次列出所有问题"))
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("竞聘方案 policy.yaml"))],
    json: options.Json = False,
) -> None:
    """Check a policy completely; warnings do not refuse it."""
    read = policies.read(file.read_bytes(), file=file.name)
    warnings = [say(w.whole()) for w in read.warnings]
    if json:
        show.as_json({"code": read.policy.code, "title": read.policy.title, "warnings": warnings})
        return
    for warning in warnings:
        show.note(_("提醒：{what}").format(what=warning))
    show.line(_("方案没有问题：{title}（{n} 个环节）").format(title=read.policy.title, n=len(read.policy.stages)))


@app.command(help=_("输出竞聘方案的 JSON Schema，供编辑器提示"))
def schema() -> None:
    """Print the JSON Schema of policy.yaml."""
    show.as_json(policy_schema.schema())
