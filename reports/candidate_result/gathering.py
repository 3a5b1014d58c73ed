"""From a decided round to each candidate's view: all that concerns others is counted once, and only counted."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from reports.candidate_result.view import CandidateResult, Contest, ExtraTest, ShortList, Tie
from reports.entries import Entry
from reports.field import FLOOR, gather
from rules.policies import Policy, StagePolicy
from rules.stages import KINDS
from rules.workdays import NoticePeriod

SHORT_LIST = "short_list"
"""Why somebody left who met the stage's pass mark."""


def views(
    policy: Policy,
    entries: Sequence[Entry],
    *,
    seats: Mapping[str, int],
    ranking: Mapping[str, Any],
    issued: datetime,
    notice: NoticePeriod | None = None,
) -> Iterator[CandidateResult]:
    """Return everybody's view, in the order of ``entries``; ``ranking`` is the working of ``rules.ranking.place``."""
    field, ties = gather(entries), _ties(ranking)
    contests = _contests(entries, seats, ranking)
    shorts = [s for s in policy.stages if s.advance_per_seat is not None]
    compared = {stage.key: _compared(stage, entries) for stage in shorts}
    for entry in entries:
        no, line = entry.person.staff_no, entry.person.business_line
        reached = [s for s in shorts if s.key in entry.stages]
        yield CandidateResult(
            policy=policy,
            entry=entry,
            issued=issued,
            contest=contests[no],
            field=field,
            tie=ties.get(no),
            short_lists=tuple(_short_list(s, entry, compared[s.key][line], seats.get(line, 0)) for s in reached),
            notice=notice,
        )


def _ties(ranking: Mapping[str, Any]) -> dict[str, Tie]:
    found = {}
    for tie in ranking.get("ties", ()):
        for no in tie["people"]:
            steps = tuple((step["by"], _level_with(no, step["level"])) for step in tie["steps"])
            found[no] = Tie(len(tie["people"]) - 1, steps)
    return found


def _level_with(no: str, groups: Sequence[Sequence[str]]) -> int:
    return next(len(group) - 1 for group in groups if no in group)


def _contests(entries: Sequence[Entry], seats: Mapping[str, int], ranking: Mapping[str, Any]) -> dict[str, Contest]:
    taking_part = Counter(entry.person.business_line for entry in entries if entry.took_part)
    ranks: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.rank is not None:
            ranks[entry.person.business_line].append(entry.rank)
    for line_ranks in ranks.values():
        line_ranks.sort()
    everybody = sorted(chain.from_iterable(ranks.values()))
    tests, lines = _extra_tests(ranking), ranking.get("lines", {})
    found = {}
    for entry in entries:
        line = entry.person.business_line
        found[entry.person.staff_no] = Contest(
            seats=seats.get(line, 0),
            all_seats=sum(seats.values()),
            taking_part=taking_part[line],
            ranked=len(ranks[line]),
            all_ranked=len(everybody),
            held=int(lines.get(line, {}).get("held", 0)),
            line_rank=None if entry.rank is None else 1 + bisect_left(ranks[line], entry.rank),
            level=_level(everybody, entry.rank),
            line_level=_level(ranks[line], entry.rank),
            extra_test=tests.get(entry.person.staff_no),
        )
    return found


def _level(ranks: Sequence[int], rank: int | None) -> int:
    """Return how many others have the same rank."""
    return 0 if rank is None else bisect_right(ranks, rank) - bisect_left(ranks, rank) - 1


def _extra_tests(ranking: Mapping[str, Any]) -> dict[str, ExtraTest]:
    """Return the extra test of everybody who has to take one: of a line's seats, or of those that lines left unused."""
    unused = ranking.get("unused", {})
    parts = [*ranking.get("lines", {}).values(), unused, *unused.get("lines", {}).values()]
    return {no: ExtraTest(int(part["held"]), len(part["tied"]) - 1) for part in parts for no in part.get("tied") or ()}


def _compared(stage: StagePolicy, entries: Sequence[Entry]) -> dict[str, list[tuple[Decimal, bool]]]:
    """Return by line the scores that a short-list compared, and whether each went on; highest first."""
    gate, found = KINDS[stage.kind].gate(stage), defaultdict[str, list[tuple[Decimal, bool]]](list)
    for entry in entries:
        score = entry.stages.get(stage.key)
        if score and score.left in {None, SHORT_LIST}:
            found[entry.person.business_line].append((score.components[gate], score.left is None))
    for scores in found.values():
        scores.sort(reverse=True)
    return found


def _short_list(stage: StagePolicy, entry: Entry, compared: list[tuple[Decimal, bool]], seats: int) -> ShortList:
    score, gate = entry.stages[stage.key], KINDS[stage.kind].gate(stage)
    went_on = [value for value, on in compared if on]
    place = None
    if score.left in {None, SHORT_LIST}:
        place = 1 + sum(value > score.components[gate] for value, _on in compared)
    return ShortList(
        stage=stage.key,
        places=(stage.advance_per_seat or 0) * seats,
        compared=len(compared),
        place=place,
        cut=went_on[-1] if len(went_on) >= FLOOR else None,
    )
