"""The ground of all that the API takes and gives. Exact numbers are texts; nothing extra is taken.

Every field has an example, or is made of fields that have: the examples of the document are put together from them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from forms.cells import LONGEST_LINE, LONGEST_NUMBER
from rules.texts import _

T = TypeVar("T")
Row = TypeVar("Row")

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
StaffNo = Annotated[
    str, StringConstraints(pattern=NUMBER, min_length=1, max_length=LONGEST_NUMBER), Field(examples=["000042"])
]
Code = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=64)]
Words = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=1000)]
Reason = Annotated[Words, Field(description=_("理由；会记入留痕"), examples=[_("人事系统更正")])]
Mark = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$"), Field(examples=["8.5"])]
Limit = Annotated[int, Field(ge=1, le=200)]
Exact = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["82.45"]}),
]
"""A number with exactly the digits that count."""

Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2021-03-01"]}),
]
Digest = Annotated[
    str, Field(description="SHA-256", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
]


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value


Instant = Annotated[datetime, AfterValidator(_with_zone), Field(examples=["2026-10-21T10:00:00Z"])]


class Given(BaseModel):
    """Something that the API gives."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Taken(BaseModel):
    """Something that the API takes: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Page(Given, Generic[T]):
    """One page of a list; the next begins after ``next`` (``?after=…``), which is null on the last."""

    items: list[T]
    next: str | None = Field(description=_("下一页的 after；最后一页为 null"), examples=[None])

    @classmethod
    def of(cls, found: Sequence[Row], limit: int, *, shown: Callable[[Row], T], key: Callable[[Row], object]) -> Self:
        """Return a page of at most ``limit`` rows; one row more in ``found`` says that there is another page."""
        here = found[:limit]
        return cls(items=[shown(row) for row in here], next=str(key(here[-1])) if found[limit:] else None)


class Listed(Given, Generic[T]):
    """A whole list."""

    items: list[T]


class Rows(Taken, Generic[T]):
    """Rows to take in, all or none: new ones in, equal ones left alone, changed ones only with a ``reason``."""

    rows: Annotated[list[T], Field(min_length=1, max_length=1000)]
    reason: Reason | None = Field(None, description=_("更正已录入的行时必填"), examples=[None])


class Counts(Given):
    """How many rows were new, equal to what was there, changed, or not taken in; ``notes`` say why not."""

    new: int = Field(description=_("新录入的行"), examples=[1])
    same: int = Field(description=_("与已录入的相同，什么也没有变的行"), examples=[0])
    changed: int = Field(description=_("更正的行"), examples=[0])
    ignored: int = Field(0, description=_("没有录入的行，如不在名册中的人"), examples=[0])
    notes: list[str] = Field(default=[], description=_("没有录入的原因"), examples=[[]])


class Fault(Given):
    """One thing that is wrong in what was sent."""

    where: str = Field(examples=["body.rows.0.hired_on"])
    detail: str = Field(examples=[_("没有这一天，请核对日期")])


class Problem(Given):
    """Why something was refused (RFC 9457): ``code``, ``where`` for programs, ``title``, ``detail`` for people."""

    type: str = Field(description=_("问题的种类，也是接口说明中的位置"), examples=["/api/v1/docs#invalid"])
    title: str = Field(examples=[_("提交的内容不合规则")])
    status: int = Field(examples=[422])
    detail: str = Field(examples=[_("没有这一天，请核对日期")])
    code: str = Field(examples=["invalid"])
    where: str = Field(description=_("请求中的位置；与某一处无关时为空"), examples=["body.rows.0.hired_on"])
    errors: list[Fault] | None = Field(None, description=_("不止一处时，逐处列出（最多 20 处）"))
