"""What the score book is made of: decided, plain values."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from reports.entries import Entry
from rules.policies import Policy
from rules.stages import KINDS


@dataclass(frozen=True)
class ScoreBook:
    """A decided round; ``ranking`` is the working of ``rules.ranking.place``, ``seats_working`` that of the seats."""

    policy: Policy
    policy_sha256: str
    issued: datetime
    entries: Sequence[Entry]
    heads: Mapping[str, int]
    seats: Mapping[str, int]
    seats_working: Sequence[Mapping[str, Any]]
    ranking: Mapping[str, Any]

    @cached_property
    def by_no(self) -> Mapping[str, Entry]:
        """Return everybody's entry by staff number."""
        return {entry.person.staff_no: entry for entry in self.entries}

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Return every component that the policy's stages produce, in their order."""
        return tuple(key for stage in self.policy.stages for key in KINDS[stage.kind].components(stage))

    @cached_property
    def line_ranks(self) -> Mapping[str, int]:
        """Return the rank within the own business line of everybody who has a rank."""
        ranks: dict[str, list[int]] = defaultdict(list)
        ranked = [(entry.person, entry.rank) for entry in self.entries if entry.rank is not None]
        for person, rank in ranked:
            ranks[person.business_line].append(rank)
        for own in ranks.values():
            own.sort()
        return {person.staff_no: 1 + bisect_left(ranks[person.business_line], rank) for person, rank in ranked}

    def line(self, entry: Entry) -> str:
        """Return the name of a person's business line."""
        key = entry.person.business_line
        return self.policy.lines.get(key, key)
