"""What a candidate's own result is made of: decided, plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reports.entries import Entry
from reports.field import Field
from rules.policies import Policy
from rules.texts import Text
from rules.workdays import NoticePeriod


@dataclass(frozen=True, slots=True)
class Tie:
    """Others with the same final score: how many, and how many were level and ahead after each step of the chain."""

    others: int
    steps: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class ExtraTest:
    """An extra test that decides about seats: how many are held, and how many others take part in it."""

    seats: int
    others: int


@dataclass(frozen=True, slots=True)
class ShortList:
    """The short-list of a stage in the person's line: how many were compared, and the person's place among them.

    ``cut`` is the lowest score that went on; none where so few went on that it would tell somebody's score.
    """

    stage: str
    places: int
    compared: int
    place: int | None = None
    cut: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """How many competed for what, in the person's line and altogether; ``held`` seats of the line are not given yet.

    ``level`` others share the person's rank, ``line_level`` of them in the same line.
    """

    seats: int
    all_seats: int
    taking_part: int
    ranked: int
    all_ranked: int
    held: int = 0
    line_rank: int | None = None
    level: int = 0
    line_level: int = 0
    extra_test: ExtraTest | None = None


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """One candidate's result; ``short_lists`` those of the stages that the person reached.

    ``shares``: each line's name, people and seats; ``unused``: what became of seats that a line could not fill, in
    sentences; ``by_unused``: the person took one.
    """

    policy: Policy
    entry: Entry
    issued: datetime
    contest: Contest
    field: Field
    tie: Tie | None = None
    short_lists: tuple[ShortList, ...] = ()
    shares: tuple[tuple[str, int, int], ...] = ()
    unused: tuple[Text, ...] = ()
    by_unused: bool = False
    notice: NoticePeriod | None = None

    @property
    def line(self) -> str:
        """Return the name of the person's business line."""
        key = self.entry.person.business_line
        return self.policy.lines.get(key, key)

    def short_list(self, stage: str) -> ShortList | None:
        """Return the short-list of a stage, if it has one."""
        return next((one for one in self.short_lists if one.stage == stage), None)
