"""What a candidate's own result is made of: decided, plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reports.entries import Entry
from reports.field import Field
from rules.policies import Policy
from rules.workdays import NoticePeriod


@dataclass(frozen=True, slots=True)
class Tie:
    """Others with the same final score: how many, and how many were still level after each step of the chain."""

    others: int
    steps: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """How many competed for what, in the person's line and altogether; ``held`` seats wait for an extra test."""

    seats: int
    all_seats: int
    taking_part: int
    all_taking_part: int
    ranked: int
    all_ranked: int
    held: int = 0
    line_rank: int | None = None


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """One candidate's result; ``cuts``: by stage, the lowest score that was short-listed in the person's line."""

    policy: Policy
    entry: Entry
    issued: datetime
    contest: Contest
    field: Field
    tie: Tie | None = None
    cuts: tuple[tuple[str, Decimal], ...] = ()
    notice: NoticePeriod | None = None
