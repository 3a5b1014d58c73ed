"""The short-list of a stage: whose scores it compared, line by line, and where one of them stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from reports.candidate_result.view import ShortList
from reports.entries import Entry
from reports.field import FLOOR
from rules.policies import StagePolicy
from rules.stages import KINDS

SHORT_LIST = "short_list"
"""Why somebody left who met the stage's pass mark."""

Compared = Mapping[str, Sequence[tuple[Decimal, bool]]]
"""By line the scores that a short-list compared, and whether each went on; highest first."""


def compared(stage: StagePolicy, entries: Sequence[Entry]) -> Compared:
    """Return what the short-list of a stage compared."""
    gate, found = KINDS[stage.kind].gate(stage), defaultdict[str, list[tuple[Decimal, bool]]](list)
    for entry in entries:
        score = entry.stages.get(stage.key)
        if score and score.left in {None, SHORT_LIST}:
            found[entry.person.business_line].append((score.components[gate], score.left is None))
    return {line: sorted(scores, reverse=True) for line, scores in found.items()}


def short_list(stage: StagePolicy, entry: Entry, scores: Sequence[tuple[Decimal, bool]], seats: int) -> ShortList:
    """Return where somebody who reached a stage stands in its short-list; ``scores``: those of their line."""
    score, gate = entry.stages[stage.key], KINDS[stage.kind].gate(stage)
    went_on = [value for value, on in scores if on]
    place = None
    if score.left in {None, SHORT_LIST}:
        place = 1 + sum(value > score.components[gate] for value, _on in scores)
    return ShortList(
        stage=stage.key,
        places=(stage.advance_per_seat or 0) * seats,
        compared=len(scores),
        place=place,
        cut=went_on[-1] if len(went_on) >= FLOOR else None,
    )
