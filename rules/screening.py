"""Screening: every rule of the policy judges every person, and says why.

A verdict is ``pass``, ``relaxed`` (by the special channel), ``fail`` or ``unknown`` (a record that the rule needs is
missing, and the rule does not fail without it). Eligible = every verdict is ``pass`` or ``relaxed``.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from rules import near_misses
from rules.eligibility import FAIL, RELAXED, UNKNOWN, RuleVerdict, judges, special_keys
from rules.policies import Policy
from rules.reasons import explain
from rules.records import Personnel

__all__ = ["RuleVerdict", "Screened", "explain", "screen"]


class Screened(NamedTuple):
    """One person's screening; ``qualifies_on`` is the day from which a near miss would qualify, records unchanged."""

    staff_no: str
    eligible: bool
    channel: str
    verdicts: tuple[RuleVerdict, ...]
    qualifies_on: date | None


def screen(policy: Policy, personnel: Personnel) -> Iterator[Screened]:
    """Screen everyone in ``personnel.people``, in their order, as of the policy's day."""
    rules, held = judges(policy, personnel), special_keys(policy, personnel)
    missed = near_misses.finder(policy, personnel, held)
    for person in personnel.people:
        keys = held(person.staff_no, policy.as_of)
        verdicts = tuple(judge(person, policy.as_of, keys) for judge in rules)
        words = {v.verdict for v in verdicts}
        eligible = FAIL not in words and UNKNOWN not in words
        channel = "special" if eligible and RELAXED in words else "standard"
        day = None if eligible else missed(person, verdicts, rules)
        yield Screened(person.staff_no, eligible, channel, verdicts, day)
