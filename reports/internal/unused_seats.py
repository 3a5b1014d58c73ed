"""How seats that lines could not fill were shared out once more, step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kit.i18n import gettext as _
from reports.internal import seats
from reports.internal.blocks import Table
from rules.policies import Policy


def tables(policy: Policy, heads: Mapping[str, int], ranking: Mapping[str, Any], *, rest_in: str = "") -> list[Table]:
    """Return the steps, if they were shared out; ``ranking`` is the working of ``rules.ranking.place``."""
    rounds = ranking.get("unused", {}).get("steps", ())
    return [table for n, one in enumerate(rounds, 1) for table in _round(policy, heads, n, one, rest_in)]


def _round(
    policy: Policy, heads: Mapping[str, int], number: int, one: Mapping[str, Any], rest_in: str
) -> Iterator[Table]:
    title = _("空余名额的第{number}次分配").format(number=number)
    for line, most in one["full"].items():
        text = _("；{line}只有{count}人可选，取{count}个，其余名额在其余业务线之间再分配")
        title += text.format(line=policy.lines.get(line, line), count=most)
    there = {line: n for line, n in heads.items() if line in one["shared"]}
    for table in seats.tables(policy, there, one["steps"], rest_in=rest_in):
        yield replace(table, title=title)
