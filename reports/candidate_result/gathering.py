"""From a decided round to each candidate's view: all that concerns others is counted once, and only counted."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from reports.candidate_result.view import CandidateResult, Contest, Tie
from reports.entries import Entry
from reports.field import gather
from rules.policies import Policy, StagePolicy
from rules.stages import KINDS
from rules.workdays import NoticePeriod


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
    cuts = {stage.key: _cuts(stage, entries) for stage in policy.stages if stage.advance_per_seat is not None}
    for entry in entries:
        no, line = entry.person.staff_no, entry.person.business_line
        yield CandidateResult(
            policy=policy,
            entry=entry,
            issued=issued,
            contest=contests[no],
            field=field,
            tie=ties.get(no),
            cuts=tuple((stage, by_line[line]) for stage, by_line in cuts.items() if line in by_line),
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
    taking_part: dict[str, int] = defaultdict(int)
    ranks: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        taking_part[entry.person.business_line] += entry.took_part
        if entry.rank is not None:
            ranks[entry.person.business_line].append(entry.rank)
    for line_ranks in ranks.values():
        line_ranks.sort()
    all_seats, everybody = sum(seats.values()), sum(taking_part.values())
    all_ranked = sum(len(found) for found in ranks.values())
    found = {}
    for entry in entries:
        line, rank = entry.person.business_line, entry.rank
        found[entry.person.staff_no] = Contest(
            seats=seats.get(line, 0),
            all_seats=all_seats,
            taking_part=taking_part[line],
            all_taking_part=everybody,
            ranked=len(ranks[line]),
            all_ranked=all_ranked,
            held=_held(entry, ranking),
            line_rank=None if rank is None else 1 + bisect_left(ranks[line], rank),
        )
    return found


def _held(entry: Entry, ranking: Mapping[str, Any]) -> int:
    """Return how many seats wait for the extra test in which the person takes part, else in the person's line."""
    unused = ranking.get("unused", {})
    parts = [*ranking.get("lines", {}).values(), unused, *unused.get("lines", {}).values()]
    for part in parts:
        if entry.person.staff_no in part.get("tied", ()):
            return int(part["held"])
    return int(ranking.get("lines", {}).get(entry.person.business_line, {}).get("held", 0))


def _cuts(stage: StagePolicy, entries: Sequence[Entry]) -> dict[str, Decimal]:
    """Return each line's lowest score among those who went on from a stage."""
    gate, cuts = KINDS[stage.kind].gate(stage), dict[str, Decimal]()
    for entry in entries:
        score = entry.stages.get(stage.key)
        if score and score.left is None:
            line, value = entry.person.business_line, score.components[gate]
            cuts[line] = min(value, cuts.get(line, value))
    return cuts
