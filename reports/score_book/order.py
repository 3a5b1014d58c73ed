"""The order of the score book: by rank, then those who left, the later the stage the earlier, then who did not enter.

Level people share a rank; beside each other they stand by staff number, which decides nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from kit.i18n import gettext as _
from reports import outcomes
from reports.entries import Entry
from reports.score_book.view import ScoreBook
from rules.policies import Policy
from rules.stages import KINDS


class Group(NamedTuple):
    """People who got equally far, in order."""

    title: str
    people: Sequence[Entry]

    def part(self, first: int, end: int) -> "Group":
        """Return some of them, under a title that says so."""
        return Group(self.title if first == 0 else _("{title}，续").format(title=self.title), self.people[first:end])


def groups(view: ScoreBook) -> Iterator[Group]:
    """Return everybody in groups, those that are empty left out."""
    ranked = [entry for entry in view.entries if entry.rank is not None]
    yield from _group(_("完成全部环节，进入排名"), ranked, lambda entry: Decimal(-(entry.rank or 0)))
    unranked: dict[str, list[Entry]] = {}
    for entry in view.entries:
        if entry.rank is None:
            unranked.setdefault(entry.outcome, []).append(entry)
    for outcome in _outcomes(view.policy):
        found = unranked.pop(outcome, [])
        yield from _group(outcomes.outcome(view.policy, outcome), found, partial(_score, view, outcome))
    for outcome, found in sorted(unranked.items()):
        yield from _group(outcomes.outcome(view.policy, outcome), found, lambda _entry: Decimal(0))


def _outcomes(policy: Policy) -> list[str]:
    stages = [f"eliminated:{stage.key}" for stage in reversed(policy.stages)]
    return ["eliminated:final", *stages, "ineligible", "late", "early", "withdrawn"]


def _group(title: str, entries: list[Entry], score: Callable[[Entry], Decimal]) -> Iterator[Group]:
    if entries:
        ordered = sorted(entries, key=lambda entry: (-score(entry), entry.person.staff_no))
        yield Group(_("{title}（{count}人）").format(title=title, count=len(entries)), ordered)


def _score(view: ScoreBook, outcome: str, entry: Entry) -> Decimal:
    """Return what decided where a person left; less than any score if there is none."""
    if entry.final is not None:
        return entry.final
    key = outcome.removeprefix("eliminated:")
    stage = next((s for s in view.policy.stages if s.key == key), None)
    none = Decimal(-1)
    return entry.components.get(KINDS[stage.kind].gate(stage), none) if stage else none
