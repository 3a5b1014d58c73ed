"""Show things on a terminal: tables that fit, JSON for programs, problems on the error stream."""

import json
import sys
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size

from rich.console import Console
from rich.text import Text

from kit import terminal
from kit.i18n import gettext as _

out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def file_problem(error: OSError) -> str:
    """Return in words what is wrong with a file."""
    words = {
        FileNotFoundError: _("没有这个文件或目录"),
        IsADirectoryError: _("是目录，这里要的是文件"),
        NotADirectoryError: _("不是目录，这里要的是目录"),
        FileExistsError: _("已经存在，而且不是目录"),
        PermissionError: _("没有权限"),
    }
    said = words.get(type(error), error.strerror)
    return _("无法读写 {file}：{what}").format(file=error.filename, what=said)


def line(text: str = "") -> None:
    """Print one line as it is, unbroken."""
    out.print(text)


def problem(text: str) -> None:
    """Print a problem on the error stream."""
    err.print(Text.assemble(("✗", "red"), " ", text))


def note(text: str) -> None:
    """Print something worth knowing on the error stream, so that the output stays clean."""
    err.print(text)


def as_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def table(rows: Sequence[Mapping[str, object]], *, columns: Mapping[str, str], json_wanted: bool, empty: str) -> None:
    """Print rows as a table under translated headings, or as JSON with the rows' own keys."""
    if json_wanted:
        as_json(list(rows))
    elif not rows:
        line(empty)
    else:
        _print_table(rows, columns)


def _print_table(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> None:
    numeric = [all(isinstance(row[key], int | float) for row in rows) for key in columns]
    cells = [["" if row[key] is None else str(row[key]) for key in columns] for row in rows]
    first, *rest = terminal.table(cells, list(columns.values()), width=get_terminal_size().columns, right=numeric)
    out.print(first, style="bold")
    for text in rest:
        out.print(text)
