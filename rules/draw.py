"""Draw panels by lot: balanced, never against a recusal, and repeatable by anybody who knows the seed.

The lot is the SHA-256 of seed, candidate and reviewer: no generator of a language is needed to draw once more.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from rules.conflicts import conflict
from rules.records import Person
from rules.texts import Text


class Judge(NamedTuple):
    """A reviewer who takes part in the draw; ``person``: who it is in the directory, if anybody."""

    reviewer_no: str
    name: str
    staff_no: str | None = None
    person: Person | None = None


class Short(NamedTuple):
    """A candidate for whom there are too few reviewers: how many are missing, and who may not and why."""

    staff_no: str
    missing: int
    against: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: the new reviewers of each candidate, everybody's load with what they had, and who is short."""

    panels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    short: list[Short] = field(default_factory=list)


def draw(
    candidates: Sequence[Person],
    judges: Sequence[Judge],
    *,
    each: int,
    seed: str,
    given: Mapping[str, Iterable[str]] | None = None,
    loads: Mapping[str, int] | None = None,
) -> Drawn:
    """Give every candidate ``each`` reviewers, so that the reviewers' loads differ as little as recusals allow.

    ``given`` are the reviewers whom a candidate has already: they stay and count. ``loads`` are the sheets that
    reviewers have beforehand. The order of the arguments does not matter.
    """
    table = _Table(candidates, judges, each=each, seed=seed, given=given or {}, loads=loads or {})
    table.deal()
    table.balance()
    return table.drawn()


class _Table:
    """The draw while it goes on."""

    def __init__(
        self,
        candidates: Sequence[Person],
        judges: Sequence[Judge],
        *,
        each: int,
        seed: str,
        given: Mapping[str, Iterable[str]],
        loads: Mapping[str, int],
    ) -> None:
        self._each, self._seed = each, seed
        judges = sorted(judges, key=lambda j: j.reviewer_no)
        self._judges = {j.reviewer_no: j for j in judges}
        self._order = sorted(candidates, key=lambda c: (_lot(seed, c.staff_no), c.staff_no))
        self._given = {c.staff_no: set(given.get(c.staff_no, ())) for c in candidates}
        self._against = {c.staff_no: _against(judges, c) for c in candidates}
        self._may = {c.staff_no: [no for no in self._judges if no not in self._against[c.staff_no]] for c in candidates}
        self._loads = {no: loads.get(no, 0) for no in self._judges}
        self._drawn: dict[str, set[str]] = {c.staff_no: set() for c in candidates}
        self._of: dict[str, set[str]] = {no: set() for no in self._judges}

    def deal(self) -> None:
        """Give each candidate in turn the least loaded reviewers; the lot decides between level ones."""
        for candidate in self._order:
            no = candidate.staff_no
            wanted = self._each - len(self._given[no])
            free = [r for r in self._may[no] if r not in self._given[no]]
            for reviewer in sorted(free, key=self._turn(no))[: max(wanted, 0)]:
                self._give(no, reviewer)

    def _turn(self, candidate: str) -> Callable[[str], tuple[int, str]]:
        return lambda reviewer: (self._loads[reviewer], _lot(self._seed, candidate, reviewer))

    def _give(self, candidate: str, reviewer: str) -> None:
        self._drawn[candidate].add(reviewer)
        self._of[reviewer].add(candidate)
        self._loads[reviewer] += 1

    def _take(self, candidate: str, reviewer: str) -> None:
        self._drawn[candidate].remove(reviewer)
        self._of[reviewer].remove(candidate)
        self._loads[reviewer] -= 1

    def balance(self) -> None:
        """Pass candidates on along chains of reviewers, as long as that brings two loads nearer to each other."""
        while chain := self._chain():
            for candidate, from_no, to_no in chain:
                self._take(candidate, from_no)
                self._give(candidate, to_no)

    def _chain(self) -> list[tuple[str, str, str]]:
        for start in sorted(self._loads, key=lambda no: (-self._loads[no], _lot(self._seed, no))):
            if self._loads[start] - min(self._loads.values()) < 2:  # noqa: PLR2004 - passing one on brings nothing nearer
                break
            if found := self._chain_from(start):
                return found
        return []

    def _chain_from(self, start: str) -> list[tuple[str, str, str]]:
        """Return the shortest way to pass one candidate on from a reviewer to one with at least two fewer."""
        came: dict[str, tuple[str, str]] = {}
        queue, seen = deque([start]), {start}
        while queue:
            here = queue.popleft()
            if self._loads[here] <= self._loads[start] - 2:
                return _way(came, start, here)
            for candidate in sorted(self._of[here], key=lambda c: _lot(self._seed, c, here)):
                for to in self._may[candidate]:
                    if to in seen or to in self._drawn[candidate] or to in self._given[candidate]:
                        continue
                    seen.add(to)
                    came[to] = (here, candidate)
                    queue.append(to)
        return []

    def drawn(self) -> Drawn:
        """Return what was drawn."""
        short = []
        for candidate in self._order:
            no = candidate.staff_no
            missing = self._each - len(self._given[no]) - len(self._drawn[no])
            if missing > 0:
                against = ((self._judges[r].name, why) for r, why in self._against[no].items())
                short.append(Short(no, missing, tuple(against)))
        panels = {no: tuple(sorted(reviewers)) for no, reviewers in sorted(self._drawn.items()) if reviewers}
        return Drawn(panels, dict(sorted(self._loads.items())), sorted(short))


def _way(came: Mapping[str, tuple[str, str]], start: str, end: str) -> list[tuple[str, str, str]]:
    steps = []
    while end != start:
        before, candidate = came[end]
        steps.append((candidate, before, end))
        end = before
    return steps  # from the far end, so that nobody is passed on before there is room


def _against(judges: Sequence[Judge], candidate: Person) -> dict[str, Text]:
    found = {j.reviewer_no: conflict(j.staff_no, j.person, candidate) for j in judges}
    return {no: why for no, why in found.items() if why}


def _lot(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()
