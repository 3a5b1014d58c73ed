"""What became of the seats that lines could not fill, as the page of the decision shows it: who competed, in order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kit.i18n import gettext
from queries.decisions import Ranking, Standing
from reports.internal import unused_seats as arithmetic
from reports.internal.blocks import Table
from rules import unused_seats
from rules.policies import Policy
from rules.unused_seats import Share, UnusedSeats


class Competitor(NamedTuple):
    """Somebody who had no seat of their own line; ``rank`` is the one over all lines."""

    rank: int
    name: str
    staff_no: str
    line: str
    final: str
    outcome: str


class Queue(NamedTuple):
    """Who competed for some of the seats, as far down as it was decided; ``line`` is empty where it was over all."""

    line: str
    seats: int
    rows: Sequence[Competitor]
    below: int


class Spare(NamedTuple):
    """``left``: by line, its seats, how many it filled itself, and the rest."""

    left: Sequence[tuple[str, int, int, int]]
    seats: int
    rule: str
    waits: bool
    vacant: int
    queues: Sequence[Queue]
    tables: Sequence[Table]


def spare(policy: Policy, ranking: Ranking, working: Mapping[str, Any]) -> Spare | None:
    """Return what became of the seats that lines could not fill; ``None`` when each filled its own."""
    found = unused_seats.read(policy, working)
    if not found.seats:
        return None
    return Spare(
        left=list(_left(policy, ranking, working, found)),
        seats=found.seats,
        rule=gettext(unused_seats.RULES[found.rule]),
        waits=found.waits,
        vacant=found.vacant,
        queues=[_queue(policy, ranking, found, share) for share in found.shares],
        tables=arithmetic.tables(policy, ranking.heads, working),
    )


def _left(
    policy: Policy, ranking: Ranking, working: Mapping[str, Any], found: UnusedSeats
) -> Iterator[tuple[str, int, int, int]]:
    for line, rest in found.left.items():
        own = len(working["lines"][line]["selected"])
        yield policy.lines.get(line, line), ranking.seats.get(line, 0), own, rest


def _queue(policy: Policy, ranking: Ranking, found: UnusedSeats, share: Share) -> Queue:
    """Return who had no seat yet, the best first: those who took one, those who are level, and the next one."""
    there = [row for row in ranking.rows if row.rank and row.staff_no not in found.own and share.line in {"", row.line}]
    there.sort(key=lambda row: (row.rank or 0, row.staff_no))
    last = max((n for n, row in enumerate(there) if row.staff_no in {*share.selected, *share.tied}), default=-1)
    shown = there[: last + 2]
    rows = [_competitor(policy, row) for row in shown]
    return Queue(policy.lines.get(share.line, share.line), share.seats, rows, len(there) - len(shown))


def _competitor(policy: Policy, row: Standing) -> Competitor:
    line = policy.lines.get(row.line, row.line)
    return Competitor(row.rank or 0, row.name, row.staff_no, line, f"{row.final:f}", row.outcome or "")
