"""How the people of a round are sorted, and how their states look and are called."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from queries.boards import Row
from rules.texts import _

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "done": ("good", _("已完成")),
    "open": ("wait", _("未完成")),
    "missing": ("none", _("未报名")),
    "withdrawn": ("none", _("已撤回")),
    "left": ("none", _("已离开")),
    "in": ("now", _("在轮")),
}
"""State → look and word."""

ORDERS: Final[Mapping[str, Callable[[Row], Any]]] = {
    "staff_no": lambda row: row.staff_no,
    "name": lambda row: (row.name, row.staff_no),
    "line": lambda row: (row.line, row.staff_no),
    "done": lambda row: (row.done - row.of, row.staff_no),
    "state": lambda row: (row.state, row.outcome, row.staff_no),
}
