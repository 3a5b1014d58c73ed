"""Results with their arithmetic, and documents."""

from typing import Any
from uuid import UUID

from pydantic import Field

from rules.texts import _
from web.api.shapes.applications import OUTCOMES
from web.api.shapes.common import Digest, Exact, Given, Instant, StaffNo


class ResultOut(Given):
    """Where an applicant stands after the decision; the final working is the sum line by line."""

    staff_no: StaffNo
    outcome: str = Field(description=OUTCOMES, examples=["selected"])
    rank: int | None = Field(examples=[1])
    final: Exact | None
    components: dict[str, Exact] = Field(examples=[{"interview": "90.00", "theory.exam": "74.50"}])
    working: dict[str, Any] = Field(examples=[{"sum": "82.45"}])


class StageWorking(Given):
    """How one stage was counted for this candidate, and why the candidate left there, if so."""

    stage: str = Field(examples=["interview"])
    left: str | None = Field(examples=[None])
    working: Any = Field(examples=[{"score": "90.00"}])


class ResultWhole(ResultOut):
    """A result with the working of every stage."""

    stages: list[StageWorking]


class DocumentOut(Given):
    """A document that was made once and is kept; a later one of the same kind is a new version beside it."""

    id: UUID = Field(examples=["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
    kind: str = Field(examples=["announcement"])
    staff_no: str = Field(description=_("属于谁；本轮的文档为空"), examples=[""])
    version: int = Field(examples=[1])
    name: str = Field(examples=[_("公示.pdf")])
    media_type: str = Field(examples=["application/pdf"])
    sha256: Digest
    made_at: Instant
