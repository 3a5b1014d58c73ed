"""Marks, attendance, examination; panels, and one's own sheets."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from rules.texts import _
from web.api.shapes.common import Code, Exact, Given, Mark, StaffNo, Taken, Words

Status = Literal["scored", "abstained", "recused"]
Attended = Literal["present", "late", "absent", "excused"]
Score = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,2})(\.[0-9]{1,12})?$"),
    Field(description=_("0 至 100"), examples=["86.5"]),
]


class MarkOut(Given):
    """One reviewer's mark for one candidate on one criterion; reviewers go by their number in the round."""

    staff_no: StaffNo
    reviewer_no: str = Field(examples=["R03"])
    criterion: str = Field(examples=["empathy"])
    mark: Exact | None = Field(examples=["8.5"])
    status: Status
    comment: str | None = Field(examples=[None])


class MarkRow(Taken):
    """A mark as HR enters it from paper; a mark goes with ``scored``, and with nothing else."""

    staff_no: StaffNo
    reviewer_no: StaffNo = Field(examples=["R03"])
    criterion: Code = Field(examples=["empathy"])
    mark: Mark | None = None
    status: Status
    comment: Words | None = Field(None, examples=[None])


class PanelOut(Given):
    """Who is to score a candidate; whoever was ``replaced`` does it no more, but for sheets that are filed."""

    staff_no: StaffNo
    reviewers: list[str] = Field(description=_("评委在本轮的编号"), examples=[["R01", "R03", "R05"]])
    replaced: list[str] = Field(examples=[[]])


class AttendanceRow(Taken):
    """Whether somebody was at one session; sessions are numbered from 1."""

    staff_no: StaffNo
    session: Annotated[int, Field(ge=1, le=999_999, examples=[1])]
    status: Attended


class AttendanceOut(Given):
    """Whether somebody was at one session."""

    staff_no: StaffNo
    session: int = Field(examples=[1])
    status: Attended


class ExamRow(Taken):
    """A score in one area of the examination; null: took no part."""

    staff_no: StaffNo
    area: Code = Field(examples=["product"])
    score: Score | None = None


class ExamOut(Given):
    """A score in one area of the examination."""

    staff_no: StaffNo
    area: str = Field(examples=["product"])
    score: Exact | None = Field(examples=["86.5"])


class MarkIn(Taken):
    """One's own mark on one criterion."""

    criterion: Code = Field(examples=["empathy"])
    mark: Mark
    comment: Words | None = Field(None, examples=[_("先共情、再复述")])


class SheetBody(Taken):
    """One's own sheet: all marks with status ``scored``, or none and a reason with ``abstained`` or ``recused``."""

    status: Status
    marks: Annotated[list[MarkIn], Field(max_length=50, default_factory=list)]
    reason: Words | None = Field(None, examples=[None])
    version: Annotated[int, Field(ge=0, le=1_000_000_000, description=_("读到的版本；还没有的为 0"), examples=[0])]


class SheetMark(Given):
    """What stands on one's own sheet for one criterion."""

    criterion: str = Field(examples=["empathy"])
    weight: Exact = Field(examples=["40"])
    max: Exact = Field(examples=["10"])
    mark: str = Field(examples=["8.5"])
    comment: str = Field(examples=[_("先共情、再复述")])


class SheetOut(Given):
    """One's own sheet for one candidate."""

    stage: str = Field(examples=["interview"])
    staff_no: StaffNo
    reviewer_no: str = Field(examples=["R03"])
    state: str = Field(examples=["filed"])
    status: str = Field(examples=["scored"])
    version: int = Field(examples=[1])
    marks: list[SheetMark]


class SheetPlace(Given):
    """One of one's own sheets, and where it stands."""

    staff_no: StaffNo
    state: str = Field(examples=["open"])
