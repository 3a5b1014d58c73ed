"""What a candidate's result says of the others: counted once for everybody's view, and only counted."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from reports.candidate_result import short_lists
from reports.candidate_result.short_lists import Compared
from reports.candidate_result.view import CandidateResult, Contest, ExtraTest, Tie
from reports.entries import Entry
from reports.field import Field, gather
from rules import unused_seats
from rules.policies import Policy
from rules.unused_seats import Place, UnusedSeats
from rules.workdays import NoticePeriod


@dataclass(frozen=True, slots=True)
class Background:
    """A decided round without its people; ``ranks`` are sorted, by line; ``all_ranks`` those of all lines."""

    policy: Policy
    issued: datetime
    notice: NoticePeriod | None
    field: Field
    seats: Mapping[str, int]
    heads: Mapping[str, int]
    held: Mapping[str, int]
    taking_part: Mapping[str, int]
    ranks: Mapping[str, Sequence[int]]
    all_ranks: Sequence[int]
    ties: Mapping[str, Tie]
    tests: Mapping[str, ExtraTest]
    compared: Mapping[str, Compared]
    unused: UnusedSeats
    places: Mapping[str, Place]

    def view(self, entry: Entry) -> CandidateResult:
        """Return one applicant's view."""
        no, line = entry.person.staff_no, entry.person.business_line
        reached = [s for s in self.policy.stages if s.key in self.compared and s.key in entry.stages]
        return CandidateResult(
            policy=self.policy,
            entry=entry,
            issued=self.issued,
            contest=self._contest(entry),
            field=self.field,
            tie=self.ties.get(no),
            short_lists=tuple(
                short_lists.short_list(s, entry, self.compared[s.key].get(line, ()), self.seats.get(line, 0))
                for s in reached
            ),
            shares=tuple((self.policy.lines.get(key, key), n, self.seats[key]) for key, n in self.heads.items()),
            unused=tuple(unused_seats.told(self.policy, self.unused, staff_no=no, places=self.places)),
            by_unused=self.unused.taken_by(no) is not None,
            notice=self.notice,
        )

    def _contest(self, entry: Entry) -> Contest:
        line, rank = entry.person.business_line, entry.rank
        ranks = self.ranks.get(line, ())
        return Contest(
            seats=self.seats.get(line, 0),
            all_seats=sum(self.seats.values()),
            taking_part=self.taking_part.get(line, 0),
            ranked=len(ranks),
            all_ranked=len(self.all_ranks),
            held=self.held.get(line, 0),
            line_rank=None if rank is None else 1 + bisect_left(ranks, rank),
            level=_level(self.all_ranks, rank),
            line_level=_level(ranks, rank),
            extra_test=self.tests.get(entry.person.staff_no),
        )


def background(
    policy: Policy,
    entries: Sequence[Entry],
    *,
    seats: Mapping[str, int],
    heads: Mapping[str, int],
    ranking: Mapping[str, Any],
    issued: datetime,
    notice: NoticePeriod | None = None,
) -> Background:
    """Count everything that the views say of others; ``ranking`` is the working of ``rules.ranking.place``."""
    ranks = _ranks(entries)
    shorts = [s for s in policy.stages if s.advance_per_seat is not None]
    return Background(
        policy=policy,
        issued=issued,
        notice=notice,
        field=gather(entries),
        seats=seats,
        heads=heads,
        held={line: int(part["held"]) for line, part in ranking.get("lines", {}).items()},
        taking_part=Counter(entry.person.business_line for entry in entries if entry.took_part),
        ranks=ranks,
        all_ranks=sorted(chain.from_iterable(ranks.values())),
        ties=dict(_ties(ranking)),
        tests=_extra_tests(ranking),
        compared={stage.key: short_lists.compared(stage, entries) for stage in shorts},
        unused=unused_seats.read(policy, ranking),
        places={e.person.staff_no: Place(e.person.business_line, e.rank) for e in entries if e.rank is not None},
    )


def views(policy: Policy, entries: Sequence[Entry], **decided: Any) -> Iterator[CandidateResult]:  # noqa: ANN401 - as of ``background``
    """Return everybody's view, in the order of ``entries``; what else was decided as of ``background``."""
    yield from map(background(policy, entries, **decided).view, entries)


def _ranks(entries: Sequence[Entry]) -> dict[str, list[int]]:
    ranks: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.rank is not None:
            ranks[entry.person.business_line].append(entry.rank)
    return {line: sorted(found) for line, found in ranks.items()}


def _level(ranks: Sequence[int], rank: int | None) -> int:
    """Return how many others have the same rank."""
    return 0 if rank is None else bisect_right(ranks, rank) - bisect_left(ranks, rank) - 1


def _ties(ranking: Mapping[str, Any]) -> Iterator[tuple[str, Tie]]:
    for tie in ranking.get("ties", ()):
        for no in tie["people"]:
            steps = tuple((step["by"], *_level_and_ahead(no, step["level"])) for step in tie["steps"])
            yield no, Tie(len(tie["people"]) - 1, steps)


def _level_and_ahead(no: str, groups: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return how many others are level with somebody, and how many are ahead; groups stand from the best on."""
    place = next(n for n, group in enumerate(groups) if no in group)
    return len(groups[place]) - 1, sum(map(len, groups[:place]))


def _extra_tests(ranking: Mapping[str, Any]) -> dict[str, ExtraTest]:
    """Return the extra test of everybody who has to take one: of a line's seats, or of those that lines left unused."""
    unused = ranking.get("unused", {})
    parts = [*ranking.get("lines", {}).values(), unused, *unused.get("lines", {}).values()]
    return {no: ExtraTest(int(part["held"]), len(part["tied"]) - 1) for part in parts for no in part.get("tied") or ()}
