"""The kinds of stages that a policy may have, and who leaves at a stage.

A new kind is one file with a class like these, registered in ``KINDS``; nothing else asks for a stage's kind.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final, Protocol

from rules.policies import Rounding, StagePolicy
from rules.records import Evidence
from rules.review import Review
from rules.scoring import Scored
from rules.training import Training


class StageKind(Protocol):
    """How one kind of stage is scored."""

    name: str
    books: tuple[str, ...]
    """What a stage of this kind is scored from: parts of the evidence."""

    def components(self, stage: StagePolicy) -> tuple[str, ...]:
        """Return the components that a stage of this kind produces."""
        ...

    def gate(self, stage: StagePolicy) -> str:
        """Return the component that pass mark and short-listing look at."""
        ...

    def score(
        self, stage: StagePolicy, evidence: Evidence, candidates: Collection[str], rounding: Rounding
    ) -> dict[str, Scored]:
        """Score every candidate of the stage."""
        ...


KINDS: Final[dict[str, StageKind]] = {kind.name: kind for kind in (Review(), Training())}


def pass_gate(
    stage: StagePolicy, scored: Mapping[str, Scored], lines: Mapping[str, str], seats: Mapping[str, int]
) -> dict[str, str | None]:
    """Return for every candidate why they leave at this stage; ``None`` goes on.

    The kind's own reason comes first, then ``pass_mark``, then ``short_list`` among those still in.
    """
    gate = KINDS[stage.kind].gate(stage)
    leaves = {no: one.left or _below(stage, one.components[gate]) for no, one in scored.items()}
    if stage.advance_per_seat is not None:
        values = {no: scored[no].components[gate] for no, leave in leaves.items() if leave is None}
        for no in values.keys() - _short_listed(values, lines, seats, stage.advance_per_seat):
            leaves[no] = "short_list"
    return leaves


def _below(stage: StagePolicy, value: Decimal) -> str | None:
    return "pass_mark" if value < stage.pass_mark else None


def _short_listed(
    values: Mapping[str, Decimal], lines: Mapping[str, str], seats: Mapping[str, int], per_seat: int
) -> set[str]:
    by_line: dict[str, list[str]] = defaultdict(list)
    for no in values:
        by_line[lines[no]].append(no)
    chosen: set[str] = set()
    for line, people in by_line.items():
        places = per_seat * seats[line]
        if places:
            cut = sorted((values[no] for no in people), reverse=True)[:places][-1]
            chosen |= {no for no in people if values[no] >= cut}
    return chosen
