"""What the screening report is made of: decided, plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from reports.requirements import rules_of
from rules.policies import Policy
from rules.records import Person
from rules.screening import RuleVerdict, Screened


class Standing(StrEnum):
    """Where a person stands: ``OPEN`` if no rule fails but a record is missing, so that people must look."""

    ELIGIBLE = "eligible"
    OPEN = "open"
    INELIGIBLE = "ineligible"


class Judged(NamedTuple):
    """One person and their screening."""

    person: Person
    screened: Screened

    @property
    def standing(self) -> Standing:
        """Return where the person stands."""
        if self.screened.eligible:
            return Standing.ELIGIBLE
        fails = any(v.verdict == "fail" for v in self.screened.verdicts)
        return Standing.INELIGIBLE if fails else Standing.OPEN


@dataclass(frozen=True, slots=True)
class ScreeningReport:
    """A round's screening; ``seats_working`` is the working of ``rules.seats.allot``."""

    policy: Policy
    policy_sha256: str
    issued: datetime
    people: Sequence[Judged]
    heads: Mapping[str, int]
    seats: Mapping[str, int]
    seats_working: Sequence[Mapping[str, Any]]


def in_order(policy: Policy, verdicts: Sequence[RuleVerdict]) -> list[RuleVerdict]:
    """Return a person's verdicts in the order of the policy's rules."""
    by_rule = {verdict.rule: verdict for verdict in verdicts}
    return [by_rule[rule] for rule in rules_of(policy) if rule in by_rule]
