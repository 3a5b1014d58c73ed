"""The ranking of a round as its page shows it: line by line, with seats, the cut, and who is level."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from kit.i18n import say
from queries.decisions import Ranking, Standing
from reports.words import component
from rules import outcomes, unused_seats
from rules.policies import Policy


class Ranked(NamedTuple):
    """One line of the table. All texts are ready to be shown.

    ``level``: others have exactly the same place. ``moved``: selected for a seat that another line could not fill.
    """

    staff_no: str
    name: str
    values: tuple[str, ...]
    final: str
    rank: int
    level: bool
    outcome: str
    moved: bool
    cut: bool = False


class Gone(NamedTuple):
    """Somebody who has no place, with the reason in words."""

    staff_no: str
    name: str
    values: tuple[str, ...]
    final: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One business line: its seats, who is ranked (``cut`` stands at the first below the seats), who left and why."""

    key: str
    name: str
    seats: int
    ranked: list[Ranked]
    gone: list[Gone]
    selected: int
    moved: int
    tied: int
    held: int
    unused: int


def components_of(policy: Policy) -> list[tuple[str, str]]:
    """Return the components that the final score is made of: key, what it is called."""
    return [(key, component(policy, key)) for key in policy.final.weights]


def lines(policy: Policy, ranking: Ranking, working: Mapping[str, Any]) -> Iterator[Line]:
    """Return the lines of a ranking in the order of the policy."""
    keys = list(policy.final.weights)
    words = {o: say(outcomes.said(policy, o or "")) for o in {row.outcome for row in ranking.rows}}
    moved = {no for share in unused_seats.read(policy, working).shares for no in share.selected}
    by_line: dict[str, list[Standing]] = {}
    for row in ranking.rows:
        by_line.setdefault(row.line, []).append(row)
    for key, name in policy.lines.items():
        rows = by_line.get(key, [])
        part = working.get("lines", {}).get(key, {})
        gone = [_gone(row, keys, ranking, words) for row in rows if row.rank is None]
        gone.sort(key=lambda one: (one.word, one.staff_no))
        yield Line(
            key=key,
            name=name,
            seats=ranking.seats.get(key, 0),
            ranked=list(_ranked([row for row in rows if row.rank is not None], keys, ranking, moved)),
            gone=gone,
            selected=sum(row.outcome == "selected" for row in rows),
            moved=sum(row.staff_no in moved for row in rows),
            tied=sum(row.outcome == "tied" for row in rows),
            held=int(part.get("held", 0)),
            unused=int(part.get("unused", 0)),
        )


def _ranked(
    rows: Sequence[Standing], keys: Sequence[str], ranking: Ranking, moved: Collection[str]
) -> Iterator[Ranked]:
    """Return those who have a place: who is level has the same, and stands by staff number."""
    place, above = 1, True
    for _rank, group in groupby(sorted(rows, key=lambda row: (row.rank or 0, row.staff_no)), key=lambda row: row.rank):
        level = list(group)
        for n, row in enumerate(level):
            below = above and n == 0 and row.outcome == "reserve"
            above = above and not below
            final = f"{row.final:f}" if row.final is not None else ""
            values = _values(row, keys, ranking)
            outcome = row.outcome or ""
            was_moved = row.staff_no in moved
            yield Ranked(row.staff_no, row.name, values, final, place, len(level) > 1, outcome, was_moved, below)
        place += len(level)


def _gone(row: Standing, keys: Sequence[str], ranking: Ranking, words: Mapping[str | None, str]) -> Gone:
    final = f"{row.final:f}" if row.final is not None else ""
    return Gone(row.staff_no, row.name, _values(row, keys, ranking), final, words[row.outcome])


def _values(row: Standing, keys: Sequence[str], ranking: Ranking) -> tuple[str, ...]:
    own = ranking.components.get(row.staff_no, {})
    return tuple(f"{own[key]:f}" if key in own else "" for key in keys)
