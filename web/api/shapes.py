"""What the API takes and gives, as its document says it. Exact numbers are texts; nothing extra is taken."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from forms.cells import LONGEST_LINE, LONGEST_NUMBER

T = TypeVar("T")

# One line, no blanks at its ends, none of the characters that forms.characters calls unseen.
_HIDDEN: Final = (
    r"\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff"
    r"\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
)
_BLANK: Final = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_EDGE: Final = f"[^{_HIDDEN}{_BLANK}]"
LINE: Final = f"^{_EDGE}(?:[^{_HIDDEN}]*{_EDGE})?$"
_FILES: Final = r'/\\:*?"<>|'
NUMBER: Final = f"^[^{_HIDDEN}{_BLANK}{_FILES}.](?:[^{_HIDDEN}{_FILES}]*[^{_HIDDEN}{_BLANK}{_FILES}])?$"
"""A staff number becomes the name of a folder in a bundle."""

Line = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=LONGEST_LINE)]
StaffNo = Annotated[str, StringConstraints(pattern=NUMBER, min_length=1, max_length=LONGEST_NUMBER)]
Code = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=64)]
Words = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=1000)]
Mark = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$")]
Limit = Annotated[int, Field(ge=1, le=200, description="How many at most")]
Exact = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["82.45"]}),
]
"""A number with exactly the digits that count."""


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value


Instant = Annotated[datetime, AfterValidator(_with_zone)]


class Given(BaseModel):
    """Something that the API gives."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Taken(BaseModel):
    """Something that the API takes: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Page(Given, Generic[T]):
    """One page of a list; the next begins after ``next`` (``?after=…``), which is null on the last."""

    items: list[T]
    next: str | None


class Fault(Given):
    """One thing that is wrong in what was sent."""

    where: str
    message: str


class Problem(Given):
    """Why it was refused: a code for programs, a text for people, and the place in the request."""

    code: str
    message: str
    where: str
    faults: list[Fault] | None = None


class Refusal(Given):
    """What every refusal says."""

    error: Problem


class RoundOut(Given):
    """A round."""

    code: str
    title: str
    mode: Literal["live", "replay", "rehearsal"]
    state: Literal["running", "finished", "cancelled"]
    time_zone: str
    launched_at: Instant
    ended_at: Instant | None
    policy_sha256: str


class StageOut(Given):
    """A step of a round; those that every round has begin with an underline."""

    key: str
    name: str
    kind: str
    position: int
    state: Literal["pending", "open", "closed", "done"]
    opens_at: Instant | None
    closes_at: Instant | None
    opened_at: Instant | None
    closed_at: Instant | None
    tallied_at: Instant | None


class RoundWhole(RoundOut):
    """A round with its steps in order and how many people it has."""

    stages: list[StageOut]
    screened: int
    eligible: int
    applied: int
    still_in: int


class StagesOut(Given):
    """The steps of a round, in order."""

    items: list[StageOut]


class PersonOut(Given):
    """A member of staff; ``active`` is false for one who has left."""

    staff_no: str
    name: str
    business_line: str
    team: str | None
    grade: str | None
    hired_on: date | None
    in_grade_since: date | None
    manager_no: str | None
    email: str | None
    active: bool


Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2021-03-01"]}),
]


class PersonFields(Taken):
    """What the directory is to say of a person; null: not known."""

    name: Line
    business_line: Line
    team: Line | None = None
    grade: Line | None = None
    hired_on: Day | None = None
    in_grade_since: Day | None = None
    manager_no: StaffNo | None = None
    email: Line | None = None


class PersonBody(PersonFields):
    """What the directory is to say of a person; null: not known. ``reason`` is needed to change what is there."""

    reason: Words | None = None


class PersonRow(PersonFields):
    """One person of an import."""

    staff_no: StaffNo


class ImportBody(Taken):
    """People to take in: new ones in, equal ones left alone, changed ones only with a ``reason``."""

    people: Annotated[list[PersonRow], Field(min_length=1, max_length=1000)]
    reason: Words | None = None


class ImportOut(Given):
    """How many people were new, equal to what was there, or changed."""

    new: int
    same: int
    changed: int


class ApplicationOut(Given):
    """Where somebody's application stands: what counts is the latest act of applying or withdrawing."""

    staff_no: str
    applied_at: Instant
    status: Literal["submitted", "withdrawn"]
    outcome: str | None


class ApplyBody(Taken):
    """An application; what is said of the person must be ``submitted``."""

    status: Literal["submitted"]


class MarkOut(Given):
    """One reviewer's mark for one candidate on one criterion; reviewers go by their number in the round."""

    staff_no: str
    reviewer_no: str
    criterion: str
    mark: Exact | None
    status: Literal["scored", "abstained", "recused"]
    comment: str | None


class MarkIn(Taken):
    """One's own mark on one criterion."""

    criterion: Code
    mark: Mark
    comment: Words | None = None


class SheetBody(Taken):
    """One's own sheet: all marks with status ``scored``, or none and a reason with ``abstained`` or ``recused``."""

    status: Literal["scored", "abstained", "recused"]
    marks: Annotated[list[MarkIn], Field(max_length=50)] = []
    reason: Words | None = None
    version: Annotated[int, Field(ge=0, le=1_000_000_000, description="the version that was read; 0: none yet")]


class SheetMark(Given):
    """What stands on one's own sheet for one criterion."""

    criterion: str
    weight: Exact
    max: Exact
    mark: str
    comment: str


class SheetOut(Given):
    """One's own sheet for one candidate."""

    stage: str
    staff_no: str
    reviewer_no: str
    state: str
    status: str
    version: int
    marks: list[SheetMark]


class SheetPlace(Given):
    """One of one's own sheets, and where it stands."""

    staff_no: str
    state: str


class SheetsOut(Given):
    """One's own sheets of a stage, in one's own order."""

    items: list[SheetPlace]


class ResultOut(Given):
    """Where an applicant stands after the decision; the final working is the sum line by line."""

    staff_no: str
    outcome: str
    rank: int | None
    final: Exact | None
    components: dict[str, Exact]
    working: dict[str, Any]


class StageWorking(Given):
    """How one stage was counted for this candidate, and why the candidate left there, if so."""

    stage: str
    left: str | None
    working: Any


class ResultWhole(ResultOut):
    """A result with the working of every stage."""

    stages: list[StageWorking]
