"""Show things on a terminal: tables that fit, JSON for programs, problems on the error stream."""

import json
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def line(text: str = "") -> None:
    """Print one line as it is, unbroken."""
    out.print(text, markup=False, soft_wrap=True)


def problem(text: str) -> None:
    """Print a problem on the error stream."""
    err.print(f"[red]✗[/red] {text}")


def note(text: str) -> None:
    """Print something worth knowing on the error stream, so that the output stays clean."""
    err.print(text, markup=False)


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
        out.print(_table(rows, columns))


def _table(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for key, heading in columns.items():
        numeric = all(isinstance(r[key], int | float) for r in rows)
        made.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if row[key] is None else str(row[key]) for key in columns))
    return made
