"""The policy of a round as values: what policy.yaml says, checked and typed.

``forms.policies`` is the only way from a file to a ``Policy``; everything here may be trusted to be complete and
consistent. Numbers are ``Decimal``, read exactly from their text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class SeatMethod(StrEnum):
    """How seats are shared out over the business lines."""

    SAINTE_LAGUE = "sainte_lague"
    DHONDT = "dhondt"
    LARGEST_REMAINDER = "largest_remainder"


class Unused(StrEnum):
    """What becomes of seats that a line cannot fill."""

    VOID = "void"
    BEST_SCORE = "best_score"
    REAPPORTION = "reapportion"


class TrimLevel(StrEnum):
    """Whether the highest and lowest are dropped of the sheets' totals or of each criterion's marks."""

    TOTAL = "total"
    CRITERION = "criterion"


class RoundingMode(StrEnum):
    """What happens to the digits beyond the last."""

    HALF_UP = "half_up"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Every named rounding point of a round uses this one rule."""

    digits: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP


@dataclass(frozen=True, slots=True)
class Post:
    """The post that the round fills."""

    code: str
    name: str
    track: str


@dataclass(frozen=True, slots=True)
class GradeRule:
    """Grade at or above ``at_least`` on the policy's scale."""

    at_least: str


@dataclass(frozen=True, slots=True)
class RatingsRule:
    """So many consecutive ratings at or above ``at_least``; those in ``neutral`` are skipped."""

    at_least: str
    consecutive: int
    neutral: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentsRule:
    """No incident of these severities within the months before ``as_of``."""

    none_of: tuple[str, ...]
    within_months: int


@dataclass(frozen=True, slots=True)
class TenureRule:
    """Completed calendar months since ``counted_from`` (``hired_on`` or ``in_grade_since``)."""

    counted_from: str
    months: int


@dataclass(frozen=True, slots=True)
class KpiRule:
    """The mean of the last ``periods`` periods within the bounds."""

    key: str
    periods: int
    at_most: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The rules of screening; each is optional."""

    grade: GradeRule | None = None
    ratings: RatingsRule | None = None
    incidents: IncidentsRule | None = None
    tenure: TenureRule | None = None
    kpis: tuple[KpiRule, ...] = ()


@dataclass(frozen=True, slots=True)
class HonourKey:
    """An honour that opens the special channel; without ``within_months`` it has no limit."""

    honour: str
    within_months: int | None = None


@dataclass(frozen=True, slots=True)
class CertificateKey:
    """A certificate, valid on ``as_of``, that opens the special channel."""

    certificate: str


@dataclass(frozen=True, slots=True)
class SpecialChannel:
    """Who holds any of ``any_of`` needs only ``tenure_months`` of tenure; nothing else is relaxed."""

    any_of: tuple[HonourKey | CertificateKey, ...]
    tenure_months: int


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats and how they are shared out by business line."""

    seats: int
    by: str
    method: SeatMethod
    minimum: int = 0
    unused: Unused = Unused.VOID


@dataclass(frozen=True, slots=True)
class ApplicationWindow:
    """When people may apply, and what they hand in."""

    opens_at: datetime
    closes_at: datetime
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a mark looks like: so good is what deserves ``at``."""

    at: Decimal
    says: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged: ``weight`` in percent of the sheet, marks from 0 to ``max``, in steps if there are."""

    key: str
    name: str
    weight: Decimal
    max: Decimal
    step: Decimal | None = None
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """How many reviewers are planned and how their sheets are trimmed."""

    reviewers: int | None = None
    quorum: int = 1
    drop_high: int = 0
    drop_low: int = 0
    trim_from: int = 5
    trim_level: TrimLevel = TrimLevel.TOTAL


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """What a stage of kind ``review`` adds to a stage."""

    panel: Panel
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class TrainingTerms:
    """What a stage of kind ``training`` adds: sessions, least attendance (0–100), exam areas with weights."""

    sessions: int
    attendance_at_least: Decimal
    areas: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """One stage as the policy orders it; ``terms`` belong to its kind (see ``rules.stages``)."""

    key: str
    name: str
    kind: str
    terms: Any
    pass_mark: Decimal = Decimal(0)
    advance_per_seat: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grace_hours: int = 0


@dataclass(frozen=True, slots=True)
class Final:
    """How the final score is made of components, and how level people are told apart."""

    weights: Mapping[str, Decimal]
    pass_mark: Decimal = Decimal(0)
    tie_break: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticePolicy:
    """The public notice: its length, and whether the posting day counts."""

    working_days: int = 5
    count_first_day: bool = False
    show_scores: bool = False


class Audience(StrEnum):
    """Whom a rung of the ladder of reminders speaks to."""

    WAITING = "waiting"
    HR = "hr"
    SUBSTITUTE = "substitute"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: so many hours after a deadline (negative: before it), to whom.

    To the ``substitute``: whoever is late hands their open sheets over.
    """

    hours: int
    to: tuple[Audience, ...] = (Audience.WAITING,)


class Deed(StrEnum):
    """What HR may do to a running round, each with a reason; a policy may ask for a second person."""

    EXTEND = "extend"
    CLOSE = "close"
    REOPEN = "reopen"
    REPLACE = "replace"
    HOLD = "hold"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    RESTORE = "restore"
    CORRECT = "correct"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class AppointmentPolicy:
    """How an appointment begins: with so many months of trial (任职考察期), or with none."""

    trial_months: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who issues the documents and takes objections; every part may be empty."""

    name: str = ""
    department: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A complete, consistent policy."""

    version: int
    code: str
    title: str
    post: Post
    as_of: date
    lines: Mapping[str, str]
    grades: tuple[str, ...]
    ratings: tuple[str, ...]
    eligibility: Eligibility
    quota: Quota
    applications: ApplicationWindow
    stages: tuple[StagePolicy, ...]
    final: Final
    special_channel: SpecialChannel | None = None
    rounding: Rounding = Rounding()
    notice: NoticePolicy = NoticePolicy()
    appointment: AppointmentPolicy = AppointmentPolicy()
    organisation: Organisation = Organisation()
    time_zone: str = "Asia/Shanghai"
    confirmations: int = 1
    reminders: tuple[Rung, ...] = ()
    second_person: tuple[Deed, ...] = ()
