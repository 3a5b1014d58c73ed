"""One applicant's round as it was decided: what candidates' results and the score book are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from rules.records import Person
from rules.screening import Screened


@dataclass(frozen=True, slots=True)
class StageScore:
    """One stage that the person entered: ``rules.scoring.Scored`` as it was stored.

    ``left`` says why the person left there: a reason of the stage's kind, ``pass_mark`` or ``short_list``.
    """

    components: Mapping[str, Decimal]
    working: Mapping[str, Any]
    left: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One applicant; ``stages`` by stage key, only those entered; ``working`` is that of the final score."""

    person: Person
    outcome: str
    applied_at: datetime | None = None
    screened: Screened | None = None
    stages: Mapping[str, StageScore] = field(default_factory=dict)
    final: Decimal | None = None
    rank: int | None = None
    working: Mapping[str, Any] = field(default_factory=dict)

    @property
    def components(self) -> dict[str, Decimal]:
        """Return every component that was computed."""
        return {key: value for score in self.stages.values() for key, value in score.components.items()}

    @property
    def took_part(self) -> bool:
        """Tell whether the person entered the first stage."""
        return self.outcome not in {"withdrawn", "early", "late", "ineligible"}
