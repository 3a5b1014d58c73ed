"""Options that many commands share, in the language in force."""

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

from kit.i18n import gettext as _
from kit.settings import settings

Json = Annotated[bool, typer.Option("--json", help=_("以 JSON 输出，供程序使用"))]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", help=_("操作人，记入留痕；默认见设置 JINGPIN_ACTOR"), show_default=False)
]
Code = Annotated[str, typer.Argument(metavar="ROUND", help=_("竞聘轮次的编号"))]
Key = Annotated[str, typer.Argument(metavar="STAGE", help=_("环节，如 applications、materials、decision"))]
StaffNo = Annotated[str, typer.Argument(metavar="STAFF_NO", help=_("候选人的工号"))]
Reason = Annotated[str, typer.Option("--reason", help=_("理由，记入留痕"))]
Yes = Annotated[bool, typer.Option("--yes", help=_("不再询问；输入不是终端时必须写明"))]
File = Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV 或 XLSX 文件"))]
GoodRows = Annotated[bool, typer.Option("--good-rows", help=_("有问题的行跳过，只导入没有问题的行"))]
FaultsTo = Annotated[
    Path | None,
    typer.Option(
        "--faults-to",
        metavar="FILE",
        help=_("有问题时，把表格加上“问题”一列写入这个 CSV 或 XLSX 文件"),
        show_default=False,
    ),
]
Change = Annotated[str | None, typer.Option("--change", metavar="REASON", help=_("允许更正已录入的内容，并说明理由"))]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help=_("写入的目录"))]


def actor(by: str) -> str:
    """Return who acts: the name given, else the one of the settings, else the user of the system."""
    if name := by.strip() or settings().actor:
        return name
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"cli:{os.getuid()}"
